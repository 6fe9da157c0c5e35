import type { Temporal } from 'temporal-polyfill';
import type { Signal } from './signal.ts';

/**
 * What is known about one dedup key: when it fired and when it ended. Event Grid and action groups deliver at least once
 * and in any order, so this is a set that only grows: adding marks is commutative and idempotent, and the episodes are
 * read from the whole set. Times are milliseconds since the epoch, so that the marks are plain JSON.
 */
export interface Marks {
  /** Starts not yet covered by an interval below; ascending. */
  readonly fired: readonly number[];
  /** From firing to end, merged where they overlap; `from` equals `to` when the message did not say when it fired. */
  readonly ended: readonly { readonly from: number; readonly to: number }[];
}

/** From firing to resolved. */
export interface Episode {
  startedAt: number;
  /** Left out while it fires. */
  endedAt?: number;
}

export const NO_MARKS: Marks = { fired: [], ended: [] };

export function mark(marks: Marks, signal: Pick<Signal, 'condition' | 'startedAt' | 'endedAt'>): Marks {
  const from = signal.startedAt.epochMilliseconds;
  if (signal.condition === 'fired') return normal([...marks.fired, from], marks.ended);
  const to = (signal.endedAt ?? signal.startedAt).epochMilliseconds;
  return normal(marks.fired, [...marks.ended, { from: Math.min(from, to), to }]);
}

/** Ends whatever fires at this instant: recovery by rule, or an incident closed by a person. */
export const markEnded = (marks: Marks, at: Temporal.Instant): Marks =>
  normal(marks.fired, [...marks.ended, { from: at.epochMilliseconds, to: at.epochMilliseconds }]);

/**
 * The episodes, oldest first; at most the last one is open.
 *
 * An end closes the start before it. Ends without a start between them belong to one episode, which ends at the latest
 * of them. A start later than every end is a new episode, never merged into the one before. An end that nothing was
 * seen to start is a closed episode of its own.
 */
export function episodesOf(marks: Marks): readonly Episode[] {
  const moments = [
    ...marks.fired.map((at) => ({ at, to: undefined })),
    ...marks.ended.map(({ from, to }) => ({ at: from, to })),
  ].sort((a, b) => a.at - b.at || (a.to ?? -1) - (b.to ?? -1));
  const episodes: Episode[] = [];
  let open: number | undefined;
  for (const { at, to } of moments) {
    const last = episodes.at(-1);
    if (to === undefined) open ??= at;
    else if (open !== undefined) {
      episodes.push({ startedAt: open, endedAt: to });
      open = undefined;
    } else if (at === to && last) last.endedAt = to;
    else episodes.push({ startedAt: at, endedAt: to });
  }
  if (open !== undefined) episodes.push({ startedAt: open });
  return episodes;
}

export const isOpen = (marks: Marks): boolean => {
  const last = episodesOf(marks).at(-1);
  return last !== undefined && last.endedAt === undefined;
};

function normal(fired: readonly number[], ended: Marks['ended']): Marks {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...ended].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  // A start inside a real interval is told by it; one that meets only a bare end is still needed, as that end's start.
  const covered = (at: number) => merged.some(({ from, to }) => from < to && from <= at && at <= to);
  const starts = [...new Set(fired)].filter((at) => !covered(at)).sort((a, b) => a - b);
  return { fired: starts, ended: merged };
}
