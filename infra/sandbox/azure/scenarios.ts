import { z } from 'zod/v4';
import { versionsOf } from './assets.ts';
import { computeAt } from './computes.ts';
import { ENDPOINTS, type EndpointSeed, endpointSeed, MODELS, modelSeed, WORKSPACES } from './northwind.ts';
import { failedRunId } from './runs.ts';
import { deploymentsAt, type EstateState, endpointAt, type Happened } from './state.ts';
import { armWorkspaceId, budgetAlert, metricAlert, modelRegistered, runEvent, type Webhook } from './webhooks.ts';

/** What can go wrong (or just happen) in the estate, for the strip beside the chat and for tests. */
export const SCENARIOS = {
  drift: 'The monitor of an endpoint finds that its inputs have drifted',
  latency: 'A deployment becomes slow and answers errors',
  'failed-run': 'A training run fails',
  'cost-spike': 'A budget is exceeded',
  quota: 'A workspace uses up its core quota',
  'model-registered': 'Somebody registers a new model version',
  'model-deleted': 'Somebody deletes a model version',
  'evidence-broken':
    'A training run left a file of evidence that cannot be used: model, version, file, fault (large, nan, not-json, missing; mended takes it back)',
  regression:
    'A deployment answers a little slower, wrongly or with more errors, or sells less: latencyFactor, errorPoints, qualityPoints, outcomePercent',
  split: 'The router gives a deployment another part of the traffic than it was told: factor',
  'data-version': 'Somebody registers a new version of the training data with another column: endpoint, lost, gained',
  volume: 'An endpoint is asked much more, or much less: factor',
  'traffic-changed': 'Somebody moves the traffic in the portal, past Wardroom: deployment, percent',
  'deployment-changed': 'Somebody puts another model version into a deployment, past Wardroom: deployment, version',
  'endpoint-deleted': 'Somebody deletes an online endpoint, past Wardroom: endpoint',
  'cluster-made': 'Somebody made a cluster some days ago, whose nodes cost since',
} as const;
export type Scenario = keyof typeof SCENARIOS;
export type ScenarioParams = Readonly<Record<string, string | number>>;

const name = z.string().min(1).max(255);
const version = z.union([z.string().min(1).max(32), z.number().int().positive()]).transform(String);
const percent = z.number().min(0).max(100);
const points = z.number().min(0).max(100);
const factor = z.number().positive().max(100);
const money = z.number().positive().max(1e9);
const forMinutes = z.number().positive().max(100_000);
const deployed = { endpoint: name.optional(), deployment: name.optional() };
const versioned = { workspace: name.optional(), model: name.optional(), version: version.optional() };

/** What each scenario may be told; what is left out is filled in by `settle`. Nothing else gets into the journal. */
export const SCENARIO_INPUTS: Readonly<Record<Scenario, z.ZodObject>> = {
  drift: z.strictObject({ ...deployed, forMinutes: forMinutes.optional() }),
  latency: z.strictObject({ ...deployed, factor: factor.optional(), forMinutes: forMinutes.optional() }),
  'failed-run': z.strictObject({ workspace: name.optional(), experiment: name.optional(), reason: name.optional() }),
  'cost-spike': z.strictObject({ budget: name.optional(), limit: money.optional(), spent: money.optional() }),
  quota: z.strictObject({ workspace: name.optional(), percent: percent.optional() }),
  'model-registered': z.strictObject(versioned),
  'model-deleted': z.strictObject(versioned),
  'evidence-broken': z.strictObject({
    ...versioned,
    file: z.enum(['fairness', 'explanation', 'robustness', 'data-quality', 'smoke']).optional(),
    fault: z.enum(['large', 'nan', 'not-json', 'missing', 'mended']).optional(),
  }),
  regression: z.strictObject({
    ...deployed,
    latencyFactor: factor.optional(),
    errorPoints: points.optional(),
    qualityPoints: points.optional(),
    outcomePercent: percent.optional(),
    forMinutes: forMinutes.optional(),
  }),
  split: z.strictObject({ ...deployed, factor: factor.optional(), forMinutes: forMinutes.optional() }),
  'data-version': z.strictObject({
    endpoint: name.optional(),
    lost: name.optional(),
    gained: name.optional(),
    by: name.optional(),
  }),
  volume: z.strictObject({ endpoint: name.optional(), factor: factor.optional() }),
  'traffic-changed': z.strictObject({ ...deployed, percent: percent.optional(), by: name.optional() }),
  'deployment-changed': z.strictObject({ ...deployed, version: version.optional(), by: name.optional() }),
  'endpoint-deleted': z.strictObject({ endpoint: name.optional(), by: name.optional() }),
  'cluster-made': z.strictObject({
    workspace: name.optional(),
    compute: name.optional(),
    nodes: z.number().int().min(1).max(100).optional(),
    daysAgo: z.number().int().min(0).max(9).optional(),
    by: name.optional(),
  }),
};

/** Fills in what the caller left out, so that the journal says exactly what happened. */
export function settle(state: EstateState, scenario: Scenario, params: ScenarioParams, at: number): ScenarioParams {
  if (scenario === 'endpoint-deleted') {
    const { name: endpoint } = onlineEndpoint(params);
    if (!endpointAt(state, endpoint, at)) throw new RangeError(`${endpoint} is deleted already`);
    return { by: 'gita.rao@northwind.example', ...params, endpoint };
  }
  if (ABOUT_A_DEPLOYMENT.includes(scenario)) {
    const endpoint = onlineEndpoint(params);
    const deployment = String(params.deployment ?? newest(state, endpoint, at));
    const known = deploymentsAt(state, endpoint, at);
    if (!known.some((each) => each.name === deployment))
      throw new RangeError(
        `${endpoint.name} has no deployment ${deployment}; it has ${known.map((each) => each.name).join(', ')}`,
      );
    const settled = { ...params, endpoint: endpoint.name, deployment };
    if (scenario === 'regression')
      return { latencyFactor: 1.6, errorPoints: 2, qualityPoints: 0, outcomePercent: 0, ...settled };
    if (scenario === 'split') return { factor: 2, ...settled };
    if (scenario === 'traffic-changed') return { percent: 100, by: 'gita.rao@northwind.example', ...settled };
    if (scenario === 'deployment-changed') return { version: '5', by: 'gita.rao@northwind.example', ...settled };
    // With a second deployment somebody can move the traffic away; with one, the trouble has to end by itself.
    const ends: ScenarioParams = known.length > 1 ? {} : { forMinutes: 45 };
    return { ...ends, ...settled };
  }
  if (scenario === 'data-version' || scenario === 'volume') {
    const endpoint = onlineEndpoint(params);
    const lost = endpoint.features.at(-1)?.name ?? '';
    const by = 'gita.rao@northwind.example';
    return {
      ...(scenario === 'volume' ? { factor: 2.4 } : { lost, gained: `${lost}_v2`, by }),
      ...params,
      endpoint: endpoint.name,
    };
  }
  const workspace = String(params.workspace ?? WORKSPACES[0]?.name ?? '');
  if (!WORKSPACES.some((each) => each.name === workspace))
    throw new RangeError(
      `there is no workspace ${workspace}; there are ${WORKSPACES.map((each) => each.name).join(', ')}`,
    );
  if (scenario === 'failed-run')
    return { experiment: 'train-fraud-detector', reason: 'OutOfMemory', ...params, workspace };
  if (scenario === 'cluster-made') {
    const settled = {
      compute: 'gpu-burst',
      nodes: 2,
      daysAgo: 2,
      by: 'hugo.weiss@northwind.example',
      ...params,
      workspace,
    };
    if (computeAt(state, workspace, String(settled.compute), at))
      throw new RangeError(`${workspace} has a compute ${settled.compute} already`);
    return settled;
  }
  if (scenario === 'cost-spike') return { budget: 'ml-monthly', limit: 40_000, spent: 46_380.5, ...params };
  if (scenario === 'quota') return { percent: 97, ...params, workspace };
  const wanted = String(params.model ?? 'fraud-detector');
  const model = modelSeed(wanted);
  if (!model)
    throw new RangeError(`there is no model ${wanted}; there are ${MODELS.map((each) => each.name).join(', ')}`);
  if (scenario === 'model-deleted') {
    const known = versionsOf(state, model, at).map((each) => each.version);
    const version = String(params.version ?? known.at(-1) ?? '');
    if (!known.includes(version))
      throw new RangeError(`${wanted} has no version ${version}; it has ${known.join(', ') || 'none'}`);
    return { ...params, model: model.name, version, workspace: model.workspace };
  }
  const broken: ScenarioParams = scenario === 'evidence-broken' ? { file: 'robustness', fault: 'large' } : {};
  return {
    ...broken,
    version: String(Math.max(0, ...versionsOf(state, model, at).map((each) => Number(each.version) || 0)) + 1),
    ...params,
    model: model.name,
    workspace: model.workspace,
  };
}

/** The one that is named, or the first. */
function onlineEndpoint(params: ScenarioParams): EndpointSeed {
  const endpoint = endpointSeed(String(params.endpoint ?? ENDPOINTS[0]?.name ?? ''));
  if (endpoint?.kind === 'online') return endpoint;
  const online = ENDPOINTS.filter(({ kind }) => kind === 'online').map((each) => each.name);
  throw new RangeError(`there is no online endpoint ${params.endpoint}; there are ${online.join(', ')}`);
}

const ABOUT_A_DEPLOYMENT: readonly Scenario[] = [
  'drift',
  'latency',
  'regression',
  'split',
  'traffic-changed',
  'deployment-changed',
];

const newest = (state: EstateState, endpoint: EndpointSeed, at: number): string => {
  const traffic = endpointAt(state, endpoint.name, at)?.traffic ?? {};
  const all = deploymentsAt(state, endpoint, at);
  const serving = all.filter((each) => (traffic[each.name] ?? 0) > 0);
  return (serving.at(-1) ?? all.at(-1))?.name ?? '';
};

/** The webhooks a scenario causes by itself; drift and latency speak through the monitors and the alert rules. */
export function scenarioEvents({ id, at, scenario, params }: Happened): Webhook[] {
  const workspace = String(params.workspace ?? '');
  if (scenario === 'failed-run') {
    const experiment = String(params.experiment);
    return [
      runEvent({
        id: `${id}-run`,
        at,
        workspace,
        experiment,
        runId: failedRunId(experiment, id),
        runType: 'azureml.StepRun',
        status: 'Failed',
        tags: {},
        properties: { 'azureml.errorCode': String(params.reason) },
      }),
    ];
  }
  if (scenario === 'cost-spike')
    return [
      budgetAlert(`${id}-budget`, at, {
        name: String(params.budget),
        limit: Number(params.limit),
        spent: Number(params.spent),
      }),
    ];
  if (scenario === 'quota')
    return [
      metricAlert({
        episode: id,
        rule: `${workspace}-quota`,
        severity: 'Sev3',
        description: `Quota utilisation of ${workspace} above 90 %`,
        target: armWorkspaceId(workspace),
        targetName: workspace,
        targetType: 'microsoft.machinelearningservices/workspaces',
        resourceGroup: WORKSPACES.find((each) => each.name === workspace)?.resourceGroup ?? '',
        metric: 'Quota Utilization Percentage',
        namespace: 'Microsoft.MachineLearningServices/workspaces',
        threshold: 90,
        aggregation: 'Average',
        dimensions: [],
        value: Number(params.percent),
        firedAt: at,
      }),
    ];
  if (scenario === 'model-registered')
    return [
      modelRegistered(`${id}-model`, at, {
        workspace,
        name: String(params.model),
        version: String(params.version),
      }),
    ];
  return [];
}
