import type { Db } from '../store/store.ts';

export const finishedIncidents = (db: Db, since: string) =>
  db
    .selectFrom('incidents')
    .select(['endpoint', 'opened_at', 'resolved_at'])
    .where('resolved_at', '>=', since)
    .execute();

/** Promotions that ended: each is a deployment, and one that was taken back a failed one. */
export const finishedRollouts = (db: Db, since: string) =>
  db
    .selectFrom('rollouts')
    .innerJoin('requests', 'requests.id', 'rollouts.request')
    .select(['rollouts.endpoint', 'rollouts.state', 'rollouts.finished_at', 'requests.created_at as requested_at'])
    .where('rollouts.finished_at', '>=', since)
    .where('rollouts.state', 'in', ['succeeded', 'rolled-back', 'aborted', 'failed'])
    .execute();

/** Changes that had to wait, since when and for which entry of the calendar: from the record. */
export async function waitsSince(db: Db, since: string): Promise<{ change: string; atMs: number; entry: string }[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['objects', 'why', 'at', 'detail'])
    .where('action', '=', 'windows.change.waits')
    .where('at', '>=', since)
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ objects, why, at, detail }) => {
    const named = (detail as { entry?: string } | null)?.entry ?? /“([^”]+)”/.exec(why ?? '')?.[1];
    return named ? [{ change: objects[0] ?? '', atMs: Date.parse(at), entry: named }] : [];
  });
}
