import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/v4';

/**
 * Who has the store of a home directory open. PGlite has no lock of its own, and two processes on one directory would
 * destroy it, so the one that runs leaves its process id there; the terminal client finds its address in the same place.
 */
export interface Running {
  pid: number;
  /** Empty while it starts, or when it serves nobody. */
  url: string;
}

const note = z.object({ pid: z.number().int(), url: z.string() });
const fileOf = (home: string): string => join(home, 'running.json');

/** The living process that has this home open. A note that a dead process left behind counts for nothing. */
export function runningIn(home: string): Running | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const found = note.safeParse(parsed(text));
  return found.success && alive(found.data.pid) ? found.data : undefined;
}

/** Takes the home for this process, or throws and names who has it. */
export function takeHome(home: string): { announce(url: string): void; release(): void } {
  mkdirSync(home, { recursive: true });
  const other = runningIn(home);
  // The same id again is an earlier life: in a container the first process always has the same one.
  if (other && other.pid !== process.pid) {
    const where = other.url ? ` at ${other.url}` : '';
    throw new HomeTaken(
      `${home} is open in process ${other.pid}${where}. Stop that one first, or set WARDROOM_HOME to another directory.`,
    );
  }
  const announce = (url: string) => writeFileSync(fileOf(home), JSON.stringify({ pid: process.pid, url }));
  announce('');
  return { announce, release: () => rmSync(fileOf(home), { force: true }) };
}

export class HomeTaken extends Error {}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written half, when the machine went down: nobody is there.
    return undefined;
  }
}

/** Signal 0 asks without sending; EPERM means that it lives and belongs to somebody else. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
