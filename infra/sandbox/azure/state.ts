import type { Entry } from './journal.ts';
import { endpointSeed, same } from './northwind.ts';

export type Share = Readonly<Record<string, number>>;
export type EndpointChange = Extract<Entry, { type: 'endpoint' }>;
export type Happened = Extract<Entry, { type: 'happened' }>;
export type ArmWrite = Extract<Entry, { type: 'arm' }>;
export type Fault = Extract<Entry, { type: 'fault' }>;

/** All instants are milliseconds since the epoch, on the estate's clock. */
export interface EstateState {
  seed: number;
  startedAt: number;
  changes: EndpointChange[];
  happened: Happened[];
  /** What was written of schedules, jobs and deployments, oldest first. */
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
    case 'endpoint':
      state.changes.push(line);
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
}

/** The endpoint as ARM shows it at `at`: a change is shown when it is done, `Updating` until then. */
export function endpointAt(state: EstateState, name: string, at: number): EndpointNow | undefined {
  const seed = endpointSeed(name);
  if (!seed) return undefined;
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
  };
}

const ownerOf = (workspace: string) =>
  ({ 'mlw-payments-weu': 'fraud', 'mlw-retail-weu': 'retail', 'mlw-risk-neu': 'risk' })[workspace] ?? 'platform';

/** Every share an endpoint has had, oldest first: from the seed, then what was changed and succeeded. */
export function sharesOf(state: EstateState, name: string): { since: number; share: Share }[] {
  const seed = endpointSeed(name);
  const before = (seed?.traffic ?? []).map(({ ageHours, share }) => ({
    since: state.startedAt - ageHours * HOUR,
    share: share as Share,
  }));
  const after = state.changes
    .filter((each) => same(each.endpoint, name) && !each.fails)
    .map((each) => ({ since: each.doneAt, share: each.resource.traffic as Share }));
  return [...before, ...after];
}

/** The part of the live requests (0..1) a deployment really serves at `at`, a minute or two behind what ARM shows. */
export function weightAt(state: EstateState, endpoint: string, deployment: string, at: number): number {
  const shares = sharesOf(state, endpoint).filter((each) => each.since <= at);
  return shares.reduce((weight, { since, share }, index) => {
    const target = (share[deployment] ?? 0) / 100;
    if (index === 0) return target;
    const until = Math.min(shares[index + 1]?.since ?? at, at);
    return target + (weight - target) * Math.exp(-(until - since) / SETTLE_MS);
  }, 0);
}
