import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { movableClock } from '../services/core/clock.ts';
import { randomIds } from '../services/core/ids.ts';
import { jobs } from '../services/core/jobs.ts';
import { silentLog } from '../services/core/log.ts';
import { openStore } from '../services/store/store.ts';

/**
 * A migrated PGlite, with pg-boss's tables, that tests copy instead of making their own: a first start takes 2.7 s of a
 * processor, a copy and its opening 0.4 s. What is made once is kept beside the other temporary files under a name that
 * follows from what it is made of, so that it serves every run until the schema changes. A start from a copy is a second
 * start to the product (it looks for migrations and finds none); test/story/kill.test.ts makes the true first one, and is killed in it.
 */
export async function copyTemplate(home: string): Promise<void> {
  const pgdata = join(home, 'pgdata');
  if (existsSync(pgdata)) return;
  mkdirSync(home, { recursive: true });
  cpSync(join(await template(), 'pgdata'), pgdata, { recursive: true });
}

/** Not with the files of one run (test/memory.ts): it outlives them. */
const KEPT_IN = process.env['TMPDIR']?.startsWith('/dev/shm') ? '/dev/shm' : tmpdir();
const ROOT = new URL('..', import.meta.url).pathname;
const MADE_OF = ['services/store/*.ts', 'services/store/migrations/*.ts', 'services/core/jobs.ts', 'package.json'];
const PREFIX = 'wardroom-template-';
const UNUSED_AFTER_MS = 86_400_000;

function nameOf(): string {
  const hash = createHash('sha256');
  for (const file of globSync(MADE_OF, { cwd: ROOT }).sort()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return `${PREFIX}${hash.digest('hex').slice(0, 16)}`;
}

let made: Promise<string> | undefined;
const template = (): Promise<string> => {
  made ??= make();
  return made;
};

async function make(): Promise<string> {
  const final = join(KEPT_IN, nameOf());
  if (existsSync(final)) return final;
  forgetOld();
  const draft = mkdtempSync(join(KEPT_IN, `${PREFIX}draft-`));
  const clock = movableClock({ frozen: true, start: Temporal.Instant.from('2026-01-01T00:00:00Z') });
  const store = await openStore({ directory: draft });
  const queue = jobs({ store, clock, ids: randomIds, log: silentLog, onDead: async () => undefined });
  await queue.start({ work: false });
  await queue.stop();
  await store.close();
  try {
    renameSync(draft, final);
  } catch (error) {
    // Another worker was quicker; both made the same.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(final)) throw error;
  }
  return final;
}

/** Templates of schemas that nobody has used for a day. */
function forgetOld(): void {
  for (const name of globSync(`${PREFIX}*`, { cwd: KEPT_IN })) {
    const path = join(KEPT_IN, name);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info && Date.now() - info.mtimeMs > UNUSED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}
