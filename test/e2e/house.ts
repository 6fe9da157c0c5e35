import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real program in a process of its own, as `npm start` starts it: sandbox, own home, own port. */
export interface ChildHouse {
  url: string;
  /** What it has written so far, for the report of a failure. */
  log: () => string;
  stop: () => Promise<void>;
}

const START_MS = 40_000;
const STOP_MS = 8_000;

export async function startHouse(env: Record<string, string> = {}): Promise<ChildHouse> {
  const home = await mkdtemp(join(tmpdir(), 'wardroom-e2e-'));
  const port = await freePort();
  const child = spawn(process.execPath, ['bot/main.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      WARDROOM_HOME: home,
      WARDROOM_SANDBOX_START: '2026-11-23T14:05:00Z',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += String(chunk)));
  const stop = async () => {
    await ended(child);
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(child, url);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${written.slice(-4000)}`);
  }
  return { url, log: () => written, stop };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`bot/main.ts ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`bot/main.ts was not ready after ${START_MS / 1000} s`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await over;
  clearTimeout(hard);
}

/** A port nobody listens on now. The program prints its address before it listens on 0, so it is told one. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
