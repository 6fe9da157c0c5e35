import { type Selectable, sql } from 'kysely';
import { randomIds } from '../core/ids.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type WindowRow = Selectable<Tables['windows']>;

/**
 * A mark that is another one after every change of the stored calendar: one small read tells whether a kept calendar still
 * holds. Not a counter: one that starts again (the sandbox's reset) or is rolled back would say the same of two calendars.
 */
const MARK = 'number:windows-calendar';

export async function versionOf(db: Db | Tx): Promise<string> {
  const { rows } = await sql<{ value: { mark: string } }>`select value from settings where key = ${MARK}`.execute(db);
  return rows[0]?.value.mark ?? 'nothing was changed yet';
}

export const markChanged = (tx: Tx) =>
  sql`insert into settings (key, value) values (${MARK}, jsonb_build_object('mark', ${randomIds.uuid()}::text))
    on conflict (key) do update set value = excluded.value`.execute(tx);

export const liveWindows = (db: Db | Tx): Promise<WindowRow[]> =>
  db.selectFrom('windows').selectAll().where('ended_at', 'is', null).orderBy('id').execute();

export const lockWindow = (tx: Tx, id: string) =>
  tx.selectFrom('windows').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const findWindow = (db: Db | Tx, id: string) =>
  db.selectFrom('windows').selectAll().where('id', '=', id).executeTakeFirst();

export const insertWindow = (
  tx: Tx,
  row: Omit<WindowRow, 'spec' | 'ended_at' | 'ended_by'> & { spec: object },
): Promise<unknown> =>
  tx
    .insertInto('windows')
    .values({ ...row, spec: JSON.stringify(row.spec) })
    .execute();

export const closeWindows = (tx: Tx, ids: readonly string[], at: string, by: string) =>
  tx
    .updateTable('windows')
    .set({ ended_at: at, ended_by: by })
    .where('id', 'in', [...ids])
    .where('ended_at', 'is', null)
    .returning(['id', 'kind'])
    .execute();
