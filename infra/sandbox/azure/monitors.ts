import { breaches, driftAt, type FeatureDrift } from './drift.ts';
import { ENDPOINTS, type EndpointSeed } from './northwind.ts';
import { asKnownAt, DAY, type EstateState, HOUR, MINUTE } from './state.ts';
import { breachTags, runEvent, type Webhook } from './webhooks.ts';
import { psiLimitOf, scheduleAt } from './written.ts';

/** Model monitors: one per online endpoint, a data-drift signal, a run every night at 02:10 UTC and on demand. */
export const SIGNAL = 'data_drift';
const RUN_AT = 2 * HOUR + 10 * MINUTE;
export const HISTORY_DAYS = 90;

export interface MonitorRun {
  runId: string;
  endpoint: EndpointSeed;
  at: number;
  features: FeatureDrift[];
  breached: FeatureDrift[];
}

export const monitorName = (endpoint: EndpointSeed): string => `${endpoint.name}-monitor`;
export const monitored = ENDPOINTS.filter((each) => each.features.length > 0);

const stamp = (at: number) => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);

function runAt(state: EstateState, endpoint: EndpointSeed, at: number): MonitorRun {
  const set = scheduleAt(state, endpoint.workspace, monitorName(endpoint), at);
  const features = driftAt(asKnownAt(state, at), endpoint, at).map((each) => ({
    ...each,
    limit: (set && psiLimitOf(set, each.type)) ?? each.limit,
  }));
  return { runId: `${monitorName(endpoint)}_${stamp(at)}`, endpoint, at, features, breached: breaches(features) };
}

/** Runs started by hand or by a scenario, and the one that follows a breach once the inputs are themselves again. */
function unscheduled(state: EstateState, endpoint: EndpointSeed, now: number): MonitorRun[] {
  const asked = state.happened.filter((each) => each.scenario === 'drift' && each.params.endpoint === endpoint.name);
  return asked.flatMap((each) => {
    if (each.at > now) return [];
    const first = runAt(state, endpoint, each.at);
    if (first.breached.length === 0) return [first];
    const again = recovered(state, endpoint, each.at, now);
    return again === undefined ? [first] : [first, runAt(state, endpoint, again)];
  });
}

/** How far each breach was followed already; what was seen stays so, as changes only reach forward. */
const followed = new WeakMap<EstateState, Map<string, { until: number; good: number | undefined }>>();

/** Two whole minutes after no feature is above its limit any more; looked for within a day, then the nightly run tells. */
function recovered(state: EstateState, endpoint: EndpointSeed, since: number, now: number): number | undefined {
  const seen = followed.get(state) ?? new Map<string, { until: number; good: number | undefined }>();
  followed.set(state, seen);
  const key = `${endpoint.name}@${since}`;
  const known = seen.get(key) ?? { until: Math.ceil(since / MINUTE) * MINUTE, good: undefined };
  seen.set(key, known);
  while (known.good === undefined && known.until <= Math.min(now, since + DAY)) {
    const at = known.until;
    if (breaches(driftAt(asKnownAt(state, at), endpoint, at)).length === 0) known.good = at;
    known.until += MINUTE;
  }
  const again = (known.good ?? Number.POSITIVE_INFINITY) + 2 * MINUTE;
  return again <= now ? again : undefined;
}

/** A monitor that is paused or deleted does not run by itself. */
function running(state: EstateState, endpoint: EndpointSeed, at: number): boolean {
  const set = scheduleAt(state, endpoint.workspace, monitorName(endpoint), at);
  return set === undefined || (set !== null && set.isEnabled !== false);
}

/** Every run of a monitor between two instants (both included), oldest first. */
export function monitorRuns(state: EstateState, endpoint: EndpointSeed, from: number, to: number): MonitorRun[] {
  const start = Math.max(from, state.startedAt - HISTORY_DAYS * DAY);
  const runs: MonitorRun[] = [];
  for (let at = Math.ceil((start - RUN_AT) / DAY) * DAY + RUN_AT; at <= to; at += DAY)
    if (running(state, endpoint, at)) runs.push(runAt(state, endpoint, at));
  runs.push(...unscheduled(state, endpoint, to).filter((each) => each.at >= start));
  return runs.sort((a, b) => a.at - b.at);
}

/** What Event Grid says about a finished monitor run: a breach ends the run as Failed, with tags and without numbers. */
export function monitorEvent(run: MonitorRun): Webhook {
  return runEvent({
    id: `${run.runId}-ended`,
    at: run.at,
    workspace: run.endpoint.workspace,
    experiment: monitorName(run.endpoint),
    runId: run.runId,
    runType: 'azureml.PipelineRun',
    status: run.breached.length > 0 ? 'Failed' : 'Completed',
    tags: { 'azureml.monitor_name': monitorName(run.endpoint), ...breachTags(SIGNAL, run.breached) },
    properties: { 'azureml.targetEndpoint': run.endpoint.name },
  });
}

/** The events of every monitor after `from` and up to `to`. */
export const monitorEvents = (state: EstateState, from: number, to: number): Webhook[] =>
  monitored.flatMap((endpoint) =>
    monitorRuns(state, endpoint, from, to)
      .filter((run) => run.at > from && run.at >= state.startedAt)
      .map(monitorEvent),
  );
