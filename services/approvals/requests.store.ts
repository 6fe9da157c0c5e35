import { type Selectable, sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Delegation, Vote } from './votes.rules.ts';

export type RequestRow = Selectable<Tables['requests']>;
export type ConditionRow = Selectable<Tables['conditions']>;

/** States in which something is still going to happen. */
export const OPEN_STATES = ['draft', 'evidence', 'voting', 'approved', 'conditional', 'executing'] as const;

export const lockRequest = (tx: Tx, id: string) =>
  tx.selectFrom('requests').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/**
 * How a request is voted on at this moment. Asked at every vote, and a policy may name hundreds of people: no more of it is
 * read than this.
 */
export const ballotKind = async (
  db: Db | Tx,
  id: string,
): Promise<Pick<Partial<ApprovalPolicy>, 'secret' | 'stepUp'>> =>
  (await db
    .selectFrom('requests')
    .select([
      sql<boolean | undefined>`policy->'secret'`.as('secret'),
      sql<ApprovalPolicy['stepUp']>`policy->'stepUp'`.as('stepUp'),
    ])
    .where('id', '=', id)
    .where('state', '=', 'voting')
    .executeTakeFirst()) ?? {};

/** Requests to change an endpoint at once (not promotions) that are voted on or carried out. */
export const openOn = (tx: Tx, endpoint: string) =>
  tx
    .selectFrom('requests')
    .select(['id', 'state'])
    .where('state', 'in', ['voting', 'executing'])
    .where('kind', 'not in', ['promote', 'cost'])
    .where(sql<boolean>`plan->>'endpoint' = ${endpoint}`)
    .execute();

/** Requests about money for exactly this plan, voted on or carried out. */
export const openCost = (tx: Tx, digest: string) =>
  tx
    .selectFrom('requests')
    .select('id')
    .where('kind', '=', 'cost')
    .where('digest', '=', digest)
    .where('state', 'in', ['voting', 'executing'])
    .execute();

/** Promotions of an endpoint that are not finished, the oldest first. */
export const promotionsOn = (tx: Db | Tx, endpoint: string): Promise<RequestRow[]> =>
  tx
    .selectFrom('requests')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('kind', '=', 'promote')
    .where('state', 'in', OPEN_STATES)
    .orderBy('created_at')
    .execute();

/** The promotions of an endpoint that serve it now; locked. */
export const deployedOn = (tx: Tx, endpoint: string): Promise<RequestRow[]> =>
  tx
    .selectFrom('requests')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('kind', '=', 'promote')
    .where('state', '=', 'deployed')
    .forUpdate()
    .execute();

/** Those that are voted on first, then the newest. */
export const listRequests = (db: Db | Tx, most: number) =>
  db
    .selectFrom('requests')
    .selectAll()
    .orderBy(sql`state = 'voting'`, 'desc')
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();

/**
 * What this person asked for or has a seat on, their own or a delegated one: however many requests of others are open.
 * Those that are voted on first, the nearest deadline before the others.
 */
export const requestsOf = (db: Db | Tx, person: string, now: string, most: number) =>
  db
    .selectFrom('requests')
    .selectAll()
    .where(
      sql<boolean>`requester = ${person} or (state = 'voting' and (eligible @> jsonb_build_array(jsonb_build_object('person', ${person}::text))
        or exists (select from delegations d where d.delegate = ${person} and d.until > ${now}::timestamptz
          and requests.eligible @> jsonb_build_array(jsonb_build_object('person', d.person)))))`,
    )
    .orderBy(sql`state = 'voting'`, 'desc')
    .orderBy(sql`case when state = 'voting' then deadline end`)
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();

/** Requests that were decided since then, and those of which a stage is over. */
export const closedSince = (db: Db | Tx, since: string): Promise<RequestRow[]> =>
  db
    .selectFrom('requests')
    .selectAll()
    .where((e) => e.or([e('decided_at', '>=', since), sql<boolean>`past <> '[]'::jsonb`]))
    .execute();

type StoredVote = [seq: number, voter: string, choice: Vote['choice'], reason: string | null, ms: number, on: string];

/** Requests that are voted on and have this person on their list. */
export const votedOnBy = (tx: Tx, person: string): Promise<RequestRow[]> =>
  tx
    .selectFrom('requests')
    .selectAll()
    .where('state', '=', 'voting')
    .where(sql<boolean>`eligible @> jsonb_build_array(jsonb_build_object('person', ${person}::text))`)
    .orderBy('id')
    .execute();

/**
 * The votes of one stage, in the order in which they came. They are read at every vote, so as one value: 500 rows cost
 * 1.4 ms, the same as JSON a third of it. Instants are in milliseconds, as the clock gives them (services/core/clock.ts).
 */
export async function votesOf(db: Db | Tx, request: string, stage: number): Promise<Vote[]> {
  const { rows } = await sql<{ votes: StoredVote[] | null }>`select json_agg(json_build_array(id, voter, choice, reason,
      floor(extract(epoch from at) * 1000), revision) order by id) as votes
    from votes where request = ${request} and stage = ${stage}`.execute(db);
  return (rows[0]?.votes ?? []).map(([seq, voter, choice, reason, ms, revision]) => ({
    voter,
    choice,
    reason: reason ?? undefined,
    at: Temporal.Instant.fromEpochMilliseconds(ms),
    seq,
    revision: revision ?? undefined,
  }));
}

/** Votes of secret ballots that are read out now and never again: of this stage, or of all that were not read out yet. */
export async function takeSealed(tx: Tx, request: string, stage: number | undefined) {
  const taken = await tx
    .updateTable('votes')
    .set({ read_out: true })
    .where('request', '=', request)
    .where('nonce', 'is not', null)
    .where('read_out', '=', false)
    .$if(stage !== undefined, (query) => query.where('stage', '=', Number(stage)))
    .returningAll()
    .execute();
  return taken.sort((a, b) => Number(a.id) - Number(b.id));
}

/** Every delegation that was in force at some time since. */
export async function delegationsSince(db: Db | Tx, since: string): Promise<Delegation[]> {
  const rows = await db
    .selectFrom('delegations')
    .select(['person', 'delegate', 'since', 'until'])
    .where('until', '>', since)
    .orderBy('id')
    .execute();
  return rows.map(({ person, delegate, since: from, until }) => ({
    from: person,
    to: delegate,
    since: Temporal.Instant.from(from),
    until: Temporal.Instant.from(until),
  }));
}

export const conditionsOf = (db: Db | Tx, request: string): Promise<ConditionRow[]> =>
  db.selectFrom('conditions').selectAll().where('request', '=', request).orderBy('number').execute();
