import { sql } from 'kysely';
import type { Db } from '../store/store.ts';

/** What the store knows of a model: rows about it, and about the endpoints that serve it. Oldest first. */
export async function modelRows(db: Db, model: string, endpoints: readonly string[]) {
  const here = endpoints.length > 0 ? [...endpoints] : [''];
  const requests = await db
    .selectFrom('requests')
    .selectAll()
    .where((e) =>
      e.or([
        e('model', 'like', `${model.replace(/[%_\\]/g, '\\$&')}:%`),
        sql<boolean>`plan->>'endpoint' = any(${here})`,
      ]),
    )
    .orderBy('created_at')
    .execute();
  const ids = requests.length > 0 ? requests.map(({ id }) => id) : [''];
  const [votes, conditions, rollouts, changes, deviations] = await Promise.all([
    db.selectFrom('votes').selectAll().where('request', 'in', ids).orderBy('id').execute(),
    db.selectFrom('conditions').selectAll().where('request', 'in', ids).execute(),
    db.selectFrom('rollouts').selectAll().where('model', '=', model).orderBy('created_at').execute(),
    db.selectFrom('changes').selectAll().where('endpoint', 'in', here).orderBy('created_at').execute(),
    db.selectFrom('deviations').selectAll().where('endpoint', 'in', here).orderBy('reported_at').execute(),
  ]);
  return { requests, votes, conditions, rollouts, changes, deviations };
}
