import type { Entry } from './journal.ts';
import { type DeploymentSeed, type EndpointSeed, endpointSeed, same } from './northwind.ts';
import { noise } from './random.ts';

export type Share = Readonly<Record<string, number>>;
export type EndpointChange = Extract<Entry, { type: 'endpoint' }>;
export type DeploymentChange = Extract<Entry, { type: 'deployment' }>;
export type Happened = Extract<Entry, { type: 'happened' }>;
export type ArmWrite = Extract<Entry, { type: 'arm' }>;
export type Fault = Extract<Entry, { type: 'fault' }>;

/** All instants are milliseconds since the epoch, on the estate's clock. */
export interface EstateState {
  seed: number;
  startedAt: number;
  changes: EndpointChange[];
  deployments: DeploymentChange[];
  happened: Happened[];
  /** What was written of schedules, jobs, deployments and autoscale settings, oldest first. */
  writes: ArmWrite[];
  faults: (Fault & { met: number })[];
  delivered: Set<string>;
}

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;
/** The routers and autoscalers settle with this time constant after traffic was changed. */
const SETTLE_MS = 75_000;

export const emptyState = (): EstateState => ({
  seed: 0,
  startedAt: 0,
  changes: [],
  deployments: [],
  happened: [],
  writes: [],
  faults: [],
  delivered: new Set(),
});

/** Applies one line of the journal. */
export function fold(state: EstateState, line: Entry): void {
  switch (line.type) {
    case 'start':
      Object.assign(state, emptyState(), { seed: line.seed, startedAt: line.at });
      return;
    // In the order in which they take effect: one that was taken late stands after what was asked later.
    case 'endpoint':
      state.changes = [...state.changes, line].sort((a, b) => a.doneAt - b.doneAt);
      return;
    case 'deployment':
      state.deployments = [...state.deployments, line].sort((a, b) => a.doneAt - b.doneAt);
      return;
    case 'happened':
      state.happened.push(line);
      return;
    case 'arm':
      state.writes.push(line);
      return;
    case 'fault':
      if (line.mode === 'off')
        state.faults = state.faults.filter((each) => line.service !== '*' && each.service !== line.service);
      else state.faults.push({ ...line, met: 0 });
      return;
    case 'fault-met':
      for (const each of state.faults) if (each.id === line.id) each.met += 1;
      return;
    case 'delivered':
      state.delivered.add(line.id);
      return;
  }
}

/**
 * The state as it was known at `at`. A scenario colours the minutes before it was noticed; what was decided in those
 * minutes (a rule's evaluation, a nightly run) was decided without it, and must be so again in a replay.
 */
export const asKnownAt = (state: EstateState, at: number): EstateState =>
  state.happened.some((each) => each.at > at)
    ? { ...state, happened: state.happened.filter((each) => each.at <= at) }
    : state;

export interface EndpointNow {
  traffic: Share;
  mirrorTraffic: Share;
  tags: Readonly<Record<string, string>>;
  description: string;
  provisioningState: 'Succeeded' | 'Updating';
  modifiedAt: number;
  modifiedBy?: string;
}

export const deletedAt = (state: EstateState, name: string, at: number): Happened | undefined =>
  state.happened.find(
    (each) => each.scenario === 'endpoint-deleted' && each.at <= at && same(String(each.params.endpoint), name),
  );

/**
 * The endpoint as ARM shows it at `at`: a change is shown when it is done, `Updating` until then. `undefined` for what was
 * never there, or was deleted.
 */
export function endpointAt(state: EstateState, name: string, at: number): EndpointNow | undefined {
  const seed = endpointSeed(name);
  if (!seed || deletedAt(state, name, at)) return undefined;
  const last = seed.traffic.at(-1);
  const changes = state.changes.filter((each) => same(each.endpoint, name) && each.at <= at);
  const done = changes.filter((each) => each.doneAt <= at && !each.fails).at(-1);
  const tags = { owner: ownerOf(seed.workspace), env: 'prod' };
  return {
    traffic: done?.resource.traffic ?? last?.share ?? {},
    mirrorTraffic: done?.resource.mirrorTraffic ?? {},
    tags: done?.resource.tags ?? tags,
    description: done?.resource.description ?? seed.description,
    provisioningState: changes.some((each) => each.doneAt > at) ? 'Updating' : 'Succeeded',
    modifiedAt: done?.doneAt ?? state.startedAt - (last?.ageHours ?? 0) * HOUR,
    ...(done ? { modifiedBy: done.by ?? 'wardroom' } : {}),
  };
}

const ownerOf = (workspace: string) =>
  ({ 'mlw-payments-weu': 'fraud', 'mlw-retail-weu': 'retail', 'mlw-risk-neu': 'risk' })[workspace] ?? 'platform';

/** A deployment as it stands, and how it came to be so when somebody wrote it after the start. */
export interface DeploymentNow extends DeploymentSeed {
  provisioningState: 'Succeeded' | 'Updating' | 'Failed';
  changedAt?: number;
  changedBy?: string;
  /** As ARM was sent it last. */
  body?: Readonly<Record<string, unknown>>;
}

/** Every deployment of an endpoint at `at`: those of the seed, then what was written since; one under way shows `Updating`. */
export function deploymentsAt(state: EstateState, endpoint: EndpointSeed, at: number): DeploymentNow[] {
  if (deletedAt(state, endpoint.name, at)) return [];
  const found = new Map<string, DeploymentNow>(
    endpoint.deployments.map((each) => [each.name.toLowerCase(), { ...each, provisioningState: 'Succeeded' }]),
  );
  for (const change of state.deployments) {
    if (!same(change.endpoint, endpoint.name) || change.at > at) continue;
    const key = change.deployment.toLowerCase();
    const before = found.get(key);
    const done = change.doneAt <= at;
    if (done && !change.fails) found.set(key, deployed(state, endpoint, change, before));
    else if (before) found.set(key, { ...before, provisioningState: done ? 'Succeeded' : 'Updating' });
    else
      found.set(key, {
        ...deployed(state, endpoint, change, undefined),
        provisioningState: done ? 'Failed' : 'Updating',
      });
  }
  return [...found.values()];
}

/** A version answers about as fast as the one it was made after. */
function deployed(
  state: EstateState,
  endpoint: EndpointSeed,
  change: DeploymentChange,
  before: DeploymentNow | undefined,
): DeploymentNow {
  const { properties = {}, sku } = change.body as {
    properties?: { model?: string; instanceType?: string };
    sku?: { capacity?: number };
  };
  const [, model = '', version = ''] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(properties.model ?? '') ?? [];
  const like = before ?? endpoint.deployments[0];
  return {
    name: before?.name ?? change.deployment,
    model: model || (like?.model ?? ''),
    version: version || (like?.version ?? ''),
    instanceType: properties.instanceType ?? like?.instanceType ?? 'Standard_DS3_v2',
    instances: sku?.capacity ?? like?.instances ?? 1,
    ageHours: before?.ageHours ?? (state.startedAt - change.doneAt) / HOUR,
    author: before?.author ?? change.by ?? 'wardroom',
    medianMs: (endpoint.deployments[0]?.medianMs ?? 40) * (1 + 0.03 * noise(state.seed, model, version, 'speed')),
    spread: like?.spread ?? 0.5,
    provisioningState: 'Succeeded',
    changedAt: change.doneAt,
    changedBy: change.by ?? 'wardroom',
    body: change.body,
  };
}

/** Every share an endpoint has had, oldest first: from the seed, then what was changed and succeeded. */
export function sharesOf(
  state: EstateState,
  name: string,
  of: 'traffic' | 'mirrorTraffic' = 'traffic',
): { since: number; share: Share }[] {
  const seed = endpointSeed(name);
  const before = (seed?.traffic ?? []).map(({ ageHours, share }) => ({
    since: state.startedAt - ageHours * HOUR,
    share: of === 'traffic' ? (share as Share) : {},
  }));
  const after = state.changes
    .filter((each) => same(each.endpoint, name) && !each.fails)
    .map((each) => ({ since: each.doneAt, share: each.resource[of] as Share }));
  return [...before, ...after];
}

/**
 * The part of the live requests (0..1) that a deployment really serves at `at`, or that are copied to it: a minute or two
 * behind what ARM shows.
 */
export function weightAt(
  state: EstateState,
  endpoint: string,
  deployment: string,
  at: number,
  of: 'traffic' | 'mirrorTraffic' = 'traffic',
): number {
  const shares = sharesOf(state, endpoint, of).filter((each) => each.since <= at);
  return shares.reduce((weight, { since, share }, index) => {
    const target = (share[deployment] ?? 0) / 100;
    if (index === 0) return target;
    const until = Math.min(shares[index + 1]?.since ?? at, at);
    return target + (weight - target) * Math.exp(-(until - since) / SETTLE_MS);
  }, 0);
}
