import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';

/** JSON lines on standard output. Every line written during a turn carries the turn's id. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const turns = new AsyncLocalStorage<string>();

/** Runs `work` so that everything logged meanwhile names this turn. */
export const withTurn = <T>(turn: string, work: () => Promise<T>): Promise<T> => turns.run(turn, work);

/** Work that a turn only set off is not part of it: a worker's rounds, begun because something was committed. */
export const outsideTurn = <T>(work: () => T): T => turns.exit(work);

export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: { app: 'wardroom' },
    // Keys, tokens and card inputs that people type never reach the log.
    redact: ['*.authorization', '*.password', '*.secret', '*.token', '*.key'],
    mixin: () => {
      const turn = turns.getStore();
      return turn ? { turn } : {};
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
