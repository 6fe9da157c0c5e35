import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Driven, driver, START } from './driver.ts';
import { testDatabase } from './support.ts';
import { copyTemplate } from './template.ts';

export type { Driven } from './driver.ts';

/** The house as operators run it: `node bot/main.ts` in a process of its own, which can be killed. */
export interface Child {
  url: string;
  home: string;
  /** What it logged, all lives together. */
  log(): string;
  alive(): boolean;
  /** kill -9, and resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves when it has died by itself. */
  died(): Promise<void>;
  /** Starts it (again) on the same home and port; resolves when it answers. Returns the milliseconds it took. */
  start(): Promise<number>;
  /** SIGTERM, and the home is removed. */
  end(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const MAIN = new URL('../bot/main.ts', import.meta.url).pathname;
const STARTS_WITHIN_MS = 120_000;

export async function child(
  env: Record<string, string> = {},
  /** `made`: PGlite's files stand there already (test/template.ts); `none`: the first start makes them. */
  files: 'made' | 'none' = 'made',
): Promise<Child & { drive: Driven }> {
  const home = mkdtempSync(join(tmpdir(), 'wardroom-child-'));
  const port = await freePort();
  const database = await testDatabase(basename(home));
  if (files === 'made' && !database && !env['DATABASE_URL']) await copyTemplate(home);
  const url = `http://127.0.0.1:${port}`;
  let process_: ChildProcess | undefined;
  let log = '';
  const gone = (victim: ChildProcess | undefined) =>
    new Promise<void>((resolve) => {
      if (!victim || victim.exitCode !== null || victim.signalCode !== null) resolve();
      else victim.once('exit', () => resolve());
    });
  const alive = () => process_ !== undefined && process_.exitCode === null && process_.signalCode === null;

  const self: Child = {
    url,
    home,
    log: () => log,
    alive,
    async kill() {
      process_?.kill('SIGKILL');
      await gone(process_);
    },
    died: () => gone(process_),
    async start() {
      const began = performance.now();
      const said = log.length;
      const started = spawn(process.execPath, [MAIN], {
        env: {
          PATH: process.env['PATH'] ?? '',
          PORT: String(port),
          WARDROOM_HOME: home,
          WARDROOM_SANDBOX_CLOCK: 'frozen',
          WARDROOM_SANDBOX_START: START,
          LOG_LEVEL: 'warn',
          ...(database ? { DATABASE_URL: database } : {}),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      process_ = started;
      const keep = (chunk: Buffer) => {
        log += chunk.toString();
      };
      started.stdout.on('data', keep);
      started.stderr.on('data', keep);
      for (;;) {
        if (!alive()) throw new Error(`it did not start:\n${log.slice(-4_000)}`);
        // The door is open earlier than this is said: until then Teams installs, or delivers what it had kept.
        if (log.includes('Wardroom is open', said)) return performance.now() - began;
        if (performance.now() - began > STARTS_WITHIN_MS) throw new Error(`it does not answer:\n${log.slice(-4_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async end() {
      process_?.kill('SIGTERM');
      const late = setTimeout(() => process_?.kill('SIGKILL'), 10_000);
      await gone(process_);
      clearTimeout(late);
      rmSync(home, { recursive: true, force: true });
    },
  };
  return { ...self, drive: driver(url) };
}
