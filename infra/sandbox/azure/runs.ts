import { trainingRun, versionsOf } from './assets.ts';
import { commitOf } from './code-hosts.ts';
import type { FeatureDrift } from './drift.ts';
import { testedOn } from './evidence.ts';
import { submittedRuns } from './jobs.ts';
import { HISTORY_DAYS, type MonitorRun, monitored, monitorName, monitorRuns, SIGNAL } from './monitors.ts';
import { type EndpointSeed, MODELS, same, WORKSPACES } from './northwind.ts';
import { hash, noise, uuidOf } from './random.ts';
import { DAY, type EstateState, HOUR, MINUTE } from './state.ts';
import { breachTags, experimentIdOf } from './webhooks.ts';

/** Run history as MLflow keeps it: training, nightly pipelines, monitors and their metric runs. */
export interface RunRecord {
  id: string;
  name: string;
  workspace: string;
  experiment: string;
  user: string;
  status: 'FINISHED' | 'FAILED' | 'RUNNING';
  startedAt: number;
  endedAt: number | undefined;
  metrics: Readonly<Record<string, readonly { value: number; at: number }[]>>;
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

const METRIC = 'population_stability_index';

/** Every run of a workspace that had begun by `now`. 90 days of them are made anew on each question: a few hundred. */
export function runsOf(state: EstateState, workspace: string, now: number): RunRecord[] {
  const mine = monitored.filter((each) => same(each.workspace, workspace));
  return [
    ...training(state, workspace, now),
    ...nightly(state, workspace, now),
    ...failures(state, workspace, now),
    ...submittedRuns(state, workspace, now),
    ...mine.flatMap((each) => monitorRecords(state, each, now)),
  ].filter((each) => each.startedAt <= now);
}

export const experimentsOf = (state: EstateState, workspace: string, now: number): { id: string; name: string }[] =>
  [...new Set(runsOf(state, workspace, now).map((each) => each.experiment))].map((name) => ({
    id: experimentIdOf(name),
    name,
  }));

function training(state: EstateState, workspace: string, now: number): RunRecord[] {
  return MODELS.filter((each) => same(each.workspace, workspace)).flatMap((model) =>
    versionsOf(state, model, now)
      .filter(({ job }) => job === undefined)
      .map(({ version, at }): RunRecord => {
        const auc = model.auc[Number(version) - 1] ?? model.auc.at(-1) ?? 0;
        const endedAt = at - 20 * MINUTE;
        return {
          id: trainingRun(model.name, version),
          name: `${model.name} ${version}`,
          workspace: model.workspace,
          experiment: `train-${model.name}`,
          user: model.author,
          status: 'FINISHED',
          startedAt: endedAt - (1 + (hash(model.name, version) % 4)) * HOUR,
          endedAt,
          metrics: {
            auc: [{ value: auc, at: endedAt }],
            log_loss: [{ value: Math.round((1 - auc) * 2500) / 1000, at: endedAt }],
            test_rows: [{ value: testedOn(model.name, version).rows, at: endedAt }],
            test_positives: [{ value: testedOn(model.name, version).positives, at: endedAt }],
          },
          params: { learning_rate: '0.05', max_depth: String(5 + (hash(version) % 4)), seed: '777' },
          tags: {
            'mlflow.user': model.author,
            'mlflow.source.git.commit': commitOf(model.name, version),
            'azureml.input.training': `${model.name}-training:${version}`,
            'azureml.modelName': model.name,
            'mlflow.log-model.history': JSON.stringify([
              {
                artifact_path: 'model',
                model_size_bytes: 40_000_000 + (hash(model.name, version, 'size') % 20_000_000),
              },
            ]),
          },
        };
      }),
  );
}

/** The feature pipeline of each workspace, at 01:00 UTC; about one night in thirty fails. */
function nightly(state: EstateState, workspace: string, now: number): RunRecord[] {
  const seed = WORKSPACES.find((each) => same(each.name, workspace));
  if (!seed) return [];
  const first = Math.floor((state.startedAt - HISTORY_DAYS * DAY) / DAY) * DAY + HOUR;
  const nights = Math.max(0, Math.floor((now - first) / DAY) + 1);
  return Array.from({ length: nights }, (_, night): RunRecord => {
    const startedAt = first + night * DAY;
    const endedAt = startedAt + (38 + 9 * noise(state.seed, workspace, 'nightly', night)) * MINUTE;
    const failed = hash(state.seed, workspace, 'fails', night) % 30 === 0;
    const running = endedAt > now;
    const day = new Date(startedAt).toISOString().slice(0, 10);
    return {
      id: `feature-pipeline_${seed.resourceGroup}_${day}`,
      name: `feature-pipeline ${day}`,
      workspace: seed.name,
      experiment: 'feature-pipeline',
      user: 'schedule',
      status: running ? 'RUNNING' : failed ? 'FAILED' : 'FINISHED',
      startedAt,
      endedAt: running ? undefined : endedAt,
      metrics:
        running || failed ? {} : { rows: [{ value: 1_000_000 + (hash(workspace, night) % 90_000), at: endedAt }] },
      params: { day },
      tags: { 'azureml.pipeline': 'feature-pipeline' },
    };
  });
}

function failures(state: EstateState, workspace: string, now: number): RunRecord[] {
  return state.happened
    .filter(
      (each) => each.scenario === 'failed-run' && each.at <= now && same(String(each.params.workspace), workspace),
    )
    .map(({ id, at, params }) => ({
      id: failedRunId(String(params.experiment), id),
      name: String(params.experiment),
      workspace,
      experiment: String(params.experiment),
      user: 'hugo.weiss@northwind.example',
      status: 'FAILED',
      startedAt: at - 26 * MINUTE,
      endedAt: at,
      metrics: {},
      params: {},
      tags: { 'azureml.errorCode': String(params.reason) },
    }));
}

export const failedRunId = (experiment: string, happened: string): string => `${experiment}_${happened.slice(0, 8)}`;

/**
 * A monitor's pipeline runs, and one metric run per feature that collects `value` and `threshold` at each of them: the
 * layout of azureml-assets `model_monitor_metric_outputter`.
 */
function monitorRecords(state: EstateState, endpoint: EndpointSeed, now: number): RunRecord[] {
  const runs = monitorRuns(state, endpoint, 0, now);
  const first = runs[0];
  if (!first) return [];
  const monitor = monitorName(endpoint);
  const base = { workspace: endpoint.workspace, experiment: monitor, user: 'schedule', params: {} };
  const tags = { 'azureml.monitor_name': monitor };
  const series = (feature: string, pick: (drift: FeatureDrift) => number) =>
    runs.flatMap(({ at, features }) =>
      features.filter((each) => each.feature === feature).map((each) => ({ value: pick(each), at })),
    );
  return [
    ...runs.map((run) => pipelineRun(run, base, tags)),
    ...rowCounts(state, endpoint, runs, base, tags),
    ...endpoint.features.map(
      ({ name }): RunRecord => ({
        ...base,
        id: uuidOf('metric-run', monitor, name),
        name: `${monitor} - ${name}`,
        status: 'FINISHED',
        startedAt: first.at,
        endedAt: runs.at(-1)?.at,
        metrics: { value: series(name, (each) => each.psi), threshold: series(name, (each) => each.limit) },
        tags: {
          ...tags,
          'azureml.signal_name': SIGNAL,
          'azureml.metric_name': METRIC,
          'azureml.group_0': name,
        },
      }),
    ),
  ];
}

/** How many rows each run compared; the monitor of ep-churn was made by an older component that does not say. */
function rowCounts(
  state: EstateState,
  endpoint: EndpointSeed,
  runs: readonly MonitorRun[],
  base: Pick<RunRecord, 'workspace' | 'experiment' | 'user' | 'params'>,
  tags: Readonly<Record<string, string>>,
): RunRecord[] {
  if (same(endpoint.name, 'ep-churn')) return [];
  const count = (name: string, rows: (at: number) => number): RunRecord => ({
    ...base,
    id: uuidOf('metric-run', base.experiment, name),
    name: `${base.experiment} - ${name}`,
    status: 'FINISHED',
    startedAt: runs[0]?.at ?? 0,
    endedAt: runs.at(-1)?.at,
    metrics: { value: runs.map(({ at }) => ({ value: rows(at), at })) },
    tags: { ...tags, 'azureml.signal_name': SIGNAL, 'azureml.metric_name': name },
  });
  return [
    count('BaselineRowCount', () => 40_000 + (hash(endpoint.name, 'baseline') % 5000)),
    count('TargetRowCount', (at) => 2600 + (hash(state.seed, endpoint.name, 'rows', at) % 900)),
  ];
}

const pipelineRun = (
  { runId, at, breached }: MonitorRun,
  base: Pick<RunRecord, 'workspace' | 'experiment' | 'user' | 'params'>,
  tags: Readonly<Record<string, string>>,
): RunRecord => ({
  ...base,
  id: runId,
  name: runId,
  status: breached.length > 0 ? 'FAILED' : 'FINISHED',
  startedAt: at - 11 * MINUTE,
  endedAt: at,
  metrics: {},
  tags: { ...tags, ...breachTags(SIGNAL, breached) },
});
