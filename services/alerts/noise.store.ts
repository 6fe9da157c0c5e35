import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { fits, type Matcher, type Subject } from '../core/matchers.rules.ts';
import type { Inhibition } from '../core/organisation.noise.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Firing, Hold, Quiet, Step } from './muting.rules.ts';
import { type ChatRule, type RuleEffect, subjectOf } from './routes.rules.ts';
import { type Signal, storedSignal } from './signal.ts';
import { quietOf } from './silences.store.ts';

/** Silences and maintenance that are in force or ahead. */
export async function quietsOf(db: Db | Tx, now: Temporal.Instant): Promise<Quiet[]> {
  const rows = await db
    .selectFrom('silences')
    .selectAll()
    .where('ended_by', 'is', null)
    .where('ends_at', '>', now.toString())
    .orderBy('made_at')
    .execute();
  return rows.map(quietOf);
}

/** Rules made in chat that are in force, the oldest first: where two say different things the later one counts. */
export async function rulesInForce(db: Db | Tx): Promise<ChatRule[]> {
  const rows = await db
    .selectFrom('noise_rules')
    .select(['id', 'matchers', 'effect'])
    .where('ended_at', 'is', null)
    .orderBy('made_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, matchers, effect }) => ({
    id,
    matchers: matchers as Matcher[],
    effect: effect as RuleEffect,
  }));
}

/** How a name of ours is found in a stored signal; labels otherwise. */
const PLAIN = new Set(['kind', 'rule', 'endpoint', 'workspace', 'deployment', 'team', 'source']);
const valueIn = (name: string) =>
  PLAIN.has(name)
    ? sql<string>`coalesce(signal ->> ${name}::text, '')`
    : name === 'alertname'
      ? sql<string>`coalesce(signal -> 'labels' ->> 'alertname', signal ->> 'rule', '')`
      : sql<string>`coalesce(signal -> 'labels' ->> ${name}::text, signal -> 'details' -> 'dimensions' ->> ${name}::text, '')`;
/** Not looked for in the database: they are computed from more than one place, or have no one form. */
const COMPUTED = new Set(['severity', 'sev', 'about', 'kind', 'endpoint', 'workspace']);
const MOST_SOURCES = 200;

/** Alerts that fire and may inhibit one with this subject: told ones and held ones, for a silenced cause is a cause. */
export async function firingSources(tx: Db | Tx, rules: readonly Inhibition[], subject: Subject): Promise<Firing[]> {
  const found: Firing[] = [];
  for (const rule of rules) {
    if (!fits(rule.target, subject)) continue;
    const wanted = rule.source.filter(({ op, name }) => op === '=' && (!COMPUTED.has(name) || name === 'kind'));
    const equal = rule.equal.filter((name) => name !== 'severity' && name !== 'sev');
    const conditions = [
      ...wanted.map(({ name, value }) => sql`${valueIn(name)} = ${value}`),
      ...equal.map((name) => sql`${valueIn(name)} = ${subject[name] ?? ''}`),
    ];
    const where = conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``;
    const { rows } = await sql<{ signal: object }>`
      (select signal from episodes where ended_at is null ${where} order by id desc limit ${MOST_SOURCES})
      union all (select signal from held_alerts where true ${where} limit ${MOST_SOURCES})`.execute(tx);
    for (const row of rows) {
      const signal = storedSignal.parse(row.signal) as Signal;
      found.push({ key: signal.dedupKey, subject: subjectOf(signal), rule: signal.rule });
    }
  }
  return found;
}

export interface Held {
  key: string;
  signal: Signal;
  event: string | null;
  heldAt: string;
  by: string[];
  steps: Step[];
}

export async function hold(
  tx: Tx,
  held: {
    signal: Signal;
    event: string | null;
    at: Temporal.Instant;
    again?: number | undefined;
    steps: readonly Hold[];
  },
): Promise<void> {
  const row = {
    signal: JSON.stringify(held.signal),
    event: held.event,
    check_at: held.again === undefined ? null : new Date(held.again).toISOString(),
    by: held.steps.flatMap(({ by }) => by ?? []),
    steps: JSON.stringify(held.steps),
  };
  await tx
    .insertInto('held_alerts')
    .values({ key: held.signal.dedupKey, held_at: held.at.toString(), ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}

/** Whether somebody already waits for that instant: one timer serves all alerts that are looked at then. */
export const timerAt = async (tx: Tx, at: number): Promise<boolean> =>
  (await tx
    .selectFrom('held_alerts')
    .select('key')
    .where('check_at', '=', new Date(at).toISOString())
    .limit(1)
    .executeTakeFirst()) !== undefined;

export async function drop(tx: Tx, key: string): Promise<Held | undefined> {
  const row = await tx.deleteFrom('held_alerts').where('key', '=', key).returningAll().executeTakeFirst();
  return row && heldOf(row);
}

export const isHeld = async (tx: Tx, key: string): Promise<boolean> =>
  (await tx.selectFrom('held_alerts').select('key').where('key', '=', key).executeTakeFirst()) !== undefined;

/** Alerts that are due to be looked at again, the oldest first. */
export async function dueHeld(tx: Tx, now: Temporal.Instant, most: number): Promise<Held[]> {
  const rows = await tx
    .selectFrom('held_alerts')
    .selectAll()
    .where('check_at', '<=', now.toString())
    .orderBy('held_at')
    .orderBy('key')
    .limit(most)
    .execute();
  return rows.map(heldOf);
}

/** Alerts held by one of these are looked at again now; how many. */
export async function wakeHeldBy(tx: Tx, now: Temporal.Instant, by: readonly string[]): Promise<number> {
  const result = await tx
    .updateTable('held_alerts')
    .set({ check_at: now.toString() })
    .where(sql<boolean>`by && ${[...by]}::text[]`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** What a condition or damping holds back is looked at again now. */
export const wakeConditions = (tx: Tx, now: Temporal.Instant) =>
  tx
    .updateTable('held_alerts')
    .set({ check_at: now.toString() })
    .where(sql<boolean>`steps::text similar to '%"(Condition|Flapping)"%'`)
    .execute();

/** What is held back, the latest first; by one silence or rule when that is named. */
export async function heldAlerts(
  db: Db | Tx,
  options: { by?: string; most: number },
): Promise<{ held: Held[]; total: number }> {
  const base = db
    .selectFrom('held_alerts')
    .$if(options.by !== undefined, (query) => query.where(sql<boolean>`${options.by ?? ''} = any(by)`));
  const rows = await base.selectAll().orderBy('held_at', 'desc').limit(options.most).execute();
  const count = await base.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirst();
  return { held: rows.map(heldOf), total: Number(count?.n ?? 0) };
}

const heldOf = (row: {
  key: string;
  signal: object;
  event: string | null;
  held_at: string;
  by: string[];
  steps: object[];
}): Held => ({
  key: row.key,
  signal: storedSignal.parse(row.signal) as Signal,
  event: row.event,
  heldAt: row.held_at,
  by: row.by,
  steps: row.steps as Step[],
});

const MOST_ARRIVALS = 1_001;

/** Notes that one came; the instants known now, this one included. */
export async function arrived(tx: Tx, key: string, at: number, since: number): Promise<number[]> {
  const before = await tx.selectFrom('alert_arrivals').select('at').where('key', '=', key).executeTakeFirst();
  const known = [...(before?.at ?? []).filter((each) => each > since), at].slice(-MOST_ARRIVALS);
  await tx
    .insertInto('alert_arrivals')
    .values({ key, at: JSON.stringify(known) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ at: JSON.stringify(known) }))
    .execute();
  return known;
}

export async function arrivalsOf(db: Db | Tx, key: string): Promise<number[]> {
  return (await db.selectFrom('alert_arrivals').select('at').where('key', '=', key).executeTakeFirst())?.at ?? [];
}

/** An event's result when something becomes of it later than when it came. */
export const resettle = (tx: Tx, event: string, result: object) =>
  tx
    .updateTable('hook_events')
    .set({ result: JSON.stringify(result) })
    .where('id', '=', event)
    .execute();
