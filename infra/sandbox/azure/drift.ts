import { trouble } from './load.ts';
import { type EndpointSeed, same } from './northwind.ts';
import { noise } from './random.ts';
import { deploymentsAt, type EstateState, HOUR, sharesOf } from './state.ts';

/** Population stability index of the monitored features: pure functions of (seed, time, state). */

/** What fraud-detector:7 does to ep-fraud's inputs as long as it takes traffic (its new feature preparation is wrong). */
const GREEN_DRIFT: Readonly<Record<string, number>> = {
  amount: 0.262,
  merchant_category: 0.178,
  distance_km: 0.07,
  country: 0.05,
  hour_of_day: 0.01,
  card_age_days: 0.02,
};
const DEVELOPS_MS = 0.9 * HOUR;
const FADES_MS = 150_000;

/** How much (0..1) of a deployment's production window carries its own drift. */
function exposure(state: EstateState, endpoint: string, deployment: string, at: number): number {
  const shares = sharesOf(state, endpoint).filter((each) => each.since <= at);
  return shares.reduce((level, { since, share }, index) => {
    const until = shares[index + 1]?.since ?? at;
    const serves = (share[deployment] ?? 0) > 0;
    const gone = Math.exp(-(until - since) / (serves ? DEVELOPS_MS : FADES_MS));
    return serves ? 1 - (1 - level) * gone : level * gone;
  }, 0);
}

export interface FeatureDrift {
  feature: string;
  type: 'Numerical' | 'Categorical';
  psi: number;
  limit: number;
}

/** Every monitored feature of an endpoint at `at`. PSI without a unit, three decimals as the monitor's charts show. */
export function driftAt(state: EstateState, endpoint: EndpointSeed, at: number): FeatureDrift[] {
  const green = same(endpoint.name, 'ep-fraud') ? exposure(state, endpoint.name, 'green', at) : 0;
  const sent = Math.max(
    0,
    ...deploymentsAt(state, endpoint, at).map((each) => trouble(state, 'drift', endpoint.name, each.name, at).strength),
  );
  return endpoint.features.map(({ name, type, usualPsi, limit }, index) => {
    const wobble = 1 + 0.04 * noise(state.seed, endpoint.name, name, 'psi', Math.floor(at / HOUR));
    const own = same(endpoint.name, 'ep-fraud') ? green * (GREEN_DRIFT[name] ?? 0) : 0;
    // A drift that was sent to another endpoint hits its first two features; ep-fraud has its own story.
    const added = same(endpoint.name, 'ep-fraud') ? 0 : sent * ([0.27, 0.17][index] ?? 0);
    return { feature: name, type, limit, psi: Math.round((usualPsi * wobble + own + added) * 1000) / 1000 };
  });
}

/** Azure ML's rule for PSI: strictly above the threshold breaches (statistics.md, section 1). */
export const breaches = (features: readonly FeatureDrift[]): FeatureDrift[] =>
  features.filter((each) => each.psi > each.limit);
