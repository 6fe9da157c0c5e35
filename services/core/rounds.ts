import type { Clock, Timer } from './clock.ts';
import { faults } from './faults.ts';
import { type Log, outsideTurn } from './log.ts';

/**
 * A worker's rounds: one at a time, again when something was committed meanwhile, and by itself after a while, because
 * another process may have committed it. A round that fails is logged (the same fault once a minute) and the next one comes.
 */
export interface Rounds {
  start(): void;
  stop(): Promise<void>;
  /** Look now; does not wait. */
  kick(): void;
  /** Resolves when a round that began after this call has ended. */
  run(): Promise<void>;
  readonly stopped: boolean;
}

export function rounds(deps: {
  clock: Clock;
  log: Log;
  /** For the log: whose rounds they are. */
  name: string;
  round: () => Promise<void>;
  /** Milliseconds until the next round by itself; asked after each. */
  pauseMs: () => number;
}): Rounds {
  const { clock, log, name, round, pauseMs } = deps;
  const met = faults({ clock, log, says: `${name} met a fault; it goes on`, again: `${name} work again` });
  let stopped = true;
  let again = false;
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;

  function run(): Promise<void> {
    again = true;
    running ??= outsideTurn(async () => {
      try {
        while (again && !stopped) {
          again = false;
          await round();
        }
      } finally {
        running = undefined;
      }
    });
    return running;
  }

  const kick = () => {
    timer?.cancel();
    if (stopped) return;
    run()
      .then(met.worked, met.failed)
      .finally(() => {
        timer?.cancel();
        if (!stopped) timer = clock.timeout(kick, pauseMs());
      });
  };

  return {
    get stopped() {
      return stopped;
    },
    start() {
      stopped = false;
      kick();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      // Its fault was logged by whoever started it.
      await running?.catch(() => undefined);
    },
    kick,
    run,
  };
}
