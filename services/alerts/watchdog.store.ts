import type { Selectable } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type TestPageRow = Selectable<Tables['test_pages']>;
export type PulseRow = Selectable<Tables['pulse']>;

const MOST_OPEN = 5_000;

/** Open incidents with what their escalation waits for. */
export const waitingIncidents = (db: Db | Tx) =>
  db
    .selectFrom('incidents')
    .select(['id', 'escalation'])
    .where('state', '=', 'open')
    // A silence that covers all of it lets nobody be called: nothing of it is overdue.
    .where('silenced_by', 'is', null)
    .orderBy('opened_at')
    .limit(MOST_OPEN)
    .execute();

/** Notes a step that was told late; false when it was noted before. */
export async function noteOverdue(tx: Tx, incident: string, generation: number, step: number, now: Temporal.Instant) {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('overdue_steps')
    .values({ incident, generation, step, healed_at: now.toString() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export const overdueSince = (db: Db | Tx, since: Temporal.Instant) =>
  db.selectFrom('overdue_steps').selectAll().where('healed_at', '>=', since.toString()).orderBy('healed_at').execute();

export const pulseOf = (db: Db | Tx): Promise<PulseRow | undefined> =>
  db.selectFrom('pulse').selectAll().where('id', '=', 1).executeTakeFirst();

export const keepPulse = (tx: Tx, set: Partial<Omit<PulseRow, 'id'>>) =>
  tx
    .insertInto('pulse')
    .values({ id: 1, failures: 0, ...set })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(set))
    .execute();

export async function addTestPage(tx: Tx, person: string, by: string, now: Temporal.Instant): Promise<number> {
  const { id } = await tx
    .insertInto('test_pages')
    .values({ person, asked_by: by, created_at: now.toString(), settled: false })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export const lockTestPage = (tx: Tx, id: number) =>
  tx.selectFrom('test_pages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const keepTestPage = (
  tx: Tx,
  id: number,
  set: Partial<Pick<TestPageRow, 'delivered_at' | 'confirmed_at' | 'alarmed_at' | 'settled'>>,
) => tx.updateTable('test_pages').set(set).where('id', '=', id).execute();

export const latestTestPages = (db: Db | Tx, most: number) =>
  db.selectFrom('test_pages').selectAll().orderBy('id', 'desc').limit(most).execute();

/** When the message of this key reached Teams. */
export const sentAt = async (db: Db | Tx, key: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('outbox')
    .select(['sent_at', 'activity_id'])
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.activity_id ? (row.sent_at ?? undefined) : undefined;
};
