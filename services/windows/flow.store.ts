import type { Db } from '../store/store.ts';

export const finishedIncidents = (db: Db, since: string) =>
  db
    .selectFrom('incidents')
    .select(['endpoint', 'opened_at', 'resolved_at'])
    .where('resolved_at', '>=', since)
    .execute();

/** Changes that had to wait, and why: from the record. */
export async function waitsSince(db: Db, since: string): Promise<{ change: string; why: string }[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['objects', 'why'])
    .where('action', '=', 'windows.change.waits')
    .where('at', '>=', since)
    .orderBy('seq')
    .execute();
  return rows.map(({ objects, why }) => ({ change: objects[0] ?? '', why: why ?? '' }));
}
