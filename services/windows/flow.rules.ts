import { sampleQuantile } from '../statistics/index.ts';
/**
 * How changes flow, as DORA counts it (dora.dev, the four keys): lead time from the request to the end, how often, how many
 * fail, and how long until it is good again. Times in minutes.
 */
export interface FlowChange {
  team: string;
  requestedMs: number;
  finishedMs: number;
  failed: boolean;
}
export interface FlowIncident {
  team: string;
  openedMs: number;
  resolvedMs: number;
}

export interface TeamFlow {
  team: string;
  changes: number;
  perWeek: number;
  /** Of the middle one; undefined without any. */
  leadMinutes?: number;
  failureRate?: number;
  restoreMinutes?: number;
}

const MINUTE_MS = 60_000;

export function flowOf(
  teams: readonly string[],
  changes: readonly FlowChange[],
  incidents: readonly FlowIncident[],
  days: number,
): TeamFlow[] {
  return teams.map((team) => {
    const own = changes.filter((change) => change.team === team);
    const lead = median(own.map(({ requestedMs, finishedMs }) => (finishedMs - requestedMs) / MINUTE_MS));
    const restore = median(
      incidents
        .filter((incident) => incident.team === team)
        .map(({ openedMs, resolvedMs }) => (resolvedMs - openedMs) / MINUTE_MS),
    );
    return {
      team,
      changes: own.length,
      perWeek: (own.length / days) * 7,
      ...(lead === undefined ? {} : { leadMinutes: lead }),
      ...(own.length === 0 ? {} : { failureRate: own.filter(({ failed }) => failed).length / own.length }),
      ...(restore === undefined ? {} : { restoreMinutes: restore }),
    };
  });
}

/** The middle value; the mean of the two middle ones when there is none. */
export const median = (values: readonly number[]): number | undefined => sampleQuantile(values, 0.5);

/** A change was held up by these entries of the calendar from this instant on, until the next one or until it started. */
export interface Wait {
  change: string;
  atMs: number;
  entry: string;
}

export interface FreezeCost {
  entry: string;
  minutes: number;
  changes: number;
}

/**
 * What each entry of the calendar cost in waiting, the dearest first. A change that waits is held up by one entry at a
 * time: whichever decided last. `untilMs` is when it started or was given up; now, when it still waits.
 */
export function freezeCosts(waits: readonly Wait[], untilMs: (change: string) => number | undefined): FreezeCost[] {
  const cost = new Map<string, { ms: number; changes: Set<string> }>();
  const byChange = new Map<string, Wait[]>();
  for (const wait of waits) byChange.set(wait.change, [...(byChange.get(wait.change) ?? []), wait]);
  for (const [change, own] of byChange) {
    const end = untilMs(change);
    if (end === undefined) continue;
    const ordered = [...own].sort((a, b) => a.atMs - b.atMs);
    for (const [index, { entry, atMs }] of ordered.entries()) {
      const spent = cost.get(entry) ?? { ms: 0, changes: new Set<string>() };
      spent.ms += Math.max(0, Math.min(ordered[index + 1]?.atMs ?? end, end) - atMs);
      spent.changes.add(change);
      cost.set(entry, spent);
    }
  }
  return [...cost]
    .map(([entry, { ms, changes }]) => ({ entry, minutes: ms / MINUTE_MS, changes: changes.size }))
    .sort((a, b) => b.minutes - a.minutes || a.entry.localeCompare(b.entry));
}
