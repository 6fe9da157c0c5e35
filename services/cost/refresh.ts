import { Temporal } from 'temporal-polyfill';
import { messageOf, Unavailable } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { CostDeps } from './deps.ts';
import { exportReads } from './exports.ts';
import { groupOf } from './facets.rules.ts';
import * as rows from './ledger.store.ts';
import { placeAll } from './ledger-groups.store.ts';
import { dayNumber } from './period.rules.ts';
import { READ, REFRESH, scopesOf, WATCH } from './queues.ts';

/** Azure has nothing newer in between. */
const EVERY_HOURS = 4;
const HISTORY_MONTHS = 13;
/** Azure corrects the days before, at the beginning of a month also the month before. */
const CORRECTED_DAYS = 10;
/** Months that are read at once; the older ones follow. */
const AT_ONCE = { actual: 5, amortised: 1 } as const;
const HISTORY_MINUTES = 10;
/** Spreading purchases changes little within a day. */
const AMORTISED_HOURS = 20;
const LEASE_SECONDS = 600;
const SOON_SECONDS = 5;
const AGAIN_MINUTES = 10;

interface ReadJob {
  scope: string;
  basis: rows.Basis;
  /** First day of the month, ISO. */
  month: string;
}

export function refresh(deps: CostDeps) {
  const { store, clock, jobs, source, organisation } = deps;
  const exported = exportReads(deps);
  const today = () => clock.now().toZonedDateTimeISO('UTC').toPlainDate();

  jobs.handle(REFRESH, async (tx) => {
    // However many were waiting, one follows.
    await jobs.enqueue(tx, REFRESH, {}, { at: clock.now().add({ hours: EVERY_HOURS }) });
    await order(tx);
  });

  /** Orders what is due: the newest month first, so that the question of today is answered first. */
  async function order(tx: Tx): Promise<void> {
    if (organisation.cost.export) return exported.order(tx);
    const known = new Map((await rows.reads(tx)).map((read) => [`${read.scope}|${read.basis}`, read]));
    for (const scope of scopesOf(organisation)) {
      for (const basis of ['actual', 'amortised'] as const) {
        const read = known.get(`${scope}|${basis}`);
        // A month that could not be read is tried again by its own job.
        if (read?.error && clock.ms() - Date.parse(read.tried_at) < EVERY_HOURS * 3_600_000) continue;
        const fresh = read?.as_of ? (clock.ms() - Date.parse(read.as_of)) / 3_600_000 : Number.POSITIVE_INFINITY;
        if (basis === 'amortised' && fresh < AMORTISED_HOURS) continue;
        const months = monthsToRead(today(), read?.from_day ?? undefined);
        for (const [index, month] of months.entries()) {
          // History beyond what a forecast needs comes bit by bit: query units are shared with the whole tenant.
          const later = Math.max(0, index + 1 - AT_ONCE[basis]);
          const at = clock.now().add({ minutes: later * HISTORY_MINUTES });
          await jobs.enqueue(tx, READ, { scope, basis, month: month.toString() } satisfies ReadJob, { at });
        }
      }
    }
  }

  jobs.handleOutside(READ, LEASE_SECONDS, async (data) => {
    if ('export' in data) return exported.read();
    const { scope, basis, month } = data as ReadJob;
    const from = Temporal.PlainDate.from(month);
    const until = from.add({ months: 1 }).subtract({ days: 1 });
    const to = Temporal.PlainDate.compare(until, today()) > 0 ? today() : until;
    const at = clock.now().toString();
    const calm = await quietUntil(scope);
    if (calm) return (tx) => jobs.enqueue(tx, READ, data, { at: calm });
    try {
      const found: rows.LedgerRow[] = [];
      for (const kind of ['usage', 'others'] as const) {
        for (const row of await source.read({ scope, from, to, basis, kind }))
          found.push({ ...row, resource: row.resource.toLowerCase(), day: dayNumber(row.day) });
      }
      // Tags are the same whichever way purchases are spread.
      const tags = basis === 'actual' ? await tagsOf(scope, from, to) : new Map<string, Record<string, string>>();
      const missing = missingDays(found, from, to, today());
      return async (tx) => {
        const names = new Map(found.map(({ resource }) => [resource, tags.get(resource)]));
        const span = { scope, basis, from: dayNumber(from), to: dayNumber(until) };
        const ids = await rows.resourceIds(tx, scope, names, (each) => groupOf(each, organisation));
        await rows.clearDays(tx, span);
        await rows.addRows(tx, basis, ids, found);
        await rows.sumUp(tx, span);
        await rows.noteRead(tx, { ...span, source: 'query', at, to: dayNumber(to), missing });
        if (basis === 'actual' && from.equals(today().with({ day: 1 }))) {
          await jobs.enqueue(tx, WATCH, {}, { at: clock.now().add({ minutes: 1 }) });
        }
      };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const wait = Math.max(error.retryAfterSeconds ?? 0, AGAIN_MINUTES * 60);
      return async (tx) => {
        await rows.noteFailure(tx, { scope, basis, source: 'query', at, error: messageOf(error) });
        await jobs.enqueue(tx, READ, { scope, basis, month } satisfies ReadJob, {
          at: clock.now().add({ seconds: wait }),
        });
      };
    }
  });

  /** Azure refused this scope a moment ago: its other months would only be refused, too. */
  async function quietUntil(scope: string): Promise<Temporal.Instant | undefined> {
    const refused = (await rows.reads(store.db)).filter((read) => read.scope === scope && read.error);
    const last = Math.max(...refused.map(({ tried_at }) => Date.parse(tried_at)), 0);
    const until = last + AGAIN_MINUTES * 60_000;
    return until > clock.ms() ? Temporal.Instant.fromEpochMilliseconds(until) : undefined;
  }

  /** The tags that people allocate by, each asked for by itself: a query groups by two things only. */
  async function tagsOf(scope: string, from: Temporal.PlainDate, to: Temporal.PlainDate) {
    const found = new Map<string, Record<string, string>>();
    const { departmentTag, projectTag } = organisation.cost;
    for (const tag of new Set([departmentTag, projectTag, 'purpose'])) {
      for (const [resource, value] of await source.tags({ scope, from, to, tag })) {
        if (value === '') continue;
        const key = resource.toLowerCase();
        found.set(key, { ...found.get(key), [tag]: value });
      }
    }
    return found;
  }

  return {
    /** Begins the rounds, unless they go on already. */
    async begin(): Promise<void> {
      // Tags may be allocated by other names than before.
      await inTransaction(store.db, (tx) => placeAll(tx, (each) => groupOf(each, organisation)));
      if (scopesOf(organisation).length === 0 || (await jobs.waiting(REFRESH))) return;
      await inTransaction(store.db, (tx) =>
        jobs.enqueue(tx, REFRESH, {}, { at: clock.now().add({ seconds: SOON_SECONDS }) }),
      );
    },
    /** Somebody wants it now. */
    now: (tx: Tx): Promise<void> => order(tx),
  };
}

/** Months to be read, the newest first: all of the history at first, later those that Azure may still correct. */
export function monthsToRead(today: Temporal.PlainDate, known: number | undefined): Temporal.PlainDate[] {
  const first = today.with({ day: 1 });
  const oldest =
    known === undefined
      ? first.subtract({ months: HISTORY_MONTHS })
      : today.subtract({ days: CORRECTED_DAYS }).with({ day: 1 });
  const months: Temporal.PlainDate[] = [];
  for (let month = first; Temporal.PlainDate.compare(month, oldest) >= 0; month = month.subtract({ months: 1 }))
    months.push(month);
  return months;
}

/** Days that are over and of which nothing came, between the first that came and the last that should have. */
export function missingDays(
  found: readonly { day: number }[],
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  today: Temporal.PlainDate,
): string[] {
  const there = new Set(found.map(({ day }) => day));
  if (there.size === 0) return [];
  const missing: string[] = [];
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0 && !day.equals(today); day = day.add({ days: 1 })) {
    if (!there.has(dayNumber(day))) missing.push(day.toString());
  }
  return missing;
}
