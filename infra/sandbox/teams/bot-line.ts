import type { Clock, Timer } from '../../../services/core/clock.ts';
import type { Store } from './store.ts';
import type { Incoming } from './wire.ts';

/** The line to the bot: posts activities to its endpoint as the Bot Connector does. */
export interface BotLine {
  /**
   * Delivers an activity that is already written down as pending. No 2xx within the waiting time: posted once more with the
   * same id, then given up. Resolves to whether the bot took it; a line that is being closed leaves it pending.
   */
  deliver(activity: Incoming, message?: string): Promise<boolean>;
  /** Posts an invoke, once, and brings its answer; status 0 when there was none in time. */
  invoke(activity: Incoming): Promise<InvokeReply>;
  /** How many are under way. */
  busy(): number;
  /** Counts everything ever sent, so that "nothing new happened" can be told. */
  sent(): number;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  close(): void;
}

export interface InvokeReply {
  status: number;
  body: unknown;
  /** Real milliseconds; Teams' users see an error when it is much more than 5,000. */
  tookMs: number;
}

export interface BotLineOptions {
  store: Store;
  clock: Clock;
  botEndpoint: () => string;
  /** 15,000, as Teams waits. */
  redeliverAfterMs: number;
  log: (message: string) => void;
}

export function createBotLine({ store, clock, botEndpoint, redeliverAfterMs, log }: BotLineOptions): BotLine {
  const closing = new AbortController();
  const waiting = new Set<() => void>();
  const pauses = new Set<Timer>();
  let busy = 0;
  let sent = 0;

  const track = async <T>(work: () => Promise<T>): Promise<T> => {
    busy += 1;
    sent += 1;
    try {
      return await work();
    } finally {
      busy -= 1;
      if (busy === 0) for (const resolve of [...waiting]) resolve();
    }
  };

  /** One POST. Throws when there is no answer within the waiting time. */
  const post = async (activity: Incoming): Promise<{ status: number; text: string }> => {
    const late = new AbortController();
    const timer = clock.timeout(
      () => late.abort(new Error(`no answer within ${redeliverAfterMs} ms`)),
      redeliverAfterMs,
    );
    try {
      const answer = await fetch(botEndpoint(), {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(activity),
        signal: AbortSignal.any([late.signal, closing.signal]),
      });
      return { status: answer.status, text: await answer.text() };
    } finally {
      timer.cancel();
    }
  };

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = clock.timeout(() => {
        pauses.delete(timer);
        resolve();
      }, ms);
      pauses.add(timer);
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });

  /** Why the bot did not take it, or `undefined`. */
  const attempt = async (activity: Incoming): Promise<string | undefined> => {
    try {
      const { status } = await post(activity);
      return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
    } catch (error) {
      return reason(error);
    }
  };

  return {
    deliver: (activity, message) =>
      track(async () => {
        const started = clock.monotonic();
        let why = await attempt(activity);
        if (why !== undefined && !closing.signal.aborted) {
          log(`${activity.type} ${activity.id} was not taken: ${why}; once more`);
          await pause(Math.max(0, redeliverAfterMs - (clock.monotonic() - started)));
          if (!closing.signal.aborted) why = await attempt(activity);
        }
        if (closing.signal.aborted) return why === undefined;
        store.write(
          { kind: 'heard', id: activity.id },
          ...(why !== undefined && message ? [{ kind: 'failed' as const, message, why }] : []),
        );
        if (why !== undefined) log(`${activity.type} ${activity.id} was given up: ${why}`);
        return why === undefined;
      }),

    invoke: (activity) =>
      track(async () => {
        const started = clock.monotonic();
        const took = () => Math.round(clock.monotonic() - started);
        try {
          const { status, text } = await post(activity);
          return { status, body: parse(text), tookMs: took() };
        } catch (error) {
          log(`${activity.name} ${activity.id} was not answered: ${reason(error)}`);
          return { status: 0, body: undefined, tookMs: took() };
        }
      }),

    busy: () => busy,
    sent: () => sent,
    idle: () =>
      busy === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            const done = () => {
              waiting.delete(done);
              resolve();
            };
            waiting.add(done);
          }),

    close() {
      closing.abort(new Error('the sandbox is closing'));
      for (const timer of pauses) timer.cancel();
    },
  };
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
