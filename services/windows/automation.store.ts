import { type Selectable, sql, type Updateable } from 'kysely';
import type { AuditRow } from '../core/audit.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type DeliveryRow = Selectable<Tables['automation_deliveries']>;
const CURSOR = 'number:automation-cursor';

export async function cursor(tx: Tx): Promise<number> {
  const { rows } = await sql<{
    at: number;
  }>`select (value->>'at')::int as at from settings where key = ${CURSOR} for update`.execute(tx);
  return rows[0]?.at ?? 0;
}

/** Where the record ends now, unless there is a cursor already. */
export const beginCursor = (tx: Tx) =>
  sql`insert into settings (key, value) select ${CURSOR}, jsonb_build_object('at', seq) from audit_head
    on conflict (key) do nothing`.execute(tx);

export const moveCursor = (tx: Tx, seq: number) =>
  sql`update settings set value = jsonb_build_object('at', ${seq}::bigint) where key = ${CURSOR}`.execute(tx);

export const recordAfter = (tx: Tx, seq: number, most: number): Promise<AuditRow[]> =>
  tx
    .selectFrom('audit')
    .select(['seq', 'at', 'actor', 'action', 'objects', 'outcome', 'why', 'detail'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(most)
    .execute();

/** `undefined` when it is there already: an event is delivered once to each automation, unless it is replayed. */
export async function insert(
  tx: Tx,
  row: { automation: string; event: string; seq: number; body: object; replayOf: number | null; at: string },
): Promise<number | undefined> {
  const { automation, event, seq, body, replayOf, at } = row;
  const made = await tx
    .insertInto('automation_deliveries')
    .values({
      automation,
      event,
      seq,
      body: JSON.stringify(body),
      state: 'open',
      attempts: 0,
      created_at: at,
      replay_of: replayOf,
    })
    .onConflict((conflict) => conflict.columns(['automation', 'seq']).where('replay_of', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made === undefined ? undefined : Number(made.id);
}

export const find = (db: Db | Tx, id: number) =>
  db.selectFrom('automation_deliveries').selectAll().where('id', '=', id).executeTakeFirst();

export async function update(tx: Tx, id: number, values: Updateable<Tables['automation_deliveries']>): Promise<void> {
  await tx.updateTable('automation_deliveries').set(values).where('id', '=', id).execute();
}

export const recent = (db: Db | Tx, most: number): Promise<DeliveryRow[]> =>
  db.selectFrom('automation_deliveries').selectAll().orderBy('id', 'desc').limit(most).execute();
