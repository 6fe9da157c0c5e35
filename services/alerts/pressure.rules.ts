import { Temporal } from 'temporal-polyfill';
import type { UpstreamChange } from './upstream.rules.ts';

/** A measured value of a quarter of an hour: when it begins, ISO 8601. */
export interface Measured {
  at: string;
  value: number;
}

const DAY_MS = 86_400_000;
/** Half as much again as the day before, or a good third less: a weekend or a holiday alone is a smaller step. */
const [MORE, LESS] = [1.5, 0.6] as const;
/** Below so many requests a minute on both days, chance makes larger steps than that. */
const REQUESTS_LEAST = 5;
const QUOTA_FROM_PERCENT = 90;

/**
 * Since when an endpoint is asked much more or much less than at the same time of the day before; `undefined` when it is
 * not, or was again as usual before the trouble started. `points` are requests a minute, oldest first, over two days.
 */
export function volumeChange(
  place: { workspace: string; endpoint: string },
  points: readonly Measured[],
  startedAt: Temporal.Instant,
): UpstreamChange | undefined {
  const dayBefore = new Map(points.map(({ at, value }) => [Date.parse(at) + DAY_MS, value]));
  const steps = before(points, startedAt).flatMap(({ at, value }) => {
    const usual = dayBefore.get(Date.parse(at));
    return usual === undefined ? [] : [{ at, value, usual }];
  });
  const changed = trailing(steps, ({ value, usual }) => {
    if (Math.max(value, usual) < REQUESTS_LEAST) return false;
    return value >= MORE * usual || value <= LESS * usual;
  });
  const [first, last] = [changed[0], changed.at(-1)];
  if (!first || !last) return undefined;
  const way = last.value > last.usual ? 'rose' : 'fell';
  return {
    id: `volume:${place.endpoint}@${first.at}`,
    kind: 'volume',
    at: Temporal.Instant.from(first.at),
    ...place,
    what: `requests of ${place.endpoint} ${way} to ${whole(last.value)} a minute, ${whole(last.usual)} at this time the day before`,
  };
}

/** Cores of a kind of machine in a region, as ARM's usages tell them. */
export interface Cores {
  name: string;
  used: number;
  limit: number | undefined;
}

/**
 * Since when a workspace's quota is nearly used up; `points` are percent. `cores` say which machines of its region there
 * are hardly any of left. Usages have no past: what they alone tell is dated to the start of the trouble.
 */
export function quotaChange(
  workspace: string,
  points: readonly Measured[],
  startedAt: Temporal.Instant,
  cores: readonly Cores[] = [],
): UpstreamChange | undefined {
  const full = trailing(before(points, startedAt), ({ value }) => value >= QUOTA_FROM_PERCENT);
  const [first, last] = [full[0], full.at(-1)];
  const scarce = fullest(cores);
  if ((!first || !last) && !scarce) return undefined;
  const said = [
    ...(last ? [`${whole(last.value)} % of the compute quota of ${workspace} is used`] : []),
    ...(scarce ? [`${whole(scarce.used)} of ${whole(scarce.limit)} ${coresIn(scarce.name)} are in use`] : []),
  ];
  const at = first ? Temporal.Instant.from(first.at) : startedAt;
  return { id: `quota:${workspace}@${at}`, kind: 'quota', at, workspace, what: said.join(': ') };
}

/** Where least is left, if that is a tenth or less. */
function fullest(cores: readonly Cores[]): { name: string; used: number; limit: number } | undefined {
  const share = (each: { used: number; limit: number }) => each.used / each.limit;
  return cores
    .flatMap(({ name, used, limit }) => (limit === undefined || limit <= 0 ? [] : [{ name, used, limit }]))
    .filter((each) => share(each) * 100 >= QUOTA_FROM_PERCENT)
    .sort((a, b) => share(b) - share(a) || (a.name < b.name ? -1 : 1))[0];
}

/** "Standard DSv2 Family Cluster Dedicated vCPUs" → "dedicated cores of Standard DSv2"; other names stay as they are. */
function coresIn(name: string): string {
  const family = /^(.+?) Family Cluster (Dedicated|LowPriority) vCPUs$/i.exec(name);
  const how = (family?.[2] ?? /\b(Dedicated|LowPriority) Regional vCPUs$/i.exec(name)?.[1])?.toLowerCase();
  if (!how) return name;
  return `${how === 'dedicated' ? 'dedicated' : 'low-priority'} cores of ${family?.[1] ?? 'the region'}`;
}

const before = (points: readonly Measured[], startedAt: Temporal.Instant): readonly Measured[] =>
  points.filter(({ at }) => Date.parse(at) <= startedAt.epochMilliseconds);

/** The last ones in a row that hold. */
function trailing<T>(items: readonly T[], holds: (item: T) => boolean): readonly T[] {
  let from = items.length;
  while (from > 0 && holds(items[from - 1] as T)) from--;
  return items.slice(from);
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
