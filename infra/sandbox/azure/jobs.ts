import { ENDPOINTS, MODELS, type ModelSeed, same } from './northwind.ts';
import { environmentName, type Resource, systemData, TYPE } from './resources.ts';
import type { RunRecord } from './runs.ts';
import { type ArmWrite, type EstateState, MINUTE } from './state.ts';
import { armWorkspaceId, modelRegistered, runEvent, type Webhook } from './webhooks.ts';

/** Jobs that were submitted by ARM: they wait, run, and end, and what they train is registered. */
const QUEUED_MS = 1 * MINUTE;
const RUNS_MS = 17 * MINUTE;
const REGISTERS_MS = 10_000;
/** Causes that another try with the same definition does not mend. */
const LASTING = ['OutOfMemory', 'CodeError', 'DataMissing', 'CredentialExpired'];

export interface Submitted {
  name: string;
  workspace: string;
  experiment: string;
  model: ModelSeed | undefined;
  at: number;
  startedAt: number;
  endedAt: number;
  /** Why it fails; it completes without. */
  reason: string | undefined;
  /** The version it registers. */
  version: string | undefined;
  write: ArmWrite;
}

export function submittedJobs(state: EstateState, workspace: string, now: number): Submitted[] {
  const registered = new Map<string, number>();
  return state.writes
    .filter((each) => each.kind === 'job' && each.at <= now && same(each.workspace, workspace) && each.body !== null)
    .map((write): Submitted => {
      const properties = (write.body?.['properties'] ?? {}) as {
        experimentName?: string;
        tags?: Record<string, string>;
      };
      const experiment = properties.experimentName ?? 'Default';
      const model = MODELS.find((each) => experiment === `train-${each.name}`);
      const reason = failsAgain(state, properties.tags?.['wardroom.copyOf'], write.at);
      const startedAt = write.at + QUEUED_MS;
      const count = model ? (registered.get(model.name) ?? 0) + versionsBefore(state, model, write.at) : 0;
      const version = model && reason === undefined ? String(count + 1) : undefined;
      if (model && version) registered.set(model.name, (registered.get(model.name) ?? 0) + 1);
      const endedAt = startedAt + RUNS_MS;
      return {
        name: write.name,
        workspace: write.workspace,
        experiment,
        model,
        at: write.at,
        startedAt,
        endedAt,
        reason,
        version,
        write,
      };
    });
}

const versionsBefore = (state: EstateState, model: ModelSeed, at: number): number =>
  model.versions.length +
  state.happened.filter(
    (each) => each.scenario === 'model-registered' && each.at <= at && each.params.model === model.name,
  ).length;

/** The cause of the copied run, when it is one that stays. */
function failsAgain(state: EstateState, copyOf: string | undefined, at: number): string | undefined {
  const source = state.happened.find(
    (each) =>
      each.scenario === 'failed-run' && each.at <= at && copyOf === `${each.params.experiment}_${each.id.slice(0, 8)}`,
  );
  const reason = source && String(source.params.reason);
  return reason !== undefined && LASTING.includes(reason) ? reason : undefined;
}

const statusAt = (job: Submitted, now: number): string => {
  if (now < job.startedAt) return 'Queued';
  if (now < job.endedAt) return 'Running';
  return job.reason === undefined ? 'Completed' : 'Failed';
};

export const submittedResource = (job: Submitted, now: number): Resource => ({
  id: `${armWorkspaceId(job.workspace)}/jobs/${job.name}`,
  name: job.name,
  type: `${TYPE}/jobs`,
  systemData: systemData(job.at, 'wardroom'),
  properties: { ...(job.write.body?.['properties'] as Record<string, unknown>), status: statusAt(job, now) },
});

/** A run of run history as the job that made it. */
export function jobResource(run: RunRecord): Resource {
  const model = MODELS.find((each) => run.experiment === `train-${each.name}`);
  const workspace = armWorkspaceId(run.workspace);
  const status = { FINISHED: 'Completed', FAILED: 'Failed', RUNNING: 'Running' }[run.status];
  const name = environmentName(model?.name ?? 'features');
  return {
    id: `${workspace}/jobs/${run.id}`,
    name: run.id,
    type: `${TYPE}/jobs`,
    systemData: systemData(run.startedAt, run.user === 'schedule' ? 'wardroom' : run.user),
    properties: {
      jobType: 'Command',
      displayName: run.name,
      experimentName: run.experiment,
      computeId: `${workspace}/computes/${computeOf(run.workspace)}`,
      command: model
        ? `python train.py --model ${model.name} --data \${{inputs.training}}`
        : 'python build_features.py',
      environmentId: `${workspace}/environments/${name}/versions/1`,
      inputs: model
        ? {
            training: {
              jobInputType: 'uri_file',
              uri: `azureml:${endpointOf(model)}-training:1`,
              mode: 'ReadOnlyMount',
            },
          }
        : {},
      resources: { instanceCount: 1 },
      tags: {},
      status,
      services: {},
    },
  };
}

const computeOf = (workspace: string) =>
  ({ 'mlw-retail-weu': 'cpu-retail', 'mlw-risk-neu': 'cpu-risk' })[workspace] ?? 'cpu-train';
const endpointOf = (model: ModelSeed) =>
  ENDPOINTS.find((each) => each.deployments.some((one) => one.model === model.name))?.name ?? model.name;

/** Submitted jobs in run history. */
export const submittedRuns = (state: EstateState, workspace: string, now: number): RunRecord[] =>
  submittedJobs(state, workspace, now)
    .filter((job) => job.startedAt <= now)
    .map((job) => ({
      id: job.name,
      name: job.name,
      workspace: job.workspace,
      experiment: job.experiment,
      user: 'wardroom',
      status: now < job.endedAt ? 'RUNNING' : job.reason === undefined ? 'FINISHED' : 'FAILED',
      startedAt: job.startedAt,
      endedAt: now < job.endedAt ? undefined : job.endedAt,
      metrics: (now < job.endedAt || job.reason !== undefined
        ? {}
        : { auc: [{ value: 0.953, at: job.endedAt }] }) as RunRecord['metrics'],
      params: {},
      tags: (job.reason === undefined ? {} : { 'azureml.errorCode': job.reason }) as RunRecord['tags'],
    }));

/** Versions that submitted jobs registered by `now`. */
export const trainedVersions = (
  state: EstateState,
  model: ModelSeed,
  now: number,
): { version: string; at: number; job: string }[] =>
  submittedJobs(state, model.workspace, now)
    .filter((job) => job.model?.name === model.name && job.version !== undefined)
    .map((job) => ({ version: job.version ?? '', at: job.endedAt + REGISTERS_MS, job: job.name }))
    .filter(({ at }) => at <= now);

/** What Event Grid says about submitted jobs after `from` and up to `to`. */
export function jobEvents(state: EstateState, from: number, to: number): Webhook[] {
  const workspaces = new Set(state.writes.filter((each) => each.kind === 'job').map((each) => each.workspace));
  return [...workspaces].flatMap((workspace) =>
    submittedJobs(state, workspace, to).flatMap((job) => {
      const { name, experiment, endedAt, reason, model, version } = job;
      const ended = runEvent({
        id: `${name}-ended`,
        at: endedAt,
        workspace,
        experiment,
        runId: name,
        runType: 'azureml.StepRun',
        status: reason === undefined ? 'Completed' : 'Failed',
        tags: {},
        properties: reason === undefined ? {} : { 'azureml.errorCode': reason },
      });
      const made =
        model && version
          ? [modelRegistered(`${name}-model`, endedAt + REGISTERS_MS, { workspace, name: model.name, version })]
          : [];
      return [ended, ...made].filter((each) => each.at > from && each.at <= to);
    }),
  );
}
