import type { Temporal } from 'temporal-polyfill';
import { episodesOf, isOpen, type Marks, mark, NO_MARKS } from './episodes.rules.ts';
import type { Signal, SignalKind } from './signal.ts';
import { placeOf } from './signal.ts';
import { sameName } from './signal-place.ts';

/** What correlation needs to know of an incident that is not closed. */
export interface OpenIncident {
  id: string;
  workspace?: string | undefined;
  endpoint?: string | undefined;
  /** When its latest signal was received, and when that signal says it started. */
  lastSignalAt: Temporal.Instant;
  lastStartedAt?: Temporal.Instant | undefined;
  /** Dedup keys of all its episodes, open and ended. */
  keys: readonly string[];
  /** For a signal of drift: it holds drift of the same deployment that the other watch found, Wardroom's or Azure ML's. */
  sameDrift?: boolean;
  /** What its alerts have in common by their route, when a route groups them. */
  group?: string | undefined;
}

export interface Correlation {
  /**
   * `update`: an episode the incident already has. `join`: a new episode of this incident. `open`: a new incident.
   * `record`: keep the marks, tell nobody (it is over already, or ends something that never opened an incident).
   */
  action: 'update' | 'join' | 'open' | 'record';
  /** For `update` and `join`. */
  incident?: string;
  /** The dedup key's marks with this signal in them; store them whatever the action is. */
  marks: Marks;
  /** The marks say something new: `false` for a repeat that changes nothing. */
  changed: boolean;
  reason: string;
}

export interface CorrelationOptions {
  /** Signals of one endpoint belong together when they come within this time of an open incident's latest. */
  windowMinutes?: number;
  /** What is known about this signal's dedup key, also from before any incident. */
  marks?: Marks;
  /** Alerts of one group belong together, however far apart; without it nearness decides. */
  group?: string;
}

export const CORRELATION_WINDOW_MINUTES = 30;

/**
 * Where a signal belongs. A redelivery of the same message (same `eventKey`) is best dropped before; if it is not, the
 * answer is an `update` or `record` that changes nothing.
 */
export function correlate(
  now: Temporal.Instant,
  signal: Signal,
  open: readonly OpenIncident[],
  options: CorrelationOptions = {},
): Correlation {
  const before = options.marks ?? NO_MARKS;
  const marks = mark(before, signal);
  const changed = JSON.stringify(marks) !== JSON.stringify(before);
  const known = { marks, changed };
  const holder = open.find((incident) => incident.keys.includes(signal.dedupKey));
  if (signal.condition === 'resolved') {
    if (!holder) return { action: 'record', ...known, reason: 'It ends something that has no open incident.' };
    const reason = isOpen(marks)
      ? 'An earlier episode of the same alert ended; it fires again since.'
      : `The alert ended at ${lastEnd(marks)}.`;
    return { action: 'update', incident: holder.id, ...known, reason };
  }
  if (!isOpen(marks)) {
    const reason = `It came late: the alert had already ended at ${lastEnd(marks)}.`;
    return holder
      ? { action: 'update', incident: holder.id, ...known, reason }
      : { action: 'record', ...known, reason };
  }
  if (holder) {
    return isOpen(before)
      ? { action: 'update', incident: holder.id, ...known, reason: 'The same alert is still firing.' }
      : { action: 'join', incident: holder.id, ...known, reason: 'The same alert fires again after it had ended.' };
  }
  if (options.group !== undefined) {
    const mate = open.find(({ group }) => group === options.group);
    return mate
      ? { action: 'join', incident: mate.id, ...known, reason: 'Its group has an open incident.' }
      : { action: 'open', ...known, reason: 'Its group has no open incident.' };
  }
  const windowMinutes = options.windowMinutes ?? CORRELATION_WINDOW_MINUTES;
  const neighbour = neighbours(now, signal, open, windowMinutes)[0];
  if (neighbour) {
    const reason = neighbour.sameDrift
      ? `The same drift of ${placeOf(neighbour)}, found by another watch, has an open incident.`
      : `The same endpoint (${placeOf(neighbour)}) had a signal less than ${windowMinutes} minutes before.`;
    return { action: 'join', incident: neighbour.id, ...known, reason };
  }
  const reason = signal.endpoint
    ? `No open incident of ${signal.endpoint} had a signal in the last ${windowMinutes} minutes.`
    : 'No open incident has this alert, and it names no endpoint by which it could belong to one.';
  return { action: 'open', ...known, reason };
}

/**
 * Open incidents of the signal's endpoint that are near in time, the most recently active first. Nearness is taken by
 * receipt or by start, whichever is closer: a delivery that waited in a retry queue belongs where it started. Drift that
 * Wardroom and Azure ML's monitor both find is near however far apart their runs are, and comes first. Budgets belong to
 * no endpoint's trouble.
 */
function neighbours(now: Temporal.Instant, signal: Signal, open: readonly OpenIncident[], windowMinutes: number) {
  if (!signal.endpoint || signal.kind === 'budget') return [];
  const window = windowMinutes * 60_000;
  const near = (a: Temporal.Instant, b: Temporal.Instant) =>
    Math.abs(a.epochMilliseconds - b.epochMilliseconds) <= window;
  return open
    .filter((incident) => incident.group === undefined && sameName(incident.endpoint, signal.endpoint))
    .filter((incident) => !incident.workspace || !signal.workspace || sameName(incident.workspace, signal.workspace))
    .filter(
      ({ lastSignalAt, lastStartedAt, sameDrift }) =>
        sameDrift || near(now, lastSignalAt) || (lastStartedAt !== undefined && near(signal.startedAt, lastStartedAt)),
    )
    .sort(
      (a, b) =>
        Number(b.sameDrift ?? false) - Number(a.sameDrift ?? false) ||
        b.lastSignalAt.epochMilliseconds - a.lastSignalAt.epochMilliseconds ||
        (a.id < b.id ? -1 : 1),
    );
}

const lastEnd = (marks: Marks): string => {
  const end = episodesOf(marks).at(-1)?.endedAt;
  return end === undefined ? 'an unknown time' : new Date(end).toISOString();
};

/** An episode as an incident keeps it. */
export interface IncidentEpisode {
  dedupKey: string;
  kind: SignalKind;
  /** The platform never says Resolved for it (Signal.stateless). */
  stateless: boolean;
  rule: string;
  startedAt: Temporal.Instant;
  endedAt?: Temporal.Instant | undefined;
}

/** A change made to the incident's endpoint since (a rollback, a traffic change). */
export interface EndpointChange {
  state: 'running' | 'succeeded' | 'failed';
  /** "ep-fraud traffic to blue 100 %" */
  what: string;
  /** When it finished; for a running one, when it began. */
  at: Temporal.Instant;
}

export interface Closing {
  close: boolean;
  /** When it was over: the latest end of an episode, or the change that cured it. Only when `close`. */
  endedAt?: Temporal.Instant;
  /** Dedup keys of stateless episodes that are over by rule; mark them ended (markEnded) in the same transaction. */
  recovered: readonly string[];
  waitingFor: readonly string[];
  reason: string;
}

/**
 * Whether an incident is over.
 *
 * 1. Every episode whose alert can resolve must have resolved.
 * 2. No change of the endpoint may still be running.
 * 3. Drift found by a monitor never resolves (Azure ML sends no such event). It counts as recovered when a change of the
 *    endpoint succeeded after the drift was found, and rule 1 holds.
 * 4. A failed run or a budget needs a person to close it. Activity-log entries (a deployment, a scaling) only accompany:
 *    they end with the rest, and alone they need a person too.
 */
export function closing(episodes: readonly IncidentEpisode[], changes: readonly EndpointChange[]): Closing {
  const open = episodes.filter((episode) => episode.endedAt === undefined);
  const accompanies = ({ kind, stateless }: IncidentEpisode) =>
    stateless && (kind === 'deployment' || kind === 'other');
  const wait = (waitingFor: readonly string[]): Closing => ({
    close: false,
    recovered: [],
    waitingFor,
    reason: `Still open: ${waitingFor.join('; ')}.`,
  });
  if (episodes.length === 0) return wait(['a first signal']);
  const waiting = open.filter((episode) => !episode.stateless).map((episode) => `${episode.rule} has not resolved`);
  waiting.push(...changes.filter(({ state }) => state === 'running').map(({ what }) => `${what} is still running`));
  const cures = changes.filter(({ state }) => state === 'succeeded');
  const cureOf = (episode: IncidentEpisode) =>
    cures
      .filter(({ at }) => at.epochMilliseconds >= episode.startedAt.epochMilliseconds)
      .sort((a, b) => b.at.epochMilliseconds - a.at.epochMilliseconds)[0];
  const stateless = open.filter((episode) => episode.stateless && !accompanies(episode));
  for (const episode of stateless) {
    if (episode.kind !== 'drift') waiting.push(`${episode.rule} never resolves by itself, a person closes it`);
    else if (!cureOf(episode))
      waiting.push(`${episode.rule} found drift and no change of the endpoint succeeded since`);
  }
  if (episodes.every(accompanies) && open.length > 0) waiting.push('a person, as nothing here resolves by itself');
  if (waiting.length > 0) return wait(waiting);
  const cured = stateless.flatMap((episode) => cureOf(episode) ?? []);
  const ends = [...episodes.flatMap(({ endedAt }) => endedAt ?? []), ...cured.map(({ at }) => at)];
  const last = ends.sort((a, b) => a.epochMilliseconds - b.epochMilliseconds).at(-1);
  const resolved = episodes.some((episode) => !episode.stateless) ? 'Every alert that can resolve has resolved' : '';
  const drift = cured[0] ? `drift counts as recovered, because “${cured[0].what}” succeeded after it was found` : '';
  const said = [resolved, drift].filter(Boolean).join('; ') || 'Everything has ended';
  return {
    close: true,
    ...(last ? { endedAt: last } : {}),
    recovered: open.map(({ dedupKey }) => dedupKey),
    waitingFor: [],
    reason: `${said.charAt(0).toUpperCase()}${said.slice(1)}.`,
  };
}
