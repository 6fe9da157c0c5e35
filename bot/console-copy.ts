import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../services/core/audit.ts';
import { systemClock } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import { randomIds } from '../services/core/ids.ts';
import { jobs } from '../services/core/jobs.ts';
import { silentLog } from '../services/core/log.ts';
import { copyStore, NotEmpty, queuesOf } from '../services/store/copy.ts';
import { openStore, type Store } from '../services/store/store.ts';
import { HomeTaken, takeHome } from './running.ts';

/**
 * What `copy-store URL` does: the store of this home goes into an empty PostgreSQL, so that a house that began small can grow.
 * 0 it is there, 1 it is not and nothing was changed, 2 the address is none.
 */
export async function copyHome(home: string, url: string): Promise<{ code: 0 | 1 | 2; lines: readonly string[] }> {
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? ''))
    return { code: 2, lines: ['copy-store wants an address such as postgres://user:password@host:5432/name.'] };
  if (!existsSync(join(home, 'pgdata')))
    return { code: 1, lines: [`${home} holds no store; set WARDROOM_HOME to the home that does.`] };
  const open: Store[] = [];
  let taken: ReturnType<typeof takeHome> | undefined;
  try {
    taken = takeHome(home);
    const from = await openStore({ directory: home });
    open.push(from);
    const to = await openStore({ url });
    open.push(to);
    await makeQueues(to, await makeQueues(from, []));
    const { tables, jobs: timers } = await copyStore(from, to);
    const verdict = await audit({ clock: systemClock }).verify(to.db);
    const rows = [...tables.values()].reduce((sum, each) => sum + each, 0);
    return {
      code: 0,
      lines: [
        `${rows} rows of ${tables.size} tables and ${timers} timers are in the new store.`,
        verdict.ok
          ? `Its record is whole, as before: ${verdict.rows} entries.`
          : 'Its record is altered, as it was here: ask “audit verify”.',
        'Start Wardroom with DATABASE_URL set to that address; this home is left as it is.',
      ],
    };
  } catch (error) {
    if (error instanceof HomeTaken) return { code: 1, lines: [error.message] };
    if (error instanceof NotEmpty)
      return { code: 1, lines: [`That database is in use: ${error.message}. Name an empty one; nothing was changed.`] };
    return { code: 1, lines: [`Nothing was copied: ${messageOf(error)}.`] };
  } finally {
    for (const store of open) await store.close();
    taken?.release();
  }
}

/** Makes pg-boss's tables in a store, with these queues and those of its own; their names. Carries out none of the jobs. */
async function makeQueues(store: Store, names: readonly string[]): Promise<string[]> {
  const queue = jobs({ store, clock: systemClock, ids: randomIds, log: silentLog, onDead: async () => undefined });
  for (const name of names) queue.handle(name, async () => undefined);
  await queue.start({ work: false });
  await queue.stop();
  return queuesOf(store.db);
}
