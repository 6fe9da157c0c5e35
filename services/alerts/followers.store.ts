import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';

/** Who has not looked at an incident for so long hears no more of it. */
export const IDLE_DAYS = 7;

export const addFollower = (tx: Tx, incident: string, person: string, now: Temporal.Instant) =>
  tx
    .insertInto('incident_followers')
    .values({ incident, person, since: now.toString() })
    .onConflict((conflict) => conflict.columns(['incident', 'person']).doUpdateSet({ since: now.toString() }))
    .execute();

/** Whether there was one. */
export async function removeFollower(tx: Tx, incident: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('incident_followers')
    .where('incident', '=', incident)
    .where('person', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export const followersOf = async (db: Db | Tx, incident: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('incident_followers')
    .select('person')
    .where('incident', '=', incident)
    .orderBy('since')
    .execute();
  return rows.map(({ person }) => person);
};

/** Followers who followed, looked at or touched the incident within `IDLE_DAYS`: the record knows. */
export async function awakeFollowers(tx: Tx, incident: string, now: Temporal.Instant): Promise<string[]> {
  const since = now.subtract({ hours: 24 * IDLE_DAYS }).toString();
  const rows = await tx
    .selectFrom('incident_followers as f')
    .select('f.person')
    .where('f.incident', '=', incident)
    .where((e) =>
      e.or([
        e('f.since', '>', since),
        e.exists(
          e
            .selectFrom('audit')
            .select(sql`1`.as('one'))
            .where(sql<boolean>`objects @> array[${incident}]::text[]`)
            .whereRef('actor', '=', 'f.person')
            .where('at', '>', since),
        ),
      ]),
    )
    .execute();
  return rows.map(({ person }) => person);
}
