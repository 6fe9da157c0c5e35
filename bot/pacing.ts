import type { Recent } from '../services/store/tables.ts';

/**
 * Teams' documented limits per bot and conversation: messages in a window of milliseconds. Nothing is gained by going up
 * to the edge, so each keeps one message in reserve for an answer to somebody who is typing just then.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const WINDOWS: readonly (readonly [count: number, ms: number])[] = [
  [6, 1_000],
  [7, 2_000],
  [59, 30_000],
];
const PER_HOUR = 1_790;
const KEEP = 60;
const MINUTE_MS = 60_000;

export const NOTHING_SENT: Recent = { last: [], minutes: {} };

/** Milliseconds until one more message fits into every window; 0 when it may go now. */
export function waitMs(recent: Recent, now: number): number {
  let wait = 0;
  for (const [count, ms] of WINDOWS) {
    const oldest = recent.last[recent.last.length - count];
    if (oldest !== undefined) wait = Math.max(wait, oldest + ms - now);
  }
  const minute = Math.floor(now / MINUTE_MS);
  const counts = Object.entries(recent.minutes)
    .map(([at, sent]) => ({ at: Number(at), sent }))
    .filter(({ at }) => at > minute - 60)
    .sort((a, b) => a.at - b.at);
  let total = counts.reduce((sum, { sent }) => sum + sent, 0);
  for (const { at, sent } of counts) {
    if (total < PER_HOUR) break;
    total -= sent;
    wait = Math.max(wait, (at + 60) * MINUTE_MS - now);
  }
  return Math.max(0, wait);
}

/** The memory after one more message; what is older than every window is forgotten. */
export function sentAt(recent: Recent, now: number): Recent {
  const minute = Math.floor(now / MINUTE_MS);
  const minutes = Object.fromEntries(Object.entries(recent.minutes).filter(([at]) => Number(at) > minute - 60));
  minutes[String(minute)] = (minutes[String(minute)] ?? 0) + 1;
  return { last: [...recent.last, now].slice(-KEEP), minutes };
}

/** How long to wait before the n-th try of something that failed: 1 s, 2 s, 4 s … 5 min, with a fifth of jitter. */
export const backoffMs = (attempt: number, random: number): number =>
  Math.round(Math.min(300_000, 1_000 * 2 ** Math.max(0, attempt - 1)) * (0.9 + random / 5));
