import type { Temporal } from 'temporal-polyfill';
import type { DriftFeature, Signal, UpstreamFact } from './signal.ts';
import { changeOfFact, changeOfSignal, suspects, type UpstreamChange } from './upstream.rules.ts';

/** What Azure said about an incident; kept with it as JSON, shown on its card. */
export interface Findings {
  /** Drift per feature, from the monitor's run; the worst first. */
  drift: readonly DriftFeature[];
  /** What changed before it began, the likeliest first. */
  upstream: readonly { what: string; at: string; reason: string }[];
  /** Percent of live traffic per deployment when it was looked at. */
  traffic?: Readonly<Record<string, number>>;
  /** Where a rollback would lead: the deployment that serves most and is not the newest. */
  rollback?: { deployment: string; model?: string; from: Readonly<Record<string, number>> };
  /** What could not be found out, in words. */
  gaps: readonly string[];
  asOf: string;
}

/** The part of Azure that an investigation needs; bot/app.ts wires it to services/azure. */
export interface Investigator {
  /** Drift values of a monitor's run, limits included. */
  driftOf(workspace: string, runId: string): Promise<readonly DriftFeature[]>;
  /** What the endpoint's monitors said last; `undefined` when nothing monitors it. */
  latestDrift(workspace: string, endpoint: string): Promise<DriftLook | undefined>;
  endpoint(workspace: string, endpoint: string): Promise<EndpointFacts | undefined>;
  /** What changed in the workspace since, and what of it could not be asked. */
  changesSince(
    workspace: string,
    since: Temporal.Instant,
  ): Promise<{ changes: readonly UpstreamChange[]; missing: readonly string[] }>;
  /** How much the endpoint is asked, as a change when it is unusual. */
  volume(workspace: string, endpoint: string, startedAt: Temporal.Instant): Promise<readonly UpstreamChange[]>;
  /** How full the workspace's quota is and the cores of its region are, as a change when nearly nothing is left. */
  quota(workspace: string, startedAt: Temporal.Instant): Promise<readonly UpstreamChange[]>;
}

/** The results of the monitors of one endpoint, worst feature first. */
export interface DriftLook {
  monitors: readonly string[];
  readings: readonly DriftReading[];
  /** Rows that the monitor compared, where it says so. */
  rows?: { reference?: number; current?: number };
  asOf: string;
  /** Azure does not answer now; this is what it said last. */
  stale: boolean;
}

export interface DriftReading {
  feature: string;
  signal: string;
  metric: string;
  value: number;
  limit?: number;
  /** By Azure ML's own rule: p-values below their limit, everything else above; equality never. */
  breached: boolean;
  at: string;
  /** Oldest first, with `value` as the last. */
  history: readonly { at: string; value: number }[];
}

export interface EndpointFacts {
  /** Set when Azure does not answer now and this is what it said last: ISO 8601. */
  lastSaid?: string;
  traffic: Readonly<Record<string, number>>;
  deployments: readonly { name: string; model?: string; createdAt?: string }[];
}

const LOOKBACK_HOURS = 24;
const NOTHING = { changes: [], missing: [] };
const FEW = 2;
/** What is missed most comes first. */
const WEIGHT = ['the traffic of the endpoint', 'the drift of each feature'];

/**
 * Asks Azure about an incident. Every part may fail without the others: what is missing is said on the card, and nobody
 * waits for it. Never throws.
 */
export async function investigate(
  ask: Investigator,
  incident: { workspace: string | null; endpoint: string | null; startedAt: Temporal.Instant },
  signals: readonly Signal[],
  facts: readonly UpstreamFact[],
  now: Temporal.Instant,
  /** Alerts of other incidents before it. */
  others: readonly Signal[] = [],
): Promise<Findings> {
  const gaps: string[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch {
      // The client's guard has logged why; the card says what is not known.
      gaps.push(what);
      return otherwise;
    }
  };
  const { workspace, endpoint, startedAt } = incident;
  const drifting = signals.find(({ kind, runId }) => kind === 'drift' && runId !== undefined);
  const known = drifting?.details.features ?? [];
  const since = startedAt.subtract({ hours: LOOKBACK_HOURS });
  const [drift, state, changed, volume, quota] = await Promise.all([
    workspace && drifting?.runId && known.length === 0
      ? attempt('the drift of each feature', () => ask.driftOf(workspace, drifting.runId ?? ''), [])
      : known,
    workspace && endpoint
      ? attempt('the traffic of the endpoint', () => ask.endpoint(workspace, endpoint), undefined)
      : undefined,
    workspace ? attempt('what changed upstream', () => ask.changesSince(workspace, since), NOTHING) : NOTHING,
    workspace && endpoint ? attempt('traffic volume', () => ask.volume(workspace, endpoint, startedAt), []) : [],
    workspace ? attempt('quota', () => ask.quota(workspace, startedAt), []) : [],
  ]);
  // A few are named; a list of everything that was looked for would hide what matters more.
  gaps.push(...(changed.missing.length > FEW ? ['part of what changed upstream'] : changed.missing));
  if (state?.lastSaid) gaps.push(`the traffic of the endpoint after ${state.lastSaid.slice(11, 16)} UTC`);
  const told = [
    ...facts.flatMap((fact) => changeOfFact(fact) ?? []),
    ...others.flatMap((signal) => changeOfSignal(signal) ?? []),
  ];
  const models = state?.deployments.flatMap(({ model }) => model ?? []) ?? [];
  const trouble = { startedAt, ...(workspace ? { workspace } : {}), ...(endpoint ? { endpoint } : {}), models };
  const found = suspects(trouble, [...changed.changes, ...volume, ...quota, ...told]);
  const back = state ? wayBack(state) : undefined;
  return {
    drift: [...drift].sort((a, b) => b.value / b.threshold - a.value / a.threshold),
    upstream: found.map(({ change, reason }) => ({ what: change.what, at: change.at.toString(), reason })),
    ...(state ? { traffic: state.traffic } : {}),
    ...(back ? { rollback: back } : {}),
    gaps: gaps.toSorted((a, b) => weightOf(a) - weightOf(b)),
    asOf: now.toString(),
  };
}

function weightOf(gap: string): number {
  const at = WEIGHT.findIndex((what) => gap.startsWith(what));
  return at < 0 ? WEIGHT.length : at;
}

/**
 * The deployment to go back to: among those that serve, the one with the most traffic that is older than the newest.
 * None when only one serves: there is nothing to take traffic away from.
 */
export function wayBack(state: EndpointFacts): Findings['rollback'] {
  const serving = state.deployments.filter(({ name }) => (state.traffic[name] ?? 0) > 0);
  if (serving.length < 2) return undefined;
  const byAge = [...serving].sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  const older = byAge.slice(0, -1).sort((a, b) => (state.traffic[b.name] ?? 0) - (state.traffic[a.name] ?? 0))[0];
  if (!older) return undefined;
  return { deployment: older.name, from: state.traffic, ...(older.model ? { model: older.model } : {}) };
}
