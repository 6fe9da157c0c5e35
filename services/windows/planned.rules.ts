import type { Temporal } from 'temporal-polyfill';
import type { Organisation } from '../core/organisation.ts';
import type { ChangeState } from '../store/tables/windows.ts';
import type { Conflict, Planned } from './conflicts.rules.ts';
import type { Interval } from './intervals.ts';
import { matchesAny } from './scope.rules.ts';
import type { Exemption } from './spec.rules.ts';

/** What a requested change says besides what, where and when. */
export interface ChangeBody {
  plan: string;
  /** How it is taken back. */
  wayBack: string;
  risk: 'low' | 'medium' | 'high';
  security: boolean;
  /** The agreed standard change that it is one of. */
  standard?: string;
  /** What it shares with others: a quota pool, a feature store. */
  pool?: string;
  /** Instances and cores of each that it will run, for quota. */
  instances?: number;
  coresPerInstance?: number;
  /** The pipeline that is started with it. */
  pipeline?: string;
}

export interface CheckItem {
  text: string;
  doneBy?: string;
  /** ISO 8601. */
  doneAt?: string;
}

export type { ChangeState };

export type Move = 'start' | 'hold' | 'abort' | 'done' | 'withdraw' | 'edit' | 'hand-over';

/** What may be done to a change in each state. Everything else is refused with the state in words. */
const MOVES: Readonly<Record<ChangeState, readonly Move[]>> = {
  voting: ['withdraw', 'edit', 'hand-over'],
  approved: ['start', 'withdraw', 'edit', 'hand-over'],
  waiting: ['start', 'withdraw', 'edit', 'hand-over'],
  running: ['hold', 'abort', 'done', 'hand-over'],
  held: ['start', 'abort', 'done', 'hand-over'],
  done: [],
  aborted: [],
  rejected: [],
  expired: [],
  withdrawn: [],
};
export const may = (state: ChangeState, move: Move): boolean => MOVES[state].includes(move);
export const isOver = (state: ChangeState): boolean => MOVES[state].length === 0;
export const OPEN_STATES: readonly ChangeState[] = ['voting', 'approved', 'waiting', 'running', 'held'];

export const STATE_WORDS: Readonly<Record<ChangeState, string>> = {
  voting: 'waiting for votes',
  approved: 'approved',
  waiting: 'waiting until it is open',
  running: 'running',
  held: 'held',
  done: 'done',
  aborted: 'aborted',
  rejected: 'rejected',
  expired: 'expired without a decision',
  withdrawn: 'withdrawn',
};

/** What of a change the calendar lets pass: an emergency, a security fix, an agreed standard change. */
export const traitsOf = (change: { class: string; body: Pick<ChangeBody, 'security'> }): Exemption[] => [
  ...(change.body.security ? (['security'] as const) : []),
  ...(change.class === 'emergency' ? (['emergency'] as const) : []),
  ...(change.class === 'standard' ? (['standard'] as const) : []),
];

/** The agreed standard change, when every target is among those it was agreed for. */
export function standardOf(
  organisation: Pick<Organisation, 'changes'>,
  id: string | undefined,
  targets: readonly string[],
) {
  const found = organisation.changes.standard.find((each) => each.id === id);
  return found && targets.every((target) => matchesAny(found.endpoints, target)) ? found : undefined;
}

/** Endpoints by name; "ep-fraud/green" is a deployment of ep-fraud, a workspace is what is above its endpoints. */
export function parentsOf(
  organisation: Pick<Organisation, 'endpoints'>,
  targets: readonly string[],
): Record<string, string> {
  const parents: Record<string, string> = {};
  for (const { id, workspace } of organisation.endpoints) parents[id] = workspace;
  for (const target of targets) {
    const [endpoint = '', deployment] = target.split('/');
    if (deployment !== undefined) parents[target] = endpoint;
  }
  return parents;
}

/** Times at which it could run instead: as asked when it fits, then after each thing that is in the way. */
export function alternatives(
  change: Planned,
  options: {
    most: number;
    /** Candidate starts, in order of preference. Milliseconds. */
    from: readonly number[];
    /** The next start at or after this one that the calendar lets it have; undefined when there is none. */
    opens: (from: number) => number | undefined;
    conflicts: (moved: Planned) => readonly Conflict[];
  },
): Interval[] {
  const length = change.end - change.start;
  const found: Interval[] = [];
  const tried = new Set<number>();
  const queue = [...options.from];
  while (queue.length > 0 && found.length < options.most && tried.size < MOST_TRIES) {
    const wanted = queue.shift() ?? 0;
    const start = options.opens(wanted);
    if (start === undefined || tried.has(start)) continue;
    tried.add(start);
    const moved = { ...change, start, end: start + length };
    const conflicts = options.conflicts(moved);
    if (conflicts.length === 0 && start !== change.start) found.push({ start, end: moved.end });
    for (const { span } of conflicts) if (span && Number.isFinite(span.end)) queue.push(span.end);
    queue.push(start + DAY_MS);
  }
  return found.sort((a, b) => a.start - b.start);
}
const MOST_TRIES = 40;
const DAY_MS = 86_400_000;

/**
 * Which of those that wait (their time has come, or somebody pressed start) starts now: in the order in which they were to run, so far apart, and only when the calendar
 * lets it and nothing else changes one of its targets.
 */
export function nextToStart<T extends { id: string; startsAt: number; targets: readonly string[] }>(
  now: number,
  waiting: readonly T[],
  around: {
    /** Targets that are being changed. */
    busy: readonly string[];
    /** When the last one started by itself. */
    lastStart: number | undefined;
    spreadMs: number;
    open: (change: T) => boolean;
  },
): { start?: T; lookAgain?: number } {
  const ready = [...waiting]
    .sort((a, b) => a.startsAt - b.startsAt || a.id.localeCompare(b.id, 'en', { numeric: true }))
    .filter((change) => around.open(change) && !change.targets.some((target) => around.busy.includes(target)));
  const [first, second] = ready;
  if (!first) return {};
  const earliest = around.lastStart === undefined ? now : around.lastStart + around.spreadMs;
  if (earliest > now) return { lookAgain: earliest };
  return { start: first, ...(second ? { lookAgain: now + around.spreadMs } : {}) };
}

export const minutesBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  Math.round((to.epochMilliseconds - from.epochMilliseconds) / 60_000);
