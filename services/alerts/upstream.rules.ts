import type { Temporal } from 'temporal-polyfill';
import type { Signal, UpstreamFact } from './signal.ts';
import { sameName } from './signal-place.ts';

/** Something that was changed before (or while) it went wrong. */
export interface UpstreamChange {
  id: string;
  kind:
    | 'deployment'
    | 'traffic'
    | 'model-version'
    | 'environment'
    | 'data-version'
    | 'schema'
    | 'config'
    | 'scale'
    | 'quota'
    | 'volume'
    | 'cost'
    | 'run';
  at: Temporal.Instant;
  workspace?: string | undefined;
  endpoint?: string | undefined;
  deployment?: string | undefined;
  /** `name:version` of what is concerned. */
  models?: readonly string[] | undefined;
  /** A clause without its time: "fraud-detector:7 got 10 % of the traffic". */
  what: string;
}

/** What went wrong, with its lineage: what the endpoint serves. */
export interface Trouble {
  startedAt: Temporal.Instant;
  workspace?: string | undefined;
  endpoint?: string | undefined;
  deployment?: string | undefined;
  /** Model names, with or without version. */
  models?: readonly string[] | undefined;
}

export interface Suspect {
  change: UpstreamChange;
  /** 0 to 1: lineage × kind × nearness in time. For ordering; no probability. */
  score: number;
  /** Whole minutes before the trouble started. */
  minutesBefore: number;
  reason: string;
}

const LOOKBACK_DAYS = 14;
/** A change this old counts half of one that was just made. */
const HALF_LIFE_MINUTES = 12 * 60;
/** Clocks of two services differ: a change this much "after" the start may still have come before it. */
const SKEW_MINUTES = 2;

/** How directly a change of this kind alters what an endpoint answers. */
const KIND_WEIGHT: Readonly<Record<UpstreamChange['kind'], number>> = {
  // A new deployment is what changed; the traffic it was given is how it came to matter.
  deployment: 1,
  traffic: 0.95,
  'model-version': 0.8,
  schema: 0.8,
  environment: 0.75,
  'data-version': 0.7,
  config: 0.6,
  scale: 0.4,
  quota: 0.5,
  // More requests are rarely why answers are wrong, and often why they are late.
  volume: 0.5,
  run: 0.3,
  // Money tells that something else changed.
  cost: 0.2,
};

/**
 * What changed before it went wrong, most suspect first. Changes without any relation (another workspace, no common
 * model) and changes after the start are left out.
 */
export function suspects(trouble: Trouble, changes: readonly UpstreamChange[], most = 5): readonly Suspect[] {
  const unique = [...new Map(changes.map((change) => [change.id, change])).values()];
  return unique
    .flatMap((change) => suspect(trouble, change) ?? [])
    .sort((a, b) => b.score - a.score || a.minutesBefore - b.minutesBefore || (a.change.id < b.change.id ? -1 : 1))
    .slice(0, most);
}

function suspect(trouble: Trouble, change: UpstreamChange): Suspect | undefined {
  const minutes = (trouble.startedAt.epochMilliseconds - change.at.epochMilliseconds) / 60_000;
  if (minutes < -SKEW_MINUTES || minutes > LOOKBACK_DAYS * 1440) return undefined;
  const lineage = lineageOf(trouble, change);
  if (!lineage) return undefined;
  const before = Math.max(0, minutes);
  const score = lineage.weight * KIND_WEIGHT[change.kind] * 0.5 ** (before / HALF_LIFE_MINUTES);
  const minutesBefore = Math.floor(before);
  const when = minutesBefore === 0 ? 'at the same time' : `${spokenMinutes(minutesBefore)} before`;
  return { change, score, minutesBefore, reason: `${change.what} ${when} (${lineage.why})` };
}

function lineageOf(trouble: Trouble, change: UpstreamChange): { weight: number; why: string } | undefined {
  const elsewhere = differs(trouble.workspace, change.workspace);
  if (!elsewhere && sameName(trouble.endpoint, change.endpoint)) {
    if (sameName(trouble.deployment, change.deployment)) return { weight: 1, why: 'the same deployment' };
    return { weight: differs(trouble.deployment, change.deployment) ? 0.8 : 0.95, why: 'the same endpoint' };
  }
  const name = commonModel(trouble.models, change.models);
  if (name) return { weight: 0.7, why: `the same model, ${name}` };
  if (change.endpoint !== undefined || elsewhere || !sameName(trouble.workspace, change.workspace)) return undefined;
  return { weight: 0.3, why: 'the same workspace' };
}

const differs = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && !sameName(a, b);

function commonModel(a: readonly string[] = [], b: readonly string[] = []): string | undefined {
  const names = new Set(b.map(nameOf));
  return a.map(nameOf).find((name) => names.has(name));
}
const nameOf = (model: string): string => model.replace(/:[^:]*$/, '').toLowerCase();

/** "2 h 50 min", "3 days 4 h". */
export function spokenMinutes(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}${hours > 0 ? ` ${hours} h` : ''}`;
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}

const FACT_KINDS: Readonly<Record<UpstreamFact['kind'], UpstreamChange['kind'] | undefined>> = {
  'model-registered': 'model-version',
  'model-deployed': 'deployment',
  'run-completed': 'run',
  'run-status': undefined,
};

/** A fact from Event Grid as a change; `undefined` for one that changes nothing (a run's intermediate status). */
export function changeOfFact(fact: UpstreamFact): UpstreamChange | undefined {
  const kind = FACT_KINDS[fact.kind];
  if (!kind) return undefined;
  const { eventKey: id, at, workspace, endpoint, deployment, models, summary: what } = fact;
  return { id, kind, at, workspace, endpoint, deployment, models, what };
}

/** Other alerts before it that can be its cause: a pipeline that failed, a quota that was used up, cost that jumped. */
export function changeOfSignal(signal: Signal): UpstreamChange | undefined {
  const { eventKey: id, startedAt: at, workspace, endpoint, headline } = signal;
  const quota = /quota/i.test(`${signal.rule} ${signal.details.metric ?? ''}`);
  const kind = signal.kind === 'failed-run' ? 'run' : signal.kind === 'budget' ? 'cost' : quota ? 'quota' : undefined;
  if (!kind || signal.condition !== 'fired') return undefined;
  return { id, kind, at, workspace, endpoint: kind === 'run' ? undefined : endpoint, what: headline };
}
