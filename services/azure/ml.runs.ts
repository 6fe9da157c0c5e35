import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import { read } from './border.ts';
import type { WorkspaceRef } from './refs.ts';
import { type Fresh, type Guard, orMissing } from './resilience.ts';
import type { Rest, RestAnswer } from './rest.ts';

const SERVICE = 'Azure ML run history';

/** A run as MLflow tells it. Metrics carry when (and at which step) they were logged last. */
export interface Run {
  id: string;
  name?: string;
  experimentId: string;
  status: 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
  startedAt?: Temporal.Instant;
  endedAt?: Temporal.Instant;
  metrics: Readonly<Record<string, MetricValue>>;
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

export interface MetricValue {
  value: number;
  at: Temporal.Instant;
  step: number;
}

export interface RunSearch {
  experimentIds: readonly string[];
  /** MLflow's filter language: "metrics.auc > 0.8 and tags.`mlflow.user` = 'ann'". */
  filter?: string;
  orderBy?: readonly string[];
  /** At most this many, newest first; pages are followed. */
  most?: number;
}

export interface Runs {
  /** `undefined` when there is no such run. */
  getRun(ref: WorkspaceRef, runId: string): Promise<Fresh<Run | undefined>>;
  searchRuns(ref: WorkspaceRef, search: RunSearch): Promise<Fresh<readonly Run[]>>;
  metricHistory(ref: WorkspaceRef, runId: string, metric: string): Promise<Fresh<readonly MetricValue[]>>;
  /** The id of an experiment, by its name. */
  experimentId(ref: WorkspaceRef, name: string): Promise<Fresh<string | undefined>>;
}

const metric = z.object({
  key: z.string(),
  value: z.number(),
  timestamp: z.coerce.number(),
  step: z.coerce.number().default(0),
});
const pairs = z.array(z.object({ key: z.string(), value: z.string() })).default([]);
const run = z.object({
  info: z.object({
    run_id: z.string().min(1),
    run_name: z.string().nullish(),
    experiment_id: z.string(),
    status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
    start_time: z.coerce.number().nullish(),
    end_time: z.coerce.number().nullish(),
  }),
  data: z.object({ metrics: z.array(metric).default([]), params: pairs, tags: pairs }),
});
const found = z.object({ runs: z.array(run).default([]), next_page_token: z.string().nullish() });
const history = z.object({ metrics: z.array(metric).default([]) });
const experiment = z.object({ experiment: z.object({ experiment_id: z.string().min(1) }) });

export interface RunsDeps {
  guard: Guard;
  /** The workspace's `mlFlowTrackingUri`. */
  trackingUri(ref: WorkspaceRef): Promise<string>;
  /** A JSON client for another host of Azure ML, with ARM's token audience (platform.md 5.2). */
  restAt(origin: string): Rest;
}

const PAGE = 200;

/** Run history over the MLflow REST interface of the workspace (`…/api/2.0/mlflow/…`). */
export function runs({ guard, trackingUri, restAt }: RunsDeps): Runs {
  const call = async (
    ref: WorkspaceRef,
    path: string,
    ask: { query?: Record<string, string>; body?: unknown },
    signal: AbortSignal,
  ): Promise<RestAnswer> => {
    const home = new URL(httpsOf(await trackingUri(ref)));
    return restAt(home.origin)({
      method: ask.body === undefined ? 'GET' : 'POST',
      path: `${home.pathname}/api/2.0/mlflow/${path}`,
      ...(ask.query ? { query: ask.query } : {}),
      ...(ask.body === undefined ? {} : { body: ask.body }),
      signal,
    });
  };
  const key = (ref: WorkspaceRef, what: string) => `${ref.workspace}:${what}`;

  return {
    getRun: (ref, runId) =>
      guard.read(key(ref, `run:${runId}`), async (signal) => {
        const answer = await orMissing(call(ref, 'runs/get', { query: { run_id: runId } }, signal));
        return answer && runOf(read(SERVICE, z.object({ run }), answer.body).run);
      }),
    searchRuns: (ref, search) =>
      guard.read(key(ref, `search:${JSON.stringify(search)}`), async (signal) => {
        const most = search.most ?? PAGE;
        const all: Run[] = [];
        let token: string | undefined;
        do {
          const body = {
            experiment_ids: search.experimentIds,
            max_results: Math.min(PAGE, most - all.length),
            order_by: search.orderBy ?? ['attributes.start_time DESC'],
            ...(search.filter === undefined ? {} : { filter: search.filter }),
            ...(token === undefined ? {} : { page_token: token }),
          };
          const answer = read(SERVICE, found, (await call(ref, 'runs/search', { body }, signal)).body);
          all.push(...answer.runs.map(runOf));
          token = answer.next_page_token ?? undefined;
        } while (token !== undefined && all.length < most);
        return all;
      }),
    metricHistory: (ref, runId, name) =>
      guard.read(key(ref, `history:${runId}:${name}`), async (signal) => {
        const query = { run_id: runId, metric_key: name };
        const answer = await call(ref, 'metrics/get-history', { query }, signal);
        return read(SERVICE, history, answer.body).metrics.map(metricOf);
      }),
    experimentId: (ref, name) =>
      guard.read(key(ref, `experiment:${name}`), async (signal) => {
        const query = { experiment_name: name };
        const answer = await orMissing(call(ref, 'experiments/get-by-name', { query }, signal));
        return answer && read(SERVICE, experiment, answer.body).experiment.experiment_id;
      }),
  };
}

/** `azureml://westeurope.api.azureml.ms/mlflow/…` is https underneath; a token must not follow it to another place. */
function httpsOf(tracking: string): string {
  const url = tracking.replace(/^azureml:/, 'https:');
  if (!/^https:\/\/[a-z0-9-]+\.api\.(azureml\.ms|ml\.azure\.(us|cn))\//.test(url))
    throw new Unavailable(SERVICE, `the workspace's tracking address is not Azure ML's (${tracking})`);
  return url;
}

const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(Math.round(ms));

const metricOf = ({ value, timestamp, step }: z.output<typeof metric>): MetricValue => ({
  value,
  at: at(timestamp),
  step,
});

function runOf({ info, data }: z.output<typeof run>): Run {
  return {
    id: info.run_id,
    experimentId: info.experiment_id,
    status: info.status,
    ...(info.run_name ? { name: info.run_name } : {}),
    ...(info.start_time ? { startedAt: at(info.start_time) } : {}),
    ...(info.end_time ? { endedAt: at(info.end_time) } : {}),
    metrics: Object.fromEntries(data.metrics.map((each) => [each.key, metricOf(each)])),
    params: Object.fromEntries(data.params.map((each) => [each.key, each.value])),
    tags: Object.fromEntries(data.tags.map((each) => [each.key, each.value])),
  };
}
