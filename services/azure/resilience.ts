import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import { isRefused, messageOf, Unavailable } from '../core/errors.ts';
import { randomIds } from '../core/ids.ts';

/** An answer with its age: `stale` when Azure did not answer now and this is the last good one. */
export interface Fresh<T> {
  value: T;
  asOf: Temporal.Instant;
  stale: boolean;
}

export interface ReadOptions {
  /** Never answer with an old value: the caller is about to decide on it. */
  fresh?: boolean;
}

export interface Guard {
  readonly service: string;
  /** A read: retried while its deadline lasts, and answered with the last good value of `key` when all fails. */
  read<T>(key: string, call: (signal: AbortSignal) => Promise<T>, options?: ReadOptions): Promise<Fresh<T>>;
  /** A write: one try (a refusal by throttling changed nothing and is tried again), and no old answer. */
  write<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** For `/readyz` and the operators: does the breaker let calls through? */
  healthy(): boolean;
}

export interface GuardTuning {
  /** Real milliseconds for one call with all its tries. */
  deadlineMs?: number;
  maxRetries?: number;
  /** First back-off in real milliseconds; doubles each try, half of it is jitter. */
  backoffMs?: number;
  /** Consecutive failed tries that open the breaker, and how long it stays open. */
  breakAfter?: number;
  breakMs?: number;
}

export type WarnLog = (event: { service: string; event: string; why: string }) => void;

export interface GuardDeps {
  service: string;
  clock: Clock;
  random?: () => number;
  log?: WarnLog;
  tuning?: GuardTuning;
}

const LAST_GOOD_ENTRIES = 500;
const DEADLINE_MS = 10_000;

/**
 * The one policy between Wardroom and an Azure service (architecture, rule 9). The SDKs' own retries are switched off
 * (`retryOptions: { maxRetries: 0 }`), because two layers of retries multiply. Deadlines and pauses are real time: they
 * pace a network, not the domain.
 */
export function guard({ service, clock, random = randomIds.random, log, tuning = {} }: GuardDeps): Guard {
  const deadlineMs = tuning.deadlineMs ?? DEADLINE_MS;
  const backoffMs = tuning.backoffMs ?? 250;
  const lastGood = new Map<string, { value: unknown; asOf: Temporal.Instant }>();

  const breakMs = tuning.breakMs ?? 10_000;
  let opened = { at: 0, real: 0 };
  const closedBreaker = () => {
    const fresh = circuitBreaker(handleWhen(isTransient), {
      halfOpenAfter: breakMs,
      breaker: new ConsecutiveBreaker(tuning.breakAfter ?? 8),
    });
    fresh.onBreak(() => {
      opened = { at: clock.ms(), real: clock.monotonic() };
      log?.({ service, event: 'breaker-open', why: 'too many failures in a row' });
    });
    fresh.onReset(() => log?.({ service, event: 'breaker-closed', why: 'the service answers again' }));
    return fresh;
  };
  let breaker = closedBreaker();

  /** A call that hangs is ended from outside, where the breaker does not see it; it weighs as much as all its tries. */
  async function countHung(): Promise<void> {
    const hung = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    for (let tries = 0; tries <= maxAttempts; tries += 1) {
      // The error is our own and only there to be counted.
      await breaker.execute(() => Promise.reject(hung)).catch(() => undefined);
    }
  }

  /** The breaker waits in real time. A clock that was moved past its pause (the sandbox) has waited, too. */
  function afterAMove(): void {
    const moved = clock.ms() - opened.at >= breakMs && clock.monotonic() - opened.real < breakMs;
    if (breaker.state !== CircuitState.Open || !moved) return;
    breaker = closedBreaker();
    ({ reads, writes } = policies());
  }

  const pause = new DelegateBackoff<{ attempt: number; result: unknown }>(({ attempt, result }) => {
    const doubled = backoffMs * 2 ** Math.min(attempt - 1, 6);
    const asked = result instanceof Object && 'error' in result ? (retryAfterSeconds(result.error) ?? 0) * 1000 : 0;
    return Math.max(asked, doubled / 2 + (random() * doubled) / 2);
  });
  // A Retry-After beyond the deadline is not waited for: the caller is told when to come back instead.
  const worthRetrying = (error: unknown) => isTransient(error) && (retryAfterSeconds(error) ?? 0) * 1000 < deadlineMs;
  const maxAttempts = tuning.maxRetries ?? 3;
  const deadline = () => timeout(deadlineMs, TimeoutStrategy.Aggressive);
  const throttled = handleWhen((error) => statusOf(error) === 429 && worthRetrying(error));
  const policies = () => ({
    reads: wrap(deadline(), retry(handleWhen(worthRetrying), { maxAttempts, backoff: pause }), breaker),
    writes: wrap(deadline(), retry(throttled, { maxAttempts, backoff: pause }), breaker),
  });
  let { reads, writes } = policies();

  const unavailable = (error: unknown): Error => {
    if (isRefused(error) || error instanceof Unavailable) return error;
    const after = retryAfterSeconds(error);
    return new Unavailable(service, reasonOf(error, deadlineMs), {
      cause: error,
      ...(after === undefined ? {} : { retryAfterSeconds: after }),
    });
  };

  return {
    service,
    healthy: () => breaker.state !== CircuitState.Open,
    async read<T>(key: string, call: (signal: AbortSignal) => Promise<T>, options: ReadOptions = {}) {
      afterAMove();
      try {
        const value = await reads.execute(({ signal }) => call(signal));
        const asOf = clock.now();
        lastGood.delete(key);
        lastGood.set(key, { value, asOf });
        const oldest = lastGood.keys().next().value;
        if (lastGood.size > LAST_GOOD_ENTRIES && oldest !== undefined) lastGood.delete(oldest);
        return { value, asOf, stale: false };
      } catch (error) {
        if (error instanceof TaskCancelledError) await countHung();
        const known = lastGood.get(key);
        log?.({ service, event: known ? 'answered-from-memory' : 'unavailable', why: messageOf(error) });
        if (!known || options.fresh || isRefused(error)) throw unavailable(error);
        return { value: known.value as T, asOf: known.asOf, stale: true };
      }
    },
    async write(call) {
      afterAMove();
      try {
        return await writes.execute(({ signal }) => call(signal));
      } catch (error) {
        if (error instanceof TaskCancelledError) await countHung();
        log?.({ service, event: 'write-failed', why: messageOf(error) });
        throw unavailable(error);
      }
    },
  };
}

/** HTTP status of an SDK's or the pipeline's RestError. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** 404 is an answer: `undefined`. Everything else that goes wrong is thrown as it came. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);
const NETWORK = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'REQUEST_SEND_ERROR',
]);

/** Worth another try: throttled, broken at their side, or never arrived. A 4xx is an answer. */
function isTransient(error: unknown): boolean {
  if (error instanceof Unavailable) return false;
  const status = statusOf(error);
  if (status !== undefined) return TRANSIENT.has(status);
  return error instanceof Error && 'code' in error && NETWORK.has(String(error.code));
}

/**
 * What the service asked for, in seconds. Cost Management sends several `x-ms-ratelimit-…-retry-after` headers beside
 * the plain one and wants the longest of them to be kept (platform.md, section 7).
 */
export function retryAfterSeconds(error: unknown): number | undefined {
  if (error instanceof Unavailable) return error.retryAfterSeconds;
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  const response = error.response as { headers?: Iterable<[string, string]> } | undefined;
  if (!response?.headers) return undefined;
  const asked = [...response.headers]
    .filter(([name]) => /(^|-)retry-after$/i.test(name))
    .map(([, value]) => Number(value))
    .filter((seconds) => Number.isFinite(seconds) && seconds >= 0);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

function reasonOf(error: unknown, deadlineMs: number): string {
  if (error instanceof BrokenCircuitError) return 'does not answer for a while now; trying again shortly';
  if (error instanceof TaskCancelledError) return `no answer within ${deadlineMs / 1000} s`;
  if (error instanceof Error && 'code' in error && error.code === 'PARSE_ERROR') return 'the answer is not JSON';
  const status = statusOf(error);
  if (status === 429) return 'asks us to slow down (429)';
  return status === undefined ? messageOf(error) : `answered ${status}`;
}
