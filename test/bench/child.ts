import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../services/core/clock.ts';

export interface Memory {
  /** Bytes. */
  rss: number;
  heapUsed: number;
  external: number;
}

export interface Child {
  url: string;
  /** Milliseconds from spawn to its address. */
  readyMs: number;
  memory(): Promise<Memory>;
  /** Milliseconds of processor time so far. */
  cpuMs(): Promise<number>;
  /** Resolves when it has done what a start makes it do: it uses less than a twentieth of a processor. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const READY_MS = 120_000;
const QUIET_MS = 500;

/** Starts a bot in a process of its own; it is ready when it tells its address on standard error. */
export async function startChild(
  script: 'echo.ts' | '../../bot/main.ts',
  env: Record<string, string> = {},
  options: { silent?: boolean } = {},
): Promise<Child> {
  const started = systemClock.monotonic();
  const flags = process.env['WARDROOM_BENCH_NODE_FLAGS']?.split(' ').filter(Boolean) ?? [];
  const child = spawn(
    process.execPath,
    ['--expose-gc', ...flags, '--import', here('./probe.ts'), here(`./${script}`)],
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'error', PORT: '0', ...env },
      stdio: ['ignore', options.silent ? 'ignore' : 'inherit', 'pipe', 'ipc'],
    },
  );
  const url = await addressOf(child);
  const readyMs = systemClock.monotonic() - started;
  const ask = async (what: 'memory' | 'cpu'): Promise<unknown> => {
    child.send(what);
    const [told] = await once(child, 'message');
    return told;
  };
  return {
    url,
    readyMs,
    memory: () => ask('memory') as Promise<Memory>,
    cpuMs: () => ask('cpu') as Promise<number>,
    async quiet() {
      for (let before = 0, now = QUIET_MS; now - before > QUIET_MS / 20; ) {
        before = (await ask('cpu')) as number;
        await systemClock.sleep(QUIET_MS);
        now = (await ask('cpu')) as number;
      }
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = systemClock.timeout(() => reject(new Error(`not ready in ${READY_MS} ms: ${said}`)), READY_MS);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      said = `${said}${text}`.slice(-4_000);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (!url) return;
      late.cancel();
      resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}
