import { Temporal } from 'temporal-polyfill';

/**
 * The one door to time. Everything that asks "what time is it" or "wake me later" gets a Clock, so that a test or the
 * sandbox can move a month in a second and everything due happens, in order.
 *
 * `now` is the domain's time. `timeout` waits in real time and is only for wake-ups, deadlines of network calls and
 * pacing inside one process; anything that must survive a restart is a job (services/core/jobs.ts).
 */
export interface Clock {
  now(): Temporal.Instant;
  /** Milliseconds since the epoch, the same instant as `now()`. */
  ms(): number;
  /** Monotonic milliseconds for measuring durations; never moved by the sandbox. */
  monotonic(): number;
  timeout(fn: () => void, ms: number): Timer;
  sleep(ms: number): Promise<void>;
}

export interface Timer {
  cancel(): void;
}

const realTimeout = (fn: () => void, ms: number): Timer => {
  const handle = setTimeout(fn, ms);
  return { cancel: () => clearTimeout(handle) };
};

const realSleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  ms: () => Date.now(),
  monotonic: () => performance.now(),
  timeout: realTimeout,
  sleep: realSleep,
};

/**
 * A clock that runs at the usual pace but can be moved forward (the sandbox), or that stands still until it is moved
 * (a test). It never goes back: jobs that were due stay due.
 */
export interface MovableClock extends Clock {
  /** Move forward to this instant; earlier instants are refused. Listeners run before the promise resolves. */
  moveTo(instant: Temporal.Instant): Promise<void>;
  /** Called after every move. Returns the function that stops listening. */
  onMove(listener: (now: Temporal.Instant) => void | Promise<void>): () => void;
  readonly frozen: boolean;
}

export function movableClock(options: { start?: Temporal.Instant; frozen?: boolean } = {}): MovableClock {
  const frozen = options.frozen ?? false;
  const listeners = new Set<(now: Temporal.Instant) => void | Promise<void>>();
  let base = options.start?.epochMilliseconds ?? Date.now();
  let setAt = performance.now();
  const ms = () => (frozen ? base : Math.round(base + performance.now() - setAt));
  return {
    frozen,
    ms,
    now: () => Temporal.Instant.fromEpochMilliseconds(ms()),
    monotonic: () => performance.now(),
    timeout: realTimeout,
    sleep: realSleep,
    async moveTo(instant) {
      const target = instant.epochMilliseconds;
      if (target < ms()) throw new RangeError(`the clock does not go back: it is ${new Date(ms()).toISOString()}`);
      base = target;
      setAt = performance.now();
      for (const listener of listeners) await listener(instant);
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
