import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { estateCredential } from '../infra/sandbox/azure/http.ts';
import { relayClient } from '../infra/sandbox/relay.ts';
import { type MovableClock, movableClock, systemClock, type Timer } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import type { Quiet, SandboxPart } from './app.sandbox.ts';

/** The host may be started together with those who follow it. */
const HOST_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** A running clock that is this much behind the host's is moved; less is the way of the question. */
const BEHIND_MS = 500;

const hostClock = z.object({ now: z.string(), frozen: z.boolean() });

/**
 * Part of the composition root: one more process on the database of a sandbox that another process hosts. It has the
 * host's clock, asks the host's estate and posts to the host's Teams (whose address stands in the database).
 */
export async function followSandbox(host: string, log: Log): Promise<SandboxPart & { clock: MovableClock }> {
  const ask = async () => {
    const answer = await fetch(new URL('/sandbox/clock', host));
    const { now, frozen } = hostClock.parse(await answer.json());
    return { now: Temporal.Instant.from(now), frozen };
  };

  async function patiently(): ReturnType<typeof ask> {
    for (const until = systemClock.monotonic() + HOST_WITHIN_MS; ; ) {
      try {
        return await ask();
      } catch (error) {
        if (systemClock.monotonic() > until) {
          throw new Error(`The sandbox at ${host} (WARDROOM_SANDBOX_URL) does not answer: ${messageOf(error)}`);
        }
        await systemClock.sleep(LOOK_EVERY_MS);
      }
    }
  }

  const first = await patiently();
  const clock = movableClock({ start: first.now, frozen: first.frozen });
  let quiet: Quiet | undefined;
  let timer: Timer | undefined;
  let stopped = false;

  /** Whether the clock had to be moved. */
  async function catchUp(): Promise<boolean> {
    const { now } = await ask();
    const behind = now.epochMilliseconds - clock.ms();
    if (behind <= (clock.frozen ? 0 : BEHIND_MS)) return false;
    await clock.moveTo(now);
    return true;
  }

  async function look(): Promise<void> {
    if (await catchUp()) await quiet?.settle();
  }

  const unanswered = (error: unknown) =>
    log.debug({ error: messageOf(error) }, 'the host of the sandbox does not answer');

  const beat = () => {
    look()
      .catch(unanswered)
      .finally(() => {
        if (!stopped) timer = clock.timeout(beat, LOOK_EVERY_MS);
      });
  };

  return {
    clock,
    credential: estateCredential,
    httpClient: relayClient(host),
    /** What is heard right after the host's clock was moved is heard then, and not in the past. */
    async handle(req) {
      if (req.method === 'POST') await catchUp().catch(unanswered);
      return false;
    },
    wire: (inside) => {
      quiet = inside;
    },
    async start() {
      beat();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
