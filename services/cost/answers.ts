import type { CostDeps } from './deps.ts';
import { type Dimension, NONE } from './facets.rules.ts';
import * as store from './ledger.store.ts';
import { type Decimal, percentOf, sumByCurrency, ZERO } from './money.rules.ts';
import { before, dayNumber, type Period } from './period.rules.ts';
import { type Standing, standings } from './standing.ts';
import { subjectBook } from './subjects.ts';
import { type Basis, grainOf, type Row, type Subject, sums } from './sums.ts';
import { notYours, overviewOf, sightOf, type Viewer } from './visibility.rules.ts';

export type { Standing } from './standing.ts';
export type { Basis, Subject } from './sums.ts';

export interface Question {
  subject?: Subject;
  period: Period;
  by: Dimension;
  basis: Basis;
}

export interface Line {
  name: string;
  currency: string;
  amount: Decimal;
  /** In the period before; undefined when nothing is known of that time. */
  before: Decimal | undefined;
}

export interface Breakdown extends Standing {
  question: Question;
  lines: Line[];
  /** One for each currency; never added. */
  totals: { currency: string; amount: Decimal; before: Decimal | undefined; changePercent: Decimal | undefined }[];
  previous: Period;
  /** Daily totals of the largest currency. */
  daily: { day: string; amount: number }[];
  /** Only a part is shown, as the viewer may see no more. */
  partial: boolean;
}

/** Answers from the store; nobody waits for Azure. */
export function answers(deps: CostDeps) {
  const { db, clock, organisation } = deps;
  const today = () => clock.now().toZonedDateTimeISO('UTC').toPlainDate();
  const ledger = sums(deps);
  const { seen, course } = ledger;
  const { standing, missing } = standings(deps, today);
  const book = subjectBook(deps, today, ledger);

  return {
    today,
    seen,
    standing,
    missing,
    register: ledger.register,
    facetter: ledger.facetter,
    series: ledger.series,
    ...book,

    sight: (viewer: Viewer) => sightOf(viewer, organisation),

    async breakdown(question: Question, viewer: Viewer): Promise<Breakdown> {
      const { period, basis, by, subject } = question;
      const sight = subject ? sightOf(viewer, organisation) : overviewOf(viewer, organisation);
      const previous = before(period);
      const grain = grainOf(subject, by);
      const now = await seen(period, basis, sight, { subject, grain });
      const then = await seen(previous, basis, sight, { subject, grain });
      if (subject && !sight.all && now.length + then.length === 0) await refuseHidden(subject, period, basis);
      const reads = (await store.reads(db)).filter((read) => read.basis === basis);
      const known = reads.some(({ from_day }) => from_day !== null && from_day <= dayNumber(previous.from));
      const sumBy = (rows: Row[]) => {
        const sums = new Map<string, Decimal>();
        for (const { facets, currency, amount } of rows) {
          const key = `${facets[by]}\u0001${currency}`;
          sums.set(key, (sums.get(key) ?? ZERO).plus(amount));
        }
        return sums;
      };
      const [after, earlier] = [sumBy(now), sumBy(then)];
      const keys = [...new Set([...after.keys(), ...(known ? earlier.keys() : [])])];
      const lines = keys
        .map((key) => {
          const [name = NONE, currency = ''] = key.split('\u0001');
          return {
            name,
            currency,
            amount: after.get(key) ?? ZERO,
            before: known ? (earlier.get(key) ?? ZERO) : undefined,
          };
        })
        .sort((a, b) => b.amount.comparedTo(a.amount) || (a.name < b.name ? -1 : 1));
      const [total, prior] = [sumByCurrency(now), sumByCurrency(then)];
      const totals = Object.entries(total).map(([currency, amount]) => {
        const past = known ? (prior[currency] ?? ZERO) : undefined;
        return { currency, amount, before: past, changePercent: past && percentOf(amount.minus(past), past.abs()) };
      });
      const main = totals.reduce<(typeof totals)[number] | undefined>(
        (best, each) => (best?.amount.gte(each.amount) ? best : each),
        undefined,
      );
      const daily = await course({ period, basis, sight, subject, grain, now, currency: main?.currency });
      return {
        question,
        lines,
        totals,
        previous,
        daily,
        partial: !sight.all && !subject,
        ...(await standing(period, basis)),
      };
    },
  };

  /** Nothing to see, because it is somebody else's: that is said, with whom to ask. */
  async function refuseHidden(subject: Subject, period: Period, basis: Basis): Promise<void> {
    const everything = { all: true, teams: new Set<string>(), departments: new Set<string>() };
    const [row] = await seen(period, basis, everything, { subject });
    if (row) throw notYours(subject.value, organisation, row.facets.department);
  }
}

export type Answers = ReturnType<typeof answers>;
