import { type Insertable, type Selectable, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { type Signal, storedFact, storedSignal, type UpstreamFact } from './signal.ts';

export type StoredEvent = { id: string } & ({ type: 'signal'; signal: Signal } | { type: 'fact'; fact: UpstreamFact });

export type NewEvent = Insertable<Tables['hook_events']>;
/** A statement takes 65,535 parameters (PostgreSQL's protocol), an event six. */
const ROWS_AT_ONCE = 5_000;

/** Inserts what was not seen before; the states of those. */
export async function insertEvents(tx: Tx, rows: readonly NewEvent[]): Promise<NewEvent['state'][]> {
  const states: NewEvent['state'][] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const fresh = await tx
      .insertInto('hook_events')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.columns(['source', 'key']).doNothing())
      .returning('state')
      .execute();
    states.push(...fresh.map(({ state }) => state));
  }
  return states;
}

/** The oldest events that nobody looked at yet, locked for this transaction. */
export async function takeNew(tx: Tx, most: number): Promise<StoredEvent[]> {
  const rows = await tx
    .selectFrom('hook_events')
    .select(['id', 'type', 'body'])
    .where('state', '=', 'new')
    .orderBy('id')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(({ id, type, body }) =>
    type === 'fact'
      ? { id, type, fact: storedFact.parse(body) as UpstreamFact }
      : { id, type: 'signal', signal: storedSignal.parse(body) as Signal },
  );
}

/** Marks events as looked at, with what was decided about each and why (for `alerts explain`). */
export async function settle(tx: Tx, results: ReadonlyMap<string, object>): Promise<void> {
  if (results.size === 0) return;
  const pairs = JSON.stringify([...results].map(([id, result]) => ({ id, result })));
  await sql`update hook_events e set state = 'done', result = p.result
    from jsonb_to_recordset(${pairs}::jsonb) as p (id bigint, result jsonb) where e.id = p.id`.execute(tx);
}

export type EventRow = Selectable<Tables['hook_events']>;

export const findEvent = (db: Db, id: string): Promise<EventRow | undefined> =>
  db.selectFrom('hook_events').selectAll().where('id', '=', id).executeTakeFirst();

/** Events reach an incident between its opening and its latest signal: that span is indexed, the result is not. */
export function latestEvents(
  db: Db,
  { most, incident }: { most: number; incident?: { id: string; opened_at: string; last_signal_at: string } },
): Promise<EventRow[]> {
  const query = db.selectFrom('hook_events').selectAll().orderBy('id', 'desc').limit(most);
  if (!incident) return query.execute();
  return query
    .where('received_at', '>=', sql<string>`${incident.opened_at}::timestamptz - interval '1 hour'`)
    .where('received_at', '<=', sql<string>`${incident.last_signal_at}::timestamptz + interval '1 hour'`)
    .where(sql<boolean>`result ->> 'incident' = ${incident.id}`)
    .execute();
}

/** Refused calls by day, newest first. */
export const rejections = (db: Db, most: number) =>
  db
    .selectFrom('hook_rejections')
    .selectAll()
    .orderBy('day', 'desc')
    .orderBy('count', 'desc')
    .orderBy('hook')
    .orderBy('reason')
    .limit(most)
    .execute();

/** Counts a refused call per day and reason: operators see that somebody knocks with a wrong key. */
export async function countRejection(db: Db, clock: Clock, hook: string, reason: string): Promise<void> {
  await db
    .insertInto('hook_rejections')
    .values({ day: clock.now().toString().slice(0, 10), hook, reason: reason.slice(0, 200), count: 1 })
    .onConflict((conflict) =>
      conflict.columns(['day', 'hook', 'reason']).doUpdateSet({ count: sql`hook_rejections.count + 1` }),
    )
    .execute();
}
