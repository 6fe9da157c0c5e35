import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

const CONSOLE = fileURLToPath(new URL('../bot/console.ts', import.meta.url));

/** Runs the terminal client in a process of its own, as a person would, and waits for its end. */
export async function terminal(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'fatal', ...options.env };
  const child = spawn(process.execPath, [CONSOLE, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    ended.err += String(chunk);
  });
  child.stdin.end(options.input ?? '');
  ended.code = await new Promise((resolve) => child.once('close', resolve));
  return ended;
}
