import type { Clock } from '../core/clock.ts';

/**
 * Keeps within Cost Management's query units before it has to say 429: 12 in ten seconds, 60 in a minute, 600 in an hour
 * for a tenant (https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation). Others of the tenant
 * spend of the same, so a part is left to them. Real time: it paces a network, not the domain.
 */
export interface Pace {
  /** Waits until there is room. */
  turn(): Promise<void>;
  /** An answer said how many units it took. */
  spent(units: number): void;
}

export const UNPACED: Pace = { turn: async () => undefined, spent: () => undefined };

const WINDOWS = [
  { ms: 10_000, units: 12 },
  { ms: 60_000, units: 60 },
  { ms: 3_600_000, units: 600 },
] as const;
const OUR_PART = 0.75;

export function costPace(clock: Pick<Clock, 'monotonic' | 'sleep'>): Pace {
  let log: { at: number; units: number }[] = [];
  return {
    spent(units) {
      log.push({ at: clock.monotonic(), units: Number.isFinite(units) && units > 0 ? units : 1 });
    },
    async turn() {
      for (let wait = waitOf(log, clock.monotonic()); wait > 0; wait = waitOf(log, clock.monotonic())) {
        await clock.sleep(wait);
      }
      const oldest = clock.monotonic() - WINDOWS[2].ms;
      log = log.filter(({ at }) => at > oldest);
    },
  };
}

/** Milliseconds until every window has room for one more unit. */
export function waitOf(log: readonly { at: number; units: number }[], now: number): number {
  let wait = 0;
  for (const { ms, units } of WINDOWS) {
    const inside = log.filter(({ at }) => at > now - ms);
    let over = inside.reduce((sum, each) => sum + each.units, 0) + 1 - units * OUR_PART;
    for (const each of inside) {
      if (over <= 0) break;
      over -= each.units;
      wait = Math.max(wait, each.at + ms - now);
    }
  }
  return wait;
}
