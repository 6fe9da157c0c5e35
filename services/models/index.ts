import { checks } from './checks.ts';
import { collection } from './collection.ts';
import type { ModelsDeps } from './deps.ts';
import { driftWatches } from './drift-watches.ts';
import { limits } from './limits.ts';
import { monitors } from './monitors.ts';
import { orders } from './orders.ts';
import { monitorWatch } from './watch.ts';
import { windows } from './windows.ts';

export type { CheckRow, DriftResult } from './checks.ts';
export { checkCardOf } from './checks.ts';
export { type CollectionReading, WANTED } from './collection.ts';
export type { DriftAlarm, ModelsDeps } from './deps.ts';
export { endpointOf } from './deps.ts';
export type { LabelsReading } from './labels.rules.ts';
export type { Suggestion } from './limits.rules.ts';
export { DEFAULT_FEATURE, type Limit, type LimitChange } from './limits.ts';
export { MONITOR_METRICS, MONITOR_SIGNALS, type MonitorMetric, type MonitorSignal } from './monitor.words.ts';
export type { KnownMonitor } from './monitors.ts';
export { type OrderRow, orderCardOf } from './orders.ts';
export { judgeDrift } from './severity.rules.ts';
export type { EndedRun } from './watch.ts';

/** Watching models: monitors, collected data, limits of drift, labels. */
export function models(deps: ModelsDeps & { breaches: (metric: string, value: number, threshold: number) => boolean }) {
  const floors = limits(deps);
  const judged = windows(deps, floors);
  const looks = checks(deps, floors, judged);
  return {
    limits: floors,
    windows: judged,
    checks: looks,
    watches: driftWatches(deps, looks),
    monitors: monitors(deps),
    orders: orders(deps),
    collection: collection(deps),
    runEnded: monitorWatch(deps, judged, deps.breaches).ended,
  };
}

export type Models = ReturnType<typeof models>;
