import { errorsPerMinute, latency, servings, trouble } from './load.ts';
import { ENDPOINTS, type EndpointSeed, workspaceSeed } from './northwind.ts';
import { asKnownAt, deploymentsAt, type EstateState, MINUTE, weightAt } from './state.ts';
import { armEndpointId, type MetricAlert, metricAlert, type Webhook } from './webhooks.ts';

const WINDOW_MINUTES = 5;
export const ONLINE_NAMESPACE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

export interface MetricRule {
  name: string;
  endpoint: EndpointSeed;
  metric: string;
  severity: 'Sev1' | 'Sev2';
  threshold: number;
  dimensions: readonly { name: string; value: string }[];
  description: string;
  value(state: EstateState, at: number): number;
}

/** Two rules per online endpoint, as its owner would have set them up: slow answers, and server errors. */
export const METRIC_RULES: readonly MetricRule[] = ENDPOINTS.filter((each) => each.kind === 'online').flatMap(
  (endpoint): MetricRule[] => [
    {
      name: `${endpoint.name}-latency-p95`,
      endpoint,
      metric: 'RequestLatency_P95',
      severity: 'Sev2',
      threshold: endpoint.p95LimitMs,
      dimensions: [],
      description: `95th percentile latency of ${endpoint.name} above ${endpoint.p95LimitMs} ms for 5 minutes`,
      value: (state, at) => latency(servings(state, endpoint, at), 0.95) ?? 0,
    },
    {
      name: `${endpoint.name}-5xx`,
      endpoint,
      metric: 'RequestsPerMinute',
      severity: 'Sev1',
      threshold: endpoint.errorsPerMinuteLimit,
      dimensions: [{ name: 'statusCodeClass', value: '5xx' }],
      description: `More than ${endpoint.errorsPerMinuteLimit} server errors a minute on ${endpoint.name} for 5 minutes`,
      value: (state, at) => errorsPerMinute(state, endpoint, at),
    },
  ],
);

export interface RuleWatch {
  /** Everything that fired or resolved since the last call, up to `now`; the same after a restart. */
  advanceTo(state: EstateState, now: number): Webhook[];
  /** Something happened at an instant that may have been looked at already: look again. */
  lookAgainAt(at: number): void;
  /** Rules that are firing, for the strip beside the chat. */
  firing(): readonly string[];
}

interface Watched {
  cursor: number;
  open: Map<string, { firedAt: number }>;
}

/**
 * Azure evaluates a metric rule every minute over its window. So do we, at every whole minute and at the instants a
 * scenario happened, so that a replay after a restart sees the same crossings at the same instants.
 */
export function ruleWatch(): RuleWatch {
  const watched = new Map<string, Watched>();

  const evaluate = (state: EstateState, endpoint: EndpointSeed, watch: Watched, at: number): Webhook[] =>
    METRIC_RULES.filter((rule) => rule.endpoint.name === endpoint.name).flatMap((rule) => {
      const value = averageOf(state, rule, at);
      const open = watch.open.get(rule.name);
      if (!open && value > rule.threshold) {
        watch.open.set(rule.name, { firedAt: at });
        return [metricAlert(described(rule, { firedAt: at, value }))];
      }
      if (open && value <= rule.threshold) {
        watch.open.delete(rule.name);
        return [metricAlert(described(rule, { firedAt: open.firedAt, resolvedAt: at, value }))];
      }
      return [];
    });

  const advance = (state: EstateState, endpoint: EndpointSeed, now: number): Webhook[] => {
    const troubles = state.happened.filter(
      (each) => each.scenario === 'latency' && each.params.endpoint === endpoint.name,
    );
    const first = troubles[0];
    if (!first) return [];
    const watch = watched.get(endpoint.name) ?? { cursor: first.at - 1, open: new Map() };
    watched.set(endpoint.name, watch);
    const out: Webhook[] = [];
    const marks = [...troubles.map((each) => each.at), ...state.changes.map((each) => each.doneAt)];
    while (watch.cursor < now) {
      const event = Math.min(...marks.filter((at) => at > watch.cursor), Number.POSITIVE_INFINITY);
      const minute = (Math.floor(watch.cursor / MINUTE) + 1) * MINUTE;
      // Nothing can cross while nothing is wrong and nothing changes: a month of quiet costs one step.
      const quiet = watch.open.size === 0 && calm(asKnownAt(state, watch.cursor), endpoint, watch.cursor);
      const at = quiet ? event : Math.min(minute, event);
      if (at > now) {
        if (quiet) watch.cursor = now;
        break;
      }
      watch.cursor = at;
      out.push(...evaluate(asKnownAt(state, at), endpoint, watch, at));
    }
    return out;
  };

  return {
    advanceTo: (state, now) => ENDPOINTS.flatMap((endpoint) => advance(state, endpoint, now)),
    lookAgainAt(at) {
      for (const each of watched.values()) each.cursor = Math.min(each.cursor, at - 1);
    },
    firing: () => [...watched.values()].flatMap((each) => [...each.open.keys()]),
  };
}

/** No deployment in trouble serves anybody, now or in the window that is being averaged. */
const calm = (state: EstateState, endpoint: EndpointSeed, at: number): boolean =>
  deploymentsAt(state, endpoint, at).every(
    (each) =>
      weightAt(state, endpoint.name, each.name, at - WINDOW_MINUTES * MINUTE) < 1e-4 ||
      trouble(state, 'latency', endpoint.name, each.name, at - WINDOW_MINUTES * MINUTE).strength < 1e-4,
  );

function averageOf(state: EstateState, rule: MetricRule, at: number): number {
  let sum = 0;
  for (let back = 0; back < WINDOW_MINUTES; back += 1) sum += rule.value(state, at - back * MINUTE);
  return sum / WINDOW_MINUTES;
}

function described(rule: MetricRule, crossing: { firedAt: number; resolvedAt?: number; value: number }): MetricAlert {
  return {
    episode: `${rule.name}@${crossing.firedAt}`,
    rule: rule.name,
    severity: rule.severity,
    description: rule.description,
    target: armEndpointId(rule.endpoint),
    targetName: rule.endpoint.name,
    targetType: ONLINE_NAMESPACE.toLowerCase(),
    resourceGroup: workspaceSeed(rule.endpoint.workspace)?.resourceGroup ?? '',
    metric: rule.metric,
    namespace: ONLINE_NAMESPACE,
    threshold: rule.threshold,
    aggregation: 'Average',
    dimensions: rule.dimensions,
    ...crossing,
  };
}
