import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import * as store from './ledger.store.ts';
import { dayFrom, dayNumber, type Period, stretches } from './period.rules.ts';

type Span = Pick<Period, 'from' | 'to'>;

/** How fresh the numbers are and what is wrong with them. */
export interface Standing {
  asOf: Temporal.Instant | undefined;
  /** What is missing or failed, for people. */
  warnings: readonly string[];
}

/** What is known from when to when, and what does not work: said with every number. */
export function standings({ db }: Pick<CostDeps, 'db'>, today: () => Temporal.PlainDate) {
  /** What there is to know about the data themselves. */
  async function standing(period?: Span, basis: store.Basis = 'actual', at: Db | Tx = db): Promise<Standing> {
    const reads = (await store.reads(at)).filter((read) => read.basis === basis);
    const known = reads.flatMap(({ as_of }) => (as_of ? [Temporal.Instant.from(as_of)] : []));
    const asOf = known.sort(Temporal.Instant.compare)[0];
    const failing = reads.filter(({ error }) => error);
    return {
      asOf,
      warnings: [
        ...(reads.length === 0 || !asOf ? ['No costs have been read from Azure yet.'] : []),
        ...failing.map(
          ({ error, as_of }) =>
            `Azure does not tell more at the moment (${error}); ${as_of ? 'this is what was known before' : 'nothing was known before'}.`,
        ),
        ...(period && asOf ? gaps(await missing(period, basis, at)) : []),
        ...(period && reads.some(({ from_day }) => from_day !== null && dayNumber(period.from) < from_day)
          ? [
              `Costs are known from ${dayFrom(Math.min(...reads.map(({ from_day }) => from_day ?? 99_999_999)))} on; what was before is not in these numbers.`,
            ]
          : []),
        ...reads.flatMap(({ missing: parts }) =>
          parts.filter((part) => !/^\d{4}-\d\d-\d\d$/.test(part)).map((part) => `The export lacks a part: ${part}.`),
        ),
      ],
    };
  }

  /** Days that are over, lie between the first and the last day known, and have no costs at all. */
  async function missing(period: Span, basis: store.Basis, at: Db | Tx = db): Promise<Temporal.PlainDate[]> {
    const { from, to } = period;
    const reads = (await store.reads(at)).filter((read) => read.basis === basis);
    const first = Math.min(...reads.map(({ from_day }) => from_day ?? 99_999_999));
    const last = Math.max(...reads.map(({ to_day }) => to_day ?? 0));
    const due: Temporal.PlainDate[] = [];
    for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
      const number = dayNumber(day);
      if (number >= first && number <= last && !day.equals(today())) due.push(day);
    }
    const there = await store.daysWithCost(at, basis, due.map(dayNumber));
    return due.filter((day) => !there.has(dayNumber(day)));
  }

  return { standing, missing };
}

const gaps = (days: readonly Temporal.PlainDate[]): string[] =>
  days.length === 0
    ? []
    : [`Azure has no costs for ${stretches(days).join(', ')}: the totals are too low by those days.`];
