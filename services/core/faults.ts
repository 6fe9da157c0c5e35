import type { Clock } from './clock.ts';
import { messageOf } from './errors.ts';
import type { Log } from './log.ts';

/**
 * The log of something that is tried again and again while what it needs is away (a database, say). The first fault is
 * written at once, then one line a minute with how many came meanwhile, and one when it works again: an outage of an hour
 * is sixty lines, and its beginning and its end are seen.
 */
export interface Faults {
  failed(error: unknown, fields?: object): void;
  /** It worked; cheap, so that it may be called every time. */
  worked(): void;
}

const SUMMARY_MS = 60_000;
/** Different faults of one outage (refused, timed out, ended): each is written when it first comes, up to so many. */
const KINDS_MOST = 8;

export function faults(deps: {
  clock: Pick<Clock, 'monotonic'>;
  log: Log;
  /** What fails, as the line says it: "the rounds of the timers met a fault; they go on". */
  says: string;
  /** What is said when it works again. */
  again: string;
  level?: 'warn' | 'error';
}): Faults {
  const { clock, log, says, again, level = 'error' } = deps;
  const kinds = new Set<string>();
  let [began, toldAt, untold, all] = [0, 0, 0, 0];

  return {
    failed(error, fields = {}) {
      const now = clock.monotonic();
      if (all === 0) [began, toldAt] = [now, now];
      all++;
      const message = messageOf(error);
      const isNew = !kinds.has(message) && kinds.size < KINDS_MOST;
      if (isNew) {
        kinds.add(message);
        log[level]({ ...fields, error: message }, says);
        return;
      }
      untold++;
      if (now - toldAt < SUMMARY_MS) return;
      log[level]({ ...fields, error: message, times: untold, seconds: Math.round((now - toldAt) / 1000) }, says);
      [toldAt, untold] = [now, 0];
    },
    worked() {
      if (all === 0) return;
      log.info({ times: all, seconds: Math.round((clock.monotonic() - began) / 1000) }, again);
      kinds.clear();
      [untold, all] = [0, 0];
    },
  };
}
