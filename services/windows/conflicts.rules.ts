import { covers, type Interval, merged, overlaps } from './intervals.ts';

/** A change with a place in time. Instants are milliseconds. */
export interface Planned extends Interval {
  id: string;
  targets: readonly string[];
  assignee?: string;
  /** A change that is over, or that nobody carries out, is in nobody's way. */
  state?: string;
}

/** What is known about the place. Everything may be left out: what is not known is no conflict. */
export interface Surroundings {
  others?: readonly Planned[];
  /** Target to what it is part of: deployment, endpoint, workspace. */
  parents?: Readonly<Record<string, string>>;
  /** Target to the pools and stores it shares with others. */
  shared?: Readonly<Record<string, readonly string[]>>;
  /** Maintenance windows and freezes of a target; a target without an entry has none. */
  maintenance?: Readonly<Record<string, readonly Interval[]>>;
  freezes?: Readonly<Record<string, readonly Interval[]>>;
  quota?: Quota;
}

export type ConflictCode =
  | 'target_already_scheduled'
  | 'parent_already_scheduled'
  | 'child_already_scheduled'
  | 'shared_dependency_scheduled'
  | 'assignee_already_scheduled'
  | 'in_blackout'
  | 'parent_in_blackout'
  | 'child_in_blackout'
  | 'not_in_maintenance_window'
  | 'parent_not_in_maintenance_window'
  | 'child_not_in_maintenance_window'
  | 'insufficient_quota';

export interface Conflict {
  code: ConflictCode;
  /** One row for each target of the change. */
  target: string;
  /** The other change, target, pool, person it is about. */
  with?: string;
  /** When: the part that both want, or that sticks out. */
  span?: Interval;
  /** For quota. */
  missingCores?: number;
}

export interface Quota {
  freeCores: number;
  instances: number;
  coresPerInstance: number;
}

/** States in which a change takes up no time. */
const OVER = [
  'cancelled',
  'canceled',
  'withdrawn',
  'rejected',
  'expired',
  'closed',
  'complete',
  'completed',
  'done',
  'aborted',
  'failed',
];

/** Everything that is in the way of this change, one row per target and reason. Touching ends are no overlap. */
export function conflictsOf(change: Planned, around: Surroundings): Conflict[] {
  const { parents = {}, shared = {}, freezes = {}, maintenance = {} } = around;
  const others = (around.others ?? []).filter(
    (other) => other.id !== change.id && !OVER.includes(other.state?.toLowerCase() ?? '') && overlaps(change, other),
  );
  const rows = change.targets.flatMap((target): Conflict[] => {
    const above = ancestors(target, parents);
    const below = descendants(target, parents);
    return [
      ...others.flatMap((other) => scheduled(change, other, target, above, below, shared)),
      ...frozen(change, target, freezes[target], 'in_blackout'),
      ...above.flatMap((each) => frozen(change, target, freezes[each], 'parent_in_blackout', each)),
      ...below.flatMap((each) => frozen(change, target, freezes[each], 'child_in_blackout', each)),
      ...outside(change, target, maintenance[target], 'not_in_maintenance_window'),
      ...above.flatMap((each) => outside(change, target, maintenance[each], 'parent_not_in_maintenance_window', each)),
      ...below.flatMap((each) => outside(change, target, maintenance[each], 'child_not_in_maintenance_window', each)),
    ];
  });
  const people = others
    .filter((other) => change.assignee !== undefined && other.assignee === change.assignee)
    .map(
      (other): Conflict => ({
        code: 'assignee_already_scheduled',
        target: change.targets[0] ?? '',
        with: other.id,
        span: common(change, other),
      }),
    );
  const missing = around.quota ? missingCores(around.quota) : 0;
  const short: Conflict[] =
    missing > 0 ? [{ code: 'insufficient_quota', target: change.targets[0] ?? '', missingCores: missing }] : [];
  return [...rows, ...people, ...short];
}

/**
 * Cores that are missing. Azure ML wants a fifth more instances than it runs, for upgrades of the nodes, rounded up
 * (learn.microsoft.com, how-to-manage-quotas: "an extra 20%").
 */
export function missingCores({ freeCores, instances, coresPerInstance }: Quota): number {
  // In tenths, so that 10 · 1.2 is 12 and not a little more.
  const reserved = Math.ceil((instances * 12) / 10);
  return Math.max(0, reserved * coresPerInstance - freeCores);
}

function scheduled(
  change: Planned,
  other: Planned,
  target: string,
  above: readonly string[],
  below: readonly string[],
  shared: Readonly<Record<string, readonly string[]>>,
): Conflict[] {
  const row = (code: ConflictCode): Conflict => ({ code, target, with: other.id, span: common(change, other) });
  if (other.targets.includes(target)) return [row('target_already_scheduled')];
  if (other.targets.some((each) => above.includes(each))) return [row('parent_already_scheduled')];
  if (other.targets.some((each) => below.includes(each))) return [row('child_already_scheduled')];
  const pools = shared[target] ?? [];
  return other.targets.some((each) => shared[each]?.some((pool) => pools.includes(pool)))
    ? [row('shared_dependency_scheduled')]
    : [];
}

const common = (one: Interval, other: Interval): Interval => ({
  start: Math.max(one.start, other.start),
  end: Math.min(one.end, other.end),
});

const frozen = (
  change: Planned,
  target: string,
  spans: readonly Interval[] | undefined,
  code: ConflictCode,
  place?: string,
): Conflict[] => {
  const hit = merged(spans ?? []).find((span) => overlaps(span, change));
  return hit ? [{ code, target, ...(place ? { with: place } : {}), span: common(hit, change) }] : [];
};

/** The whole change has to lie in the union of the windows. */
const outside = (
  change: Planned,
  target: string,
  spans: readonly Interval[] | undefined,
  code: ConflictCode,
  place?: string,
): Conflict[] =>
  spans === undefined || covers(spans, change)
    ? []
    : [{ code, target, ...(place ? { with: place } : {}), span: { start: change.start, end: change.end } }];

function ancestors(target: string, parents: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  for (let at = parents[target]; at !== undefined && !found.includes(at); at = parents[at]) found.push(at);
  return found;
}

function descendants(target: string, parents: Readonly<Record<string, string>>): string[] {
  return Object.keys(parents).filter((each) => each !== target && ancestors(each, parents).includes(target));
}
