import { chmodSync, existsSync, globSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const SHM = '/dev/shm';
const PREFIX = 'wardroom-tests-';
const NEEDED_BYTES = 3 * 2 ** 30;
const LEFT_BEHIND_AFTER_MS = 6 * 3_600_000;

/**
 * Once per run of vitest: temporary files of the tests live in memory where there is room for them. A database directory
 * is a thousand small files, and on a virtual disk its copy costs ten times as much of a processor.
 */
export default function setup(): () => void {
  const before = process.env['TMPDIR'];
  if (before?.startsWith(join(SHM, PREFIX)) || !roomy()) return () => undefined;
  forgetLeftBehind();
  const directory = mkdtempSync(join(SHM, PREFIX));
  // PostgreSQL runs as another user (test/postgres.ts) and has to get through to its files.
  chmodSync(directory, 0o755);
  process.env['TMPDIR'] = directory;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(directory, { recursive: true, force: true });
  };
}

function roomy(): boolean {
  if (!existsSync(SHM)) return false;
  const { bavail, bsize } = statfsSync(SHM);
  return bavail * bsize > NEEDED_BYTES && freemem() > NEEDED_BYTES;
}

/** Of runs that were killed. */
function forgetLeftBehind(): void {
  for (const name of globSync(`${PREFIX}*`, { cwd: SHM })) {
    const path = join(SHM, name);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info && Date.now() - info.mtimeMs > LEFT_BEHIND_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}
