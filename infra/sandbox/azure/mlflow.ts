import { z } from 'zod/v4';
import { type Answer, type Asked, ok } from './answer.ts';
import { LOG_CONTAINER, logPath, storageAccount } from './blob.ts';
import type { Estate } from './estate.ts';
import { failureOf } from './failures.ts';
import { same, workspaceSeed } from './northwind.ts';
import { experimentsOf, type RunRecord, runsOf } from './runs.ts';
import { experimentIdOf } from './webhooks.ts';

/** The workspace's MLflow REST interface: runs/get, runs/search, metrics/get-history, experiments. */

const PATH = /\/workspaces\/([^/]+)\/api\/2\.0\/mlflow\/(.+)$/;

/** Run history's own interface: how a run ended and where its logs are (`/history/v1.0/…/runs/{id}/details`). */
const DETAILS = /^\/history\/v1\.0\/.*\/workspaces\/([^/]+)\/.*\/runs\/([^/]+)\/details$/;

export function history(estate: Estate, asked: Asked): Answer {
  const [, name = '', id = ''] = DETAILS.exec(asked.path) ?? [];
  const workspace = workspaceSeed(name);
  const run =
    workspace &&
    runsOf(estate.state(), workspace.name, estate.now()).find((each) => same(each.id, decodeURIComponent(id)));
  if (!workspace || !run)
    return { status: 404, body: { error: { code: 'UserError', message: `Run ${id} not found` } } };
  const status = { FINISHED: 'Completed', FAILED: 'Failed', RUNNING: 'Running' }[run.status];
  if (run.status !== 'FAILED') return ok({ runId: run.id, status, error: null, logFiles: {} });
  const { code, message } = failureOf(run.tags['azureml.errorCode'] ?? 'DataMissing');
  const log = `https://${storageAccount(workspace.name)}.blob.core.windows.net/${LOG_CONTAINER}/${logPath(run.id)}?sv=2024-11-04&sr=b&sig=c2FuZGJveA%3D%3D&sp=r`;
  return ok({ runId: run.id, status, error: { error: { code, message } }, logFiles: { 'user_logs/std_log.txt': log } });
}

const mlflowError = (status: number, error_code: string, message: string): Answer => ({
  status,
  body: { error_code, message },
});

const search = z.object({
  experiment_ids: z.array(z.string()),
  filter: z.string().optional(),
  max_results: z.number().int().positive().default(1000),
  order_by: z.array(z.string()).default([]),
  page_token: z.string().optional(),
});

export function mlflow(estate: Estate, asked: Asked): Answer {
  if (asked.path.startsWith('/history/')) return history(estate, asked);
  const [, name = '', method = ''] = PATH.exec(asked.path) ?? [];
  const workspace = workspaceSeed(name);
  if (!workspace) return mlflowError(404, 'RESOURCE_DOES_NOT_EXIST', `No workspace ${name}`);
  const query = asked.url.searchParams;
  const all = runsOf(estate.state(), workspace.name, estate.now());
  if (method === 'runs/get' || method === 'metrics/get-history') {
    const id = query.get('run_id') ?? '';
    const run = all.find((each) => each.id === id);
    if (!run) return mlflowError(404, 'RESOURCE_DOES_NOT_EXIST', `Run ${id} was not found`);
    if (method === 'runs/get') return ok({ run: drawn(run) });
    const key = query.get('metric_key') ?? '';
    return ok({ metrics: (run.metrics[key] ?? []).map((each) => metric(key, each)) });
  }
  if (method === 'experiments/get-by-name') {
    const wanted = query.get('experiment_name') ?? '';
    const found = experimentsOf(estate.state(), workspace.name, estate.now()).find((each) => each.name === wanted);
    if (!found) return mlflowError(404, 'RESOURCE_DOES_NOT_EXIST', `No experiment ${wanted}`);
    return ok({ experiment: { experiment_id: found.id, name: found.name, lifecycle_stage: 'active' } });
  }
  if (method === 'experiments/search')
    return ok({
      experiments: experimentsOf(estate.state(), workspace.name, estate.now()).map((each) => ({
        experiment_id: each.id,
        name: each.name,
        lifecycle_stage: 'active',
      })),
    });
  if (method !== 'runs/search') return mlflowError(404, 'ENDPOINT_NOT_FOUND', method);
  const parsed = search.safeParse(asked.body);
  if (!parsed.success) return mlflowError(400, 'INVALID_PARAMETER_VALUE', 'The search is not valid');
  const { experiment_ids, filter, max_results, order_by, page_token } = parsed.data;
  const test = filterOf(filter ?? '');
  if (!test) return mlflowError(400, 'INVALID_PARAMETER_VALUE', `Invalid filter: ${filter}`);
  const found = all.filter((each) => experiment_ids.includes(experimentIdOf(each.experiment)) && test(each));
  const descending = !/\basc\b/i.test(order_by[0] ?? 'desc');
  const by = /metrics\.`?([^`\s]+)`?/.exec(order_by[0] ?? '')?.[1];
  const rank = (run: RunRecord) => (by === undefined ? run.startedAt : (run.metrics[by]?.at(-1)?.value ?? 0));
  found.sort((a, b) => (descending ? rank(b) - rank(a) : rank(a) - rank(b)) || (a.id < b.id ? -1 : 1));
  const from = Number(page_token ?? 0);
  const next = from + max_results;
  return ok({
    runs: found.slice(from, next).map(drawn),
    ...(next < found.length ? { next_page_token: String(next) } : {}),
  });
}

const metric = (key: string, { value, at }: { value: number; at: number }) => ({
  key,
  value,
  timestamp: at,
  step: Math.floor(at / 1000),
});
const pairs = (map: Readonly<Record<string, string>>) => Object.entries(map).map(([key, value]) => ({ key, value }));

const drawn = (run: RunRecord) => ({
  info: {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: experimentIdOf(run.experiment),
    user_id: run.user,
    status: run.status,
    start_time: run.startedAt,
    ...(run.endedAt === undefined ? {} : { end_time: Math.round(run.endedAt) }),
    artifact_uri: `azureml://artifacts/ExperimentRun/dcid.${run.id}`,
    lifecycle_stage: 'active',
  },
  data: {
    metrics: Object.entries(run.metrics).flatMap(([key, values]) => {
      const last = values.at(-1);
      return last ? [metric(key, last)] : [];
    }),
    params: pairs(run.params),
    tags: pairs(run.tags),
  },
});

/**
 * MLflow's filter as far as Wardroom uses it: clauses joined by `and`, comparing a tag, a parameter, a metric or the
 * status with a constant. `undefined` for anything else, which is answered 400 as the real one does with nonsense.
 */
function filterOf(filter: string): ((run: RunRecord) => boolean) | undefined {
  if (filter.trim() === '') return () => true;
  const clauses = filter.split(/\s+and\s+/i).map(clause);
  if (clauses.some((each) => each === undefined)) return undefined;
  return (run) => clauses.every((each) => each?.(run));
}

function clause(text: string): ((run: RunRecord) => boolean) | undefined {
  const [, table, ticked, plain, operator, quoted, number] =
    /^\s*(tags|params|metrics|attributes)\.(?:`([^`]+)`|([\w.]+))\s*(=|!=|>=|<=|>|<)\s*(?:'((?:[^']|'')*)'|(-?[\d.]+))\s*$/.exec(
      text,
    ) ?? [];
  if (table === undefined) return undefined;
  const key = ticked ?? plain ?? '';
  const wanted = number === undefined ? (quoted ?? '').replaceAll("''", "'") : Number(number);
  return (run) => {
    const has =
      table === 'tags'
        ? run.tags[key]
        : table === 'params'
          ? run.params[key]
          : table === 'metrics'
            ? run.metrics[key]?.at(-1)?.value
            : key === 'status'
              ? run.status
              : run.startedAt;
    if (has === undefined) return false;
    if (operator === '=') return has === wanted;
    if (operator === '!=') return has !== wanted;
    if (operator === '>') return has > wanted;
    if (operator === '<') return has < wanted;
    return operator === '>=' ? has >= wanted : has <= wanted;
  };
}
