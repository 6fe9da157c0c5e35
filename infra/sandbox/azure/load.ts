import { type DeploymentSeed, type EndpointSeed, same } from './northwind.ts';
import { noise } from './random.ts';
import { DAY, deploymentsAt, type EstateState, HOUR, MINUTE, weightAt } from './state.ts';

/** How traffic flows and how fast it is answered: pure functions of (seed, time, state). */

const ONSET_MS = 60_000;
const RECOVERY_MS = 120_000;
/** A problem is noticed when it has already been there for a while: Azure's alert windows are five minutes. */
export const NOTICED_AFTER_MS = 8 * MINUTE;

/** Requests per minute: a day with its peak at 13:00 UTC, a quieter weekend, a little noise. */
export function requestsPerMinute(state: EstateState, endpoint: EndpointSeed, at: number): number {
  const hour = (at % DAY) / HOUR;
  const day = new Date(at).getUTCDay();
  const shape = 0.35 + 0.65 * Math.max(0, Math.cos(((hour - 13) / 24) * 2 * Math.PI) * 0.5 + 0.5);
  const wobble = 1 + 0.05 * noise(state.seed, endpoint.name, 'rpm', Math.floor(at / MINUTE));
  return endpoint.peakRpm * shape * (day === 0 || day === 6 ? 0.8 : 1) * wobble * volumeAt(state, endpoint.name, at);
}

/** A change of volume, or a quota that fills up, is noticed when it has been there for half an hour. */
const PRESSURE_BEFORE_MS = 30 * MINUTE;

function volumeAt(state: EstateState, endpoint: string, at: number): number {
  const last = state.happened
    .filter((each) => each.scenario === 'volume' && same(String(each.params.endpoint), endpoint))
    .filter((each) => at >= each.at - PRESSURE_BEFORE_MS)
    .at(-1);
  return Number(last?.params.factor ?? 1);
}

/** Percent of a workspace's compute quota in use: as the scenario `quota` says from a while before it is told. */
export function quotaPercent(state: EstateState, workspace: string, at: number): number {
  const last = state.happened
    .filter((each) => each.scenario === 'quota' && same(String(each.params.workspace), workspace))
    .filter((each) => at >= each.at - PRESSURE_BEFORE_MS)
    .at(-1);
  return last ? Number(last.params.percent) : 46 + 4 * noise(state.seed, workspace, 'quota', Math.floor(at / HOUR));
}

/** How strongly (0..1) a scenario of this kind acts on a deployment at `at`. */
export function trouble(
  state: EstateState,
  kind: string,
  endpoint: string,
  deployment: string,
  at: number,
): { strength: number; factor: number } {
  let strongest = { strength: 0, factor: 1 };
  for (const event of state.happened) {
    const { params } = event;
    if (event.scenario !== kind || !same(String(params.endpoint), endpoint)) continue;
    if (!same(String(params.deployment), deployment)) continue;
    const since = event.at - NOTICED_AFTER_MS;
    if (at < since) continue;
    const minutes = Number(params.forMinutes ?? 0);
    const until = minutes > 0 ? event.at + minutes * MINUTE : Number.POSITIVE_INFINITY;
    const rising = 1 - Math.exp(-(Math.min(at, until) - since) / ONSET_MS);
    const strength = at > until ? rising * Math.exp(-(at - until) / RECOVERY_MS) : rising;
    if (strength > strongest.strength) strongest = { strength, factor: Number(params.factor ?? 9) };
  }
  return strongest;
}

export interface Serving {
  deployment: string;
  /** 0..1 of the endpoint's requests, answered by it. */
  weight: number;
  /** 0..1 of the endpoint's requests, copied to it; nobody reads these answers. */
  mirrored: number;
  medianMs: number;
  spread: number;
  /** 0..1 answered 5xx. */
  errorShare: number;
}

/** What a new version is a little worse at, as the scenario `regression` says. */
export interface Regression {
  latencyFactor: number;
  errorPoints: number;
  /** Points of accuracy lost. */
  qualityPoints: number;
  /** Percent of the business lost: fewer buy, for less. */
  outcomePercent: number;
}

export function regressionOf(state: EstateState, endpoint: string, deployment: string, at: number): Regression {
  const none = { latencyFactor: 1, errorPoints: 0, qualityPoints: 0, outcomePercent: 0 };
  return state.happened
    .filter((each) => each.scenario === 'regression' && each.at <= at)
    .filter(({ params }) => same(String(params.endpoint), endpoint) && same(String(params.deployment), deployment))
    .reduce(
      (_, { params }) => ({
        latencyFactor: Number(params.latencyFactor ?? 1),
        errorPoints: Number(params.errorPoints ?? 0),
        qualityPoints: Number(params.qualityPoints ?? 0),
        outcomePercent: Number(params.outcomePercent ?? 0),
      }),
      none,
    );
}

function serving(state: EstateState, endpoint: EndpointSeed, deployment: DeploymentSeed, at: number): Serving {
  const { strength, factor } = trouble(state, 'latency', endpoint.name, deployment.name, at);
  const wobble = 1 + 0.04 * noise(state.seed, endpoint.name, deployment.name, 'latency', Math.floor(at / MINUTE));
  const worse = regressionOf(state, endpoint.name, deployment.name, at);
  return {
    deployment: deployment.name,
    weight: weightAt(state, endpoint.name, deployment.name, at) * strayed(state, endpoint.name, deployment.name, at),
    mirrored: weightAt(state, endpoint.name, deployment.name, at, 'mirrorTraffic'),
    medianMs: deployment.medianMs * (1 + (factor - 1) * strength) * wobble * worse.latencyFactor,
    spread: deployment.spread,
    errorShare: Math.min(1, 0.0015 + 0.31 * strength + worse.errorPoints / 100),
  };
}

/** The scenario `split`: a router that sends a deployment another part than it was told. */
const strayed = (state: EstateState, endpoint: string, deployment: string, at: number): number =>
  state.happened
    .filter((each) => each.scenario === 'split' && each.at <= at && same(String(each.params.endpoint), endpoint))
    .reduce((factor, { params }) => (same(String(params.deployment), deployment) ? Number(params.factor) : factor), 1);

/** Who serves the endpoint at `at`, and how well. */
export const servings = (state: EstateState, endpoint: EndpointSeed, at: number): Serving[] =>
  deploymentsAt(state, endpoint, at)
    .filter((each) => at >= state.startedAt - each.ageHours * HOUR)
    .map((each) => serving(state, endpoint, each, at));

/** What a deployment itself sees includes the copies; callers of the endpoint never meet those. */
export const seenBy = (mixture: readonly Serving[], deployment: string): Serving[] =>
  mixture
    .filter((each) => same(each.deployment, deployment))
    .map((each) => ({ ...each, weight: each.weight + each.mirrored }));

/** Percent of the processors (or of the memory) that the mixture uses, on as many instances as it was made with. */
export function utilisation(
  state: EstateState,
  endpoint: EndpointSeed,
  mixture: readonly Serving[],
  metric: 'CpuUtilizationPercentage' | 'CpuMemoryUtilizationPercentage',
  at: number,
): number {
  const load = mixture.reduce((sum, each) => sum + each.weight * Math.log(each.medianMs), 0);
  const busy = (requestsPerMinute(state, endpoint, at) / Math.max(1, endpoint.peakRpm)) * 12 * load;
  const wobble = 3 * noise(state.seed, endpoint.name, metric, Math.floor(at / MINUTE));
  return (metric === 'CpuMemoryUtilizationPercentage' ? 35 + busy / 4 : 8 + busy) + wobble;
}

/** The q-quantile (milliseconds) of what callers see: a mixture of log-normals, solved by halving an interval. */
export function latency(mixture: readonly Serving[], q: number): number | undefined {
  const live = mixture.filter((each) => each.weight > 1e-6);
  const total = live.reduce((sum, each) => sum + each.weight, 0);
  if (total === 0) return undefined;
  let low = 0;
  let high = Math.log(60_000);
  for (let step = 0; step < 36; step += 1) {
    const middle = (low + high) / 2;
    const below = live.reduce(
      (sum, each) => sum + (each.weight / total) * normalCdf((middle - Math.log(each.medianMs)) / each.spread),
      0,
    );
    if (below < q) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

export const errorsPerMinute = (state: EstateState, endpoint: EndpointSeed, at: number): number =>
  requestsPerMinute(state, endpoint, at) *
  servings(state, endpoint, at).reduce((sum, each) => sum + each.weight * each.errorShare, 0);

/** Abramowitz and Stegun 26.2.17, |error| < 7.5e-8: plenty for a latency in milliseconds. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}
