import type { Selectable } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type TaskRow = Selectable<Tables['incident_tasks']>;

export const openTasks = (db: Db | Tx, of: { incident?: string; person?: string }, most = 100): Promise<TaskRow[]> => {
  let query = db.selectFrom('incident_tasks').selectAll().where('done_at', 'is', null);
  if (of.incident !== undefined) query = query.where('incident', '=', of.incident);
  if (of.person !== undefined) query = query.where('assignee', '=', of.person);
  return query.orderBy('due_at').orderBy('id').limit(most).execute();
};

export const tasksOf = (db: Db | Tx, incident: string): Promise<TaskRow[]> =>
  db.selectFrom('incident_tasks').selectAll().where('incident', '=', incident).orderBy('id').execute();

export const lockTask = (tx: Tx, id: number) =>
  tx.selectFrom('incident_tasks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const addTask = (
  tx: Tx,
  task: Pick<TaskRow, 'id' | 'incident' | 'text' | 'assignee' | 'due_at' | 'created_by'>,
  now: Temporal.Instant,
) =>
  tx
    .insertInto('incident_tasks')
    .values({ ...task, created_at: now.toString(), reminded: false })
    .execute();

export const endTask = (tx: Tx, id: number, by: string, now: Temporal.Instant) =>
  tx.updateTable('incident_tasks').set({ done_at: now.toString(), done_by: by }).where('id', '=', id).execute();

export const markReminded = (tx: Tx, id: number) =>
  tx.updateTable('incident_tasks').set({ reminded: true }).where('id', '=', id).execute();
