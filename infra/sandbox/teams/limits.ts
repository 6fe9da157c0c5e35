import type { Clock } from '../../../services/core/clock.ts';

/**
 * Teams' rate limits for one bot (Microsoft Learn, "Optimize your bot with rate limiting in Teams"): per thread, which is
 * a whole channel or chat, and per tenant. Edits, deletes and typing count as sends: the page lists "send to
 * conversation" only, and a bot that survives the stricter reading survives the other.
 */
export interface Limit {
  most: number;
  withinSeconds: number;
}

const per = (...pairs: [most: number, withinSeconds: number][]): Limit[] =>
  pairs.map(([most, withinSeconds]) => ({ most, withinSeconds }));

export const SEND_LIMITS = per([7, 1], [8, 2], [60, 30], [1800, 3600]);
export const READ_LIMITS = per([14, 1], [16, 2], [120, 30], [3600, 3600]);
export const TENANT_LIMITS = per([50, 1]);

export interface RateLimiter {
  /** Counts one request; when it is over a limit, the seconds to wait (at least 1) and nothing is counted. */
  take(key: string, limits: readonly Limit[]): number | undefined;
  reset(): void;
}

/**
 * Sliding windows. A request is forgotten when its window has passed on either clock: a bot may pace itself in real
 * time while the sandbox's clock stands still, and an hour that the sandbox jumps over is an hour.
 */
export function rateLimiter(clock: Clock): RateLimiter {
  const taken = new Map<string, { at: number; real: number }[]>();
  const age = (entry: { at: number; real: number }) =>
    Math.max(clock.ms() - entry.at, clock.monotonic() - entry.real) / 1000;
  return {
    take(key, limits) {
      const longest = Math.max(...limits.map((limit) => limit.withinSeconds));
      const all = taken.get(key) ?? [];
      // Ages only fall from front to back, so that the expired ones are a prefix.
      const firstLive = all.findIndex((entry) => age(entry) < longest);
      const live = firstLive < 0 ? [] : firstLive === 0 ? all : all.slice(firstLive);
      taken.set(key, live);
      for (const { most, withinSeconds } of limits) {
        const first = live.at(-most);
        if (first && age(first) < withinSeconds) return Math.max(1, Math.ceil(withinSeconds - age(first)));
      }
      live.push({ at: clock.ms(), real: clock.monotonic() });
      return undefined;
    },
    reset: () => taken.clear(),
  };
}
