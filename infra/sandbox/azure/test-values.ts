import { regressionOf, requestsPerMinute, type Serving, servings } from './load.ts';
import type { EndpointSeed } from './northwind.ts';
import { same } from './northwind.ts';
import { noise } from './random.ts';
import { LABEL_AFTER_MS } from './scored.ts';
import { type EstateState, MINUTE } from './state.ts';

/** Single values of two deployments as running sums: what Log Analytics adds up for a test between them. */
export type Valued = 'latency' | 'label' | 'outcome';

interface Step {
  at: number;
  deployment: string;
  n: number;
  sum: number;
  squares: number;
}

/** One request in ten gets a label, as one in ten that is looked into. */
const LABELLED = 0.1;
const RIGHT = 0.79;
/** What Northwind's shops report: whether somebody bought, and for how much. */
const CONVERSION = 0.04;
const BASKET = { mean: 62, deviation: 41 };

export function testValues(
  state: EstateState,
  endpoint: EndpointSeed,
  asked: { of: Valued; outcome: string; deployments: readonly string[] },
  span: { from: number; to: number; step: number },
): Step[] {
  const rows: Step[] = [];
  // Labels come late, so that nothing young has one.
  const to = asked.of === 'label' ? span.to - LABEL_AFTER_MS : span.to;
  for (let at = Math.floor(span.from / span.step) * span.step; at < to; at += span.step) {
    const middle = Math.min(at + span.step / 2, to);
    for (const each of servings(state, endpoint, middle)) {
      if (!asked.deployments.some((name) => same(name, each.deployment))) continue;
      const requests = requestsPerMinute(state, endpoint, middle) * each.weight * (span.step / MINUTE);
      const n = Math.round(requests * (asked.of === 'label' ? LABELLED : 1 - each.errorShare));
      const drawn = n > 0 ? valuesOf(state, endpoint, each, asked, middle) : undefined;
      if (!drawn) continue;
      const { mean, variance, whole } = drawn;
      const wobble = noise(state.seed, endpoint.name, each.deployment, asked.of, asked.outcome, at);
      const sum = n * mean + Math.sqrt(n * variance) * wobble;
      const total = whole ? Math.min(n, Math.max(0, Math.round(sum))) : sum;
      rows.push({
        at,
        deployment: each.deployment,
        n,
        sum: total,
        squares: whole ? total : n * variance + total ** 2 / n,
      });
    }
  }
  return rows;
}

function valuesOf(
  state: EstateState,
  endpoint: EndpointSeed,
  each: Serving,
  { of, outcome }: { of: Valued; outcome: string },
  at: number,
): { mean: number; variance: number; whole: boolean } | undefined {
  const worse = regressionOf(state, endpoint.name, each.deployment, at);
  const rate = (p: number) => ({ mean: p, variance: p * (1 - p), whole: true });
  if (of === 'label') return rate(RIGHT - worse.qualityPoints / 100);
  if (of === 'latency') {
    // Log-normal, as load.ts has it.
    const mean = each.medianMs * Math.exp(each.spread ** 2 / 2);
    return { mean, variance: mean ** 2 * (Math.exp(each.spread ** 2) - 1), whole: false };
  }
  const lost = 1 - worse.outcomePercent / 100;
  if (same(outcome, 'conversion')) return rate(CONVERSION * lost);
  return same(outcome, 'basket')
    ? { mean: BASKET.mean * lost, variance: BASKET.deviation ** 2, whole: false }
    : undefined;
}
