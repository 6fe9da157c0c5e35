import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../services/core/clock.ts';
import { ruleWatch } from './alert-rules.ts';
import { breaches, driftAt } from './drift.ts';
import { jobEvents } from './jobs.ts';
import { type Entry, type Journal, memoryJournal } from './journal.ts';
import { errorsPerMinute, latency, requestsPerMinute, servings } from './load.ts';
import { monitorEvents } from './monitors.ts';
import { ENDPOINTS } from './northwind.ts';
import { pastWardroom } from './past-wardroom.ts';
import { uuidOf } from './random.ts';
import { type Scenario, type ScenarioParams, scenarioEvents, settle } from './scenarios.ts';
import { type EstateState, emptyState, endpointAt, type Fault, fold, type Share } from './state.ts';
import type { Webhook } from './webhooks.ts';

export type FaultService =
  | 'ml'
  | 'mlflow'
  | 'metrics'
  | 'logs'
  | 'cost'
  | 'graph'
  | 'activity'
  | 'blob'
  | 'github'
  | 'devops'
  | '*';

export interface FaultOrder {
  service: FaultService;
  /**
   * `429`, `500`; `garbage` answers nonsense with 200; `timeout` never answers; `lost-answer` makes the
   * change that was asked and drops the connection; `lost-request` drops it before the change is made; `late-request` drops it, and makes the change `retryAfter` seconds (300) later; `operation-fails` accepts a change that ends as Failed; `off` ends the service's faults.
   */
  mode: Fault['mode'];
  forMs?: number;
  count?: number;
  /** Seconds, sent as Retry-After; how late a `late-request` is taken. */
  retryAfter?: number;
}

export interface EndpointHealth {
  endpoint: string;
  workspace: string;
  traffic: Share;
  provisioningState: string;
  health: 'good' | 'degraded';
  requestsPerMinute: number;
  p95Ms?: number;
  errorsPerMinute: number;
  breachedFeatures: readonly string[];
}

export interface EstateSnapshot {
  at: number;
  startedAt: number;
  endpoints: readonly EndpointHealth[];
  faults: readonly { service: string; mode: string }[];
  firing: readonly string[];
}

export interface Estate {
  readonly seed: number;
  /** Milliseconds on the estate's clock. */
  now(): number;
  /** What the wire handlers read. Nobody else changes it than `record`. */
  state(): EstateState;
  record(entry: Entry): void;
  /** Makes something happen and returns the webhooks Azure would send for it at once. */
  happen(scenario: Scenario, params?: ScenarioParams): Webhook[];
  /** Webhooks that became due and were not handed out yet, in order: alerts that fired or resolved, runs that ended. */
  advanceTo(now: Temporal.Instant): Webhook[];
  /** The sandbox got a 2xx for it: it is not sent again after a restart. */
  delivered(id: string): void;
  fault(order: FaultOrder): void;
  snapshot(): EstateSnapshot;
  /** Back to the beginning of the story, at the clock's present. */
  reset(): void;
}

export interface EstateDeps {
  clock: Pick<Clock, 'ms'>;
  seed?: number;
  journal?: Journal;
}

/**
 * A simulated Azure (architecture, section 5): deterministic for a seed, living on the clock. What it is at any instant
 * follows from the seed, the journal and the time alone, so a process that was killed continues the same story.
 */
export function createEstate({ clock, seed = 1, journal = memoryJournal() }: EstateDeps): Estate {
  let state = emptyState();
  let rules = ruleWatch();
  let known = new Map<string, Webhook>();
  let handed = new Set<string>();
  let monitorsSeen = 0;

  const record = (entry: Entry) => {
    journal.append(entry);
    fold(state, entry);
  };

  const begin = () => {
    state = emptyState();
    rules = ruleWatch();
    known = new Map();
    handed = new Set();
    const lines = journal.read();
    if (lines.length === 0) record({ type: 'start', at: clock.ms(), seed });
    else for (const line of lines) fold(state, line);
    monitorsSeen = state.startedAt - 1;
    for (const event of state.happened) for (const hook of scenarioEvents(event)) known.set(hook.id, hook);
  };

  const due = (now: number): Webhook[] => {
    const found = [
      ...rules.advanceTo(state, now),
      ...monitorEvents(state, monitorsSeen, now),
      ...jobEvents(state, monitorsSeen, now),
    ];
    for (const hook of found) known.set(hook.id, hook);
    monitorsSeen = Math.max(monitorsSeen, now);
    const out = [...known.values()]
      .filter((hook) => hook.at <= now && !handed.has(hook.id) && !state.delivered.has(hook.id))
      .sort((a, b) => a.at - b.at);
    for (const hook of out) handed.add(hook.id);
    return out;
  };

  begin();
  return {
    seed: state.seed,
    now: () => clock.ms(),
    state: () => state,
    record,
    happen(scenario, params = {}) {
      const at = clock.ms();
      // The trouble colours the minutes before it is noticed, so what was due until now is settled first.
      const before = due(at);
      for (const hook of before) handed.delete(hook.id);
      const id = uuidOf(state.seed, scenario, at, state.happened.length);
      monitorsSeen = Math.min(monitorsSeen, at - 1);
      rules.lookAgainAt(at);
      record({ type: 'happened', at, id, scenario, params: { ...settle(state, scenario, params, at) } });
      const event = state.happened.at(-1);
      if (event) for (const line of pastWardroom(state, event)) record(line);
      for (const hook of event ? scenarioEvents(event) : []) known.set(hook.id, hook);
      return due(at);
    },
    advanceTo: (now) => due(now.epochMilliseconds),
    delivered: (id) => record({ type: 'delivered', at: clock.ms(), id }),
    fault({ service, mode, forMs, count, retryAfter }) {
      const at = clock.ms();
      const id = uuidOf(state.seed, 'fault', at, state.faults.length, service, mode);
      record({
        type: 'fault',
        at,
        id,
        service,
        mode,
        until: forMs === undefined ? null : at + forMs,
        count: count ?? null,
        retryAfter: retryAfter ?? null,
      });
    },
    snapshot() {
      const at = clock.ms();
      return {
        at,
        startedAt: state.startedAt,
        endpoints: ENDPOINTS.filter((each) => each.kind === 'online').map((seedOf) => health(state, seedOf, at)),
        faults: state.faults.filter((each) => active(each, at)).map(({ service, mode }) => ({ service, mode })),
        firing: rules.firing(),
      };
    },
    reset() {
      journal.clear();
      begin();
    },
  };
}

export const active = (fault: EstateState['faults'][number], at: number): boolean =>
  (fault.until === null || at < fault.until) && (fault.count === null || fault.met < fault.count);

function health(state: EstateState, endpoint: (typeof ENDPOINTS)[number], at: number): EndpointHealth {
  const now = endpointAt(state, endpoint.name, at);
  const p95 = latency(servings(state, endpoint, at), 0.95);
  const errors = errorsPerMinute(state, endpoint, at);
  const breached = breaches(driftAt(state, endpoint, at)).map((each) => each.feature);
  const bad = (p95 ?? 0) > endpoint.p95LimitMs || errors > endpoint.errorsPerMinuteLimit || breached.length > 0;
  return {
    endpoint: endpoint.name,
    workspace: endpoint.workspace,
    traffic: now?.traffic ?? {},
    provisioningState: now?.provisioningState ?? 'Unknown',
    health: bad ? 'degraded' : 'good',
    requestsPerMinute: Math.round(requestsPerMinute(state, endpoint, at)),
    ...(p95 === undefined ? {} : { p95Ms: Math.round(p95) }),
    errorsPerMinute: Math.round(errors * 10) / 10,
    breachedFeatures: breached,
  };
}
