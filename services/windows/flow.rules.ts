/**
 * How changes flow, as DORA counts it (dora.dev, the four keys): lead time from the request to the end, how often, how many
 * fail, and how long until it is good again. Times in minutes.
 */
export interface FlowChange {
  team: string;
  requestedMs: number;
  finishedMs: number;
  /** Waited for the calendar to open, and for which entries. */
  waitedMs: number;
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
  waitedMinutes: number;
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
      waitedMinutes: own.reduce((sum, { waitedMs }) => sum + waitedMs / MINUTE_MS, 0),
    };
  });
}

/** The middle value; the mean of the two middle ones when there is none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
