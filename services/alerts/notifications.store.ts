import type { Selectable } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Told } from './notifications.rules.ts';
import type { Pace } from './routes.rules.ts';

export type NotificationRow = Selectable<Tables['notifications']>;

export const begin = (
  tx: Tx,
  row: { incident: string; pace: Pace; sendResolved: boolean; channels: readonly string[]; first: Temporal.Instant },
) =>
  tx
    .insertInto('notifications')
    .values({
      incident: row.incident,
      pace: JSON.stringify(row.pace),
      send_resolved: row.sendResolved,
      channels: JSON.stringify(row.channels),
      first_at: row.first.toString(),
      beat: row.first.toString(),
      generation: 1,
    })
    .execute();

/** The beat of the group with this key that was over last, not before `since`. */
export async function beatBefore(tx: Tx, group: string, since: Temporal.Instant) {
  const row = await tx
    .selectFrom('incidents')
    .innerJoin('notifications', 'notifications.incident', 'incidents.id')
    .select(['notifications.first_at', 'notifications.pace', 'incidents.resolved_at'])
    .where('incidents.group_key', '=', group)
    .where('incidents.state', '=', 'resolved')
    .where('incidents.resolved_at', '>=', since.toString())
    .orderBy('incidents.resolved_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row?.resolved_at) return undefined;
  return { first: Date.parse(row.first_at), interval: row.pace.interval, over: Date.parse(row.resolved_at) };
}

export const locked = (tx: Tx, incident: string): Promise<NotificationRow | undefined> =>
  tx.selectFrom('notifications').selectAll().where('incident', '=', incident).forUpdate().executeTakeFirst();

/** How a paced incident speaks and what it said last; undefined for one that has a card at once. */
export const notificationOf = (db: Db | Tx, incident: string): Promise<NotificationRow | undefined> =>
  db.selectFrom('notifications').selectAll().where('incident', '=', incident).executeTakeFirst();

export const plan = (tx: Tx, incident: string, beat: Temporal.Instant | undefined, generation: number) =>
  tx
    .updateTable('notifications')
    .set({ beat: beat?.toString() ?? null, generation })
    .where('incident', '=', incident)
    .execute();

export const said = (tx: Tx, incident: string, told: Told, messages: number) =>
  tx
    .updateTable('notifications')
    .set({ told: JSON.stringify(told), messages })
    .where('incident', '=', incident)
    .execute();

/** Paced incidents that are not over. */
export async function openPaced(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('notifications')
    .innerJoin('incidents', 'incidents.id', 'notifications.incident')
    .select('incident')
    .where('incidents.state', '<>', 'resolved')
    .orderBy('incidents.id')
    .execute();
  return rows.map(({ incident }) => incident);
}

/** Conversations in which this card stands already: replies go under it there. */
export async function standing(tx: Tx, card: string, conversations: readonly string[]): Promise<string[]> {
  if (conversations.length === 0) return [];
  const rows = await tx
    .selectFrom('outbox')
    .select('conversation')
    .where('card', '=', card)
    .where('activity_id', 'is not', null)
    .where('conversation', 'in', [...conversations])
    .execute();
  return conversations.filter((each) => rows.some(({ conversation }) => conversation === each));
}

export const beatOf = (row: NotificationRow): number | undefined => (row.beat ? Date.parse(row.beat) : undefined);
export const instantOf = (ms: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(Math.round(ms));
