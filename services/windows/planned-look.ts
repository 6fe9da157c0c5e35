import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { type Conflict, conflictsOf, type Planned } from './conflicts.rules.ts';
import type { Decision } from './decide.rules.ts';
import { type Interval, overlaps } from './intervals.ts';
import { type Need, quotaConflicts } from './need.rules.ts';
import { targetOf } from './places.rules.ts';
import { alternatives, type ChangeBody, parentsOf, traitsOf } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import type { CalendarStore } from './windows.ts';

/** How a change stands against everything else: what is in its way, whether it may start, when it could run instead. */
export function plannedLook(
  { clock, organisation }: { clock: Clock; organisation: Organisation },
  store: CalendarStore,
) {
  const asPlanned = (
    row: Pick<rows.PlannedRow, 'id' | 'targets' | 'starts_at' | 'ends_at' | 'assignee' | 'state'>,
  ): Planned => ({
    id: row.id,
    targets: row.targets,
    assignee: row.assignee,
    state: row.state,
    start: Date.parse(row.starts_at),
    end: Date.parse(row.ends_at),
  });

  /**
   * Everything that is planned, by its start: read once where many changes are looked at. `beside` are those that run at
   * the same time; nothing is longer than `longest`, so that only a stretch of the list is looked through.
   */
  const around = async (at: Db | Tx) => {
    const all = (await rows.openPlanned(at))
      .map((row) => ({ row, planned: asPlanned(row) }))
      .sort((a, b) => a.planned.start - b.planned.start);
    const longest = Math.max(0, ...all.map(({ planned }) => planned.end - planned.start));
    const firstFrom = (start: number): number => {
      let [low, high] = [0, all.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((all[middle]?.planned.start ?? 0) < start) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const beside = (change: Planned): rows.PlannedRow[] => {
      const found: rows.PlannedRow[] = [];
      for (let index = firstFrom(change.start - longest); index < all.length; index += 1) {
        const other = all[index];
        if (!other || other.planned.start >= change.end) break;
        if (other.planned.id !== change.id && overlaps(other.planned, change)) found.push(other.row);
      }
      return found;
    };
    return { all, beside };
  };

  /**
   * What is in the way of this change at its time, by everything that is planned and the calendar, and the cores it
   * needs when Azure has said which are free.
   */
  async function conflicts(
    at: Db | Tx,
    change: Planned,
    more: { class: string; body: ChangeBody; need?: Need | null },
    known?: Awaited<ReturnType<typeof around>>,
  ): Promise<Conflict[]> {
    const calendar = await store.calendar(at);
    const open = (known ?? (await around(at))).beside(change);
    const traits = { manual: false, is: traitsOf({ class: more.class, body: more.body }) };
    const spans = (target: string, kind: 'deny' | 'maintenance'): Interval[] | undefined => {
      const about = calendar.about(targetOf(organisation, target.split('/')[0] ?? target));
      const entries =
        kind === 'deny'
          ? about.entries.filter(
              (entry) =>
                entry.spec.kind === 'deny' && !traits.is.some((trait) => entry.spec.override?.exempt?.includes(trait)),
            )
          : about.entries.filter(({ spec }) => spec.kind === 'maintenance');
      return entries.length === 0 ? undefined : entries.flatMap((entry) => entry.spans(change.start));
    };
    const byTarget = (kind: 'deny' | 'maintenance') =>
      Object.fromEntries(
        change.targets.flatMap((target) => {
          const found = spans(target, kind);
          return found ? [[target, found]] : [];
        }),
      );
    const pools = (targets: readonly string[], pool: string | undefined) =>
      pool ? targets.map((target) => [target, [pool]] as const) : [];
    const found = conflictsOf(change, {
      others: open.map(asPlanned),
      parents: parentsOf(organisation, [...change.targets, ...open.flatMap(({ targets }) => targets)]),
      shared: Object.fromEntries([
        ...open.flatMap((row) => pools(row.targets, (row.body as ChangeBody).pool)),
        ...pools(change.targets, more.body.pool),
      ]),
      freezes: byTarget('deny'),
      maintenance: byTarget('maintenance'),
    });
    // What runs already is in Azure's own count.
    const beside = open.filter(({ state, need }) => need && state !== 'running' && state !== 'held');
    return [
      ...found,
      ...quotaConflicts(
        more.need ?? undefined,
        beside.map(({ need }) => need as Need),
      ),
    ];
  }

  /** May it start at this instant: the calendar of every target, and whether it can finish. The worst answer counts. */
  async function verdict(
    at: Db | Tx,
    row: Pick<rows.PlannedRow, 'targets' | 'need_minutes' | 'class' | 'body' | 'started_at'>,
    now: Temporal.Instant,
    more: Partial<Parameters<CalendarStore['ask']>[0]> = {},
  ): Promise<Decision> {
    const traits = traitsOf({ class: row.class, body: row.body as ChangeBody });
    let worst: Decision | undefined;
    for (const target of row.targets) {
      const decision = await store.ask(
        {
          endpoint: target.split('/')[0] ?? target,
          now,
          is: traits,
          manual: true,
          needMinutes: row.need_minutes,
          ...more,
        },
        at,
      );
      const later =
        (decision.next?.epochMilliseconds ?? Number.POSITIVE_INFINITY) >
        (worst?.next?.epochMilliseconds ?? Number.POSITIVE_INFINITY);
      if (!worst || (worst.allowed && !decision.allowed) || (!decision.allowed && later)) worst = decision;
    }
    if (!worst) throw new Error('a change without a target');
    return worst;
  }

  async function suggestions(
    at: Db | Tx,
    change: Planned,
    row: { class: string; body: ChangeBody; need_minutes: number },
    found: readonly Conflict[],
  ): Promise<Interval[]> {
    const calendar = await store.calendar(at);
    const traits = { manual: true, is: traitsOf(row) };
    const need = row.need_minutes * 60_000;
    const others = (await rows.openPlanned(at)).filter(({ id }) => id !== change.id).map(asPlanned);
    const opens = (from: number): number | undefined => {
      let start = Math.max(from, clock.ms());
      for (let round = 0; round < 10; round += 1) {
        const latest = Math.max(
          ...change.targets.map((target) => {
            const { open } = calendar
              .about(targetOf(organisation, target.split('/')[0] ?? target))
              .timeline(start, traits);
            const span = open.find((each) => each.end > start && each.end - Math.max(each.start, start) >= need);
            return span ? Math.max(span.start, start) : Number.POSITIVE_INFINITY;
          }),
        );
        if (!Number.isFinite(latest)) return undefined;
        if (latest === start) return start;
        start = latest;
      }
      return undefined;
    };
    const from = [...found.flatMap(({ span }) => (span && Number.isFinite(span.end) ? [span.end] : [])), change.start];
    const parents = parentsOf(organisation, [...change.targets, ...others.flatMap(({ targets }) => targets)]);
    return alternatives(change, {
      most: 3,
      from,
      opens,
      conflicts: (moved) => conflictsOf(moved, { others, parents }),
    });
  }

  return { asPlanned, around, conflicts, verdict, suggestions };
}
