import type { Config } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import { createLog } from '../services/core/log.ts';
import type { DoorAnswer, Question } from './console-door.ts';
import { runningIn } from './running.ts';

/** How the terminal reaches the house: a running one, or its store. */
export interface Line {
  ask(question: Question): Promise<DoorAnswer>;
  /** Where it goes, for the person. */
  where: string;
  close(): Promise<void>;
}

/** Nobody listens at an address. */
export class NobodyThere extends Error {}

/** Reading Azure takes some seconds when Azure is slow; after this nobody waits any more. */
const PATIENCE_MS = 60_000;

/**
 * Opens the line. Only one process can have a PGlite directory open, so when a Wardroom runs on it the client talks to
 * that one. `homeGiven`: somebody named the directory, so a Wardroom that runs elsewhere is not meant.
 */
export async function openLine(
  config: Config,
  options: { url?: string | undefined; homeGiven: boolean },
): Promise<Line> {
  const token = config.console.token;
  if (options.url) return remote(options.url, token);
  const running = runningIn(config.home);
  if (running?.url) return remote(running.url, token);
  if (!options.homeGiven) {
    const usual = remote(`http://127.0.0.1:${config.port}`, token);
    if (await answers(usual.where)) return usual;
  }
  return local(config);
}

function remote(url: string, token: string | undefined): Line {
  return {
    where: url,
    close: async () => undefined,
    async ask(question) {
      let answer: Response;
      try {
        answer = await fetch(new URL('/console', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
          body: JSON.stringify(question),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
      } catch (error) {
        throw new NobodyThere(`${url} does not answer: ${messageOf((error as Error).cause ?? error)}`);
      }
      if (answer.status === 404)
        throw new NobodyThere(`${url} has no door for the console: start it with WARDROOM_CONSOLE_TOKEN.`);
      // Not JSON: something else listens there, and its status is all there is to say.
      const body = (await answer.json().catch(() => ({ error: `answered ${answer.status}` }))) as never;
      return { status: answer.status, body } as DoorAnswer;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch (error) {
    // Refused, or not to be reached: then nothing runs there. Anything slower is still somebody.
    return (error as Error).name === 'TimeoutError';
  }
}

async function local(config: Config): Promise<Line> {
  const { startApp } = await import('./app.ts');
  // Standard output belongs to the answer.
  const log = createLog(config.log.level === 'info' ? 'warn' : config.log.level, process.stderr);
  const app = await startApp(config, { listen: false, log });
  const store = config.databaseUrl ? 'the database' : `the store in ${config.home}`;
  return { where: `${store} (no Wardroom runs)`, ask: (question) => app.console.ask(question), close: app.stop };
}
