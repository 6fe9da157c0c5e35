import { sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';

/** Every episode of one incident becomes one of the other; how many there were. */
export async function moveAll(tx: Tx, from: string, to: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('episodes')
    .set({ incident: to })
    .where('incident', '=', from)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export const moveEpisode = (tx: Tx, id: string, to: string) =>
  tx.updateTable('episodes').set({ incident: to }).where('id', '=', id).execute();

/** The earlier of the two beginnings counts. */
export const openedNoLater = (tx: Tx, id: string, at: string) =>
  tx.updateTable('incidents').set({ opened_at: at }).where('id', '=', id).where('opened_at', '>', at).execute();

/** Incidents of the same endpoint or team that were open at the same time, or have signals of the same rule: the nearest first. */
export const related = (
  db: Db,
  incident: { id: string; endpoint: string | null; team: string | null; opened_at: string },
  most: number,
) =>
  db
    .selectFrom('incidents')
    .select(['id', 'title', 'state', 'severity', 'opened_at', 'endpoint', 'resolved_at'])
    .where('id', '<>', incident.id)
    .where((e) =>
      e.or([
        ...(incident.endpoint ? [e('endpoint', '=', incident.endpoint)] : []),
        ...(incident.team ? [e.and([e('team', '=', incident.team), e('state', '<>', 'resolved')])] : []),
        e('merged_into', '=', incident.id),
      ]),
    )
    .orderBy(sql`abs(extract(epoch from (opened_at - ${incident.opened_at}::timestamptz)))`)
    .limit(most)
    .execute();
