import type { Selectable } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Quiet, Wanted } from './personal.rules.ts';

export type RuleRow = Selectable<Tables['notify_rules']>;

export const ruleRows = (db: Db | Tx, person: string): Promise<RuleRow[]> =>
  db
    .selectFrom('notify_rules')
    .selectAll()
    .where('person', '=', person)
    .orderBy('after_minutes')
    .orderBy('id')
    .execute();

export const wantedOf = (row: RuleRow): Wanted & { number: number } => ({
  number: row.id,
  after: row.after_minutes,
  how: row.how,
  ...(row.schedule ? { schedule: row.schedule } : {}),
  worst: row.worst,
  mildest: row.mildest,
});

export async function addRule(tx: Tx, person: string, rule: Wanted, now: Temporal.Instant): Promise<number> {
  const { id } = await tx
    .insertInto('notify_rules')
    .values({
      person,
      after_minutes: rule.after,
      how: rule.how,
      schedule: rule.schedule ?? null,
      worst: rule.worst,
      mildest: rule.mildest,
      created_at: now.toString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Whether it was there, and theirs. */
export async function removeRule(tx: Tx, person: string, number: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('notify_rules')
    .where('id', '=', number)
    .where('person', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function settingsOf(db: Db | Tx, person: string): Promise<Quiet> {
  const row = await db.selectFrom('notify_settings').selectAll().where('person', '=', person).executeTakeFirst();
  if (!row) return { until: 'mine' };
  const { quiet_from: from, quiet_to: to } = row;
  return { until: row.until, ...(from && to ? { hours: { from, to }, unless: row.quiet_unless } : {}) };
}

export async function keepSettings(tx: Tx, person: string, { hours, unless, until }: Quiet): Promise<void> {
  const set = {
    quiet_from: hours?.from ?? null,
    quiet_to: hours?.to ?? null,
    quiet_unless: unless ?? -1,
    until,
  };
  await tx
    .insertInto('notify_settings')
    .values({ person, ...set })
    .onConflict((conflict) => conflict.column('person').doUpdateSet(set))
    .execute();
}
