import type { Clock } from '../core/clock.ts';
import { guard, type WarnLog } from './resilience.ts';

/**
 * Calls an address outside to say that this house lives: a dead man's switch, such as healthchecks.io or an availability
 * test. Deadline, retries and breaker are those of every other service. Throws Unavailable with the reason.
 */
export function pulse(deps: { clock: Clock; random?: () => number; log?: WarnLog; deadlineMs?: number }) {
  const { deadlineMs, ...rest } = deps;
  const guarded = guard({
    service: 'the heartbeat outside',
    ...rest,
    tuning: { ...(deadlineMs === undefined ? {} : { deadlineMs }), maxRetries: 2 },
  });
  return async (url: string): Promise<void> => {
    await guarded.read(
      url,
      async (signal) => {
        const answer = await fetch(url, { method: 'GET', signal, redirect: 'follow' }).catch((error: unknown) => {
          // undici says only "fetch failed"; why stands in its cause: "bad port", "connect ECONNREFUSED".
          const { cause } = error as { cause?: unknown };
          throw cause instanceof Error ? cause : error;
        });
        // Read to its end, so that the connection is free again.
        await answer.arrayBuffer();
        if (!answer.ok) throw Object.assign(new Error(`it answered ${answer.status}`), { statusCode: answer.status });
      },
      { fresh: true },
    );
  };
}
