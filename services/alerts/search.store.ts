import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db } from '../store/store.ts';
import { LISTED } from './incidents.store.ts';

/** What somebody looks for among the incidents. */
export interface Search {
  state: 'open' | 'all' | 'resolved';
  /** Words that stand in the title, the endpoint, the reason or an alert. */
  words?: string;
  since?: Temporal.Instant;
  until?: Temporal.Instant;
  endpoint?: string;
  team?: string;
  /** This severity or worse. */
  severity?: number;
  /** Acknowledged by them, asked of them, followed by them, or told to them while it is open. */
  person?: string;
  most: number;
}

/** As they stand, so that a % or _ in somebody's words finds itself. */
const like = (words: string) => `%${words.replace(/[\\%_]/g, '\\$&')}%`;

/** The worst and newest of those that fit, and how many fit. */
export async function searchIncidents(db: Db, wish: Search) {
  let query = db.selectFrom('incidents');
  if (wish.state === 'open') query = query.where('state', '<>', 'resolved');
  if (wish.state === 'resolved') query = query.where('state', '=', 'resolved');
  if (wish.since) query = query.where('opened_at', '>=', wish.since.toString());
  if (wish.until) query = query.where('opened_at', '<', wish.until.toString());
  if (wish.endpoint !== undefined) query = query.where('endpoint', '=', wish.endpoint);
  if (wish.team !== undefined) query = query.where('team', '=', wish.team);
  if (wish.severity !== undefined) query = query.where('severity', '<=', wish.severity);
  const { person, words } = wish;
  if (person !== undefined) {
    const told = JSON.stringify([{ person }]);
    query = query.where((e) =>
      e.or([
        e('acknowledged_by', '=', person),
        e('assignee', '=', person),
        e.and([e('state', '<>', 'resolved'), sql<boolean>`escalation -> 'told' @> ${told}::jsonb`]),
        e('id', 'in', e.selectFrom('incident_followers').select('incident').where('person', '=', person)),
        e(
          'id',
          'in',
          e.selectFrom('incident_tasks').select('incident').where('assignee', '=', person).where('done_at', 'is', null),
        ),
      ]),
    );
  }
  if (words !== undefined) {
    const pattern = like(words);
    query = query.where((e) =>
      e.or([
        e('title', 'ilike', pattern),
        e('endpoint', 'ilike', pattern),
        e('why', 'ilike', pattern),
        e('id', 'ilike', pattern),
        e(
          'id',
          'in',
          e
            .selectFrom('episodes')
            .select('incident')
            .where(
              sql<boolean>`signal ->> 'headline' ilike ${pattern} or signal ->> 'kind' ilike ${pattern} or signal ->> 'rule' ilike ${pattern}`,
            ),
        ),
      ]),
    );
  }
  const [rows, counted] = await Promise.all([
    query.select(LISTED).orderBy(sql`state = 'resolved'`).orderBy('opened_at', 'desc').limit(wish.most).execute(),
    query.select(sql<number>`count(*)::int`.as('n')).executeTakeFirstOrThrow(),
  ]);
  return { rows, total: counted.n };
}
