import { sql } from 'kysely';
import { isRefused, messageOf, type Refused, Unsure } from '../core/errors.ts';
import type { Db, Store, Tx } from './store.ts';

const IN_THE_WAY = new Set(['40001', '40P01']);

/** Whether PostgreSQL ended the transaction because another one was in its way: nothing of it happened, and it may pass now. */
export function mayPass(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && IN_THE_WAY.has(code);
}

const MOST_TRIES = 5;
/** An error that PostgreSQL sent, unless it tells that the connection ends: then nothing was committed. */
const ANSWERED = /^(?!08|57)[0-9A-Z]{5}$/;

/**
 * Runs `work` in a transaction, and again when it met another one in a deadlock or could not be serialised: two changes
 * that touch the same cards and the same log in different order are nothing that a person should hear of. `work` writes to
 * the database only, so a run that was ended has left nothing behind. PGlite, with its one connection, never needs it.
 * Throws Unsure when the connection broke after everything was written: it may have been committed.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    let written = false;
    try {
      return await db.transaction().execute(async (tx) => {
        const result = await work(tx);
        written = true;
        return result;
      });
    } catch (error) {
      const { code } = error as { code?: unknown };
      const answered = typeof code === 'string' && ANSWERED.test(code);
      if (written && !answered) throw new Unsure(messageOf(error), { cause: error });
      if (tries >= MOST_TRIES || !mayPass(error)) throw error;
    }
  }
}

const BEGINNING = 74_110_006;

/**
 * Runs `work` while no other process on this database runs its own: processes that are started together would each find
 * nothing begun, and begin it. Transactions inside `work` are its own.
 */
export async function inTurn({ db, kind }: Store, work: () => Promise<void>): Promise<void> {
  // PGlite has one process, and one connection.
  if (kind === 'pglite') return work();
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${BEGINNING})`.execute(tx);
    await work();
  });
}

/**
 * Runs `work` inside a savepoint of `tx`: when it is refused, what it wrote is taken back and the transaction goes on.
 * Any other error passes.
 */
export async function attempt<T>(
  tx: Tx,
  work: () => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; refused: Refused }> {
  await sql`savepoint attempt`.execute(tx);
  try {
    const value = await work();
    await sql`release savepoint attempt`.execute(tx);
    return { ok: true, value };
  } catch (error) {
    if (!isRefused(error)) throw error;
    await sql`rollback to savepoint attempt`.execute(tx);
    return { ok: false, refused: error };
  }
}
