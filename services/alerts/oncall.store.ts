import { type Selectable, sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Override, Schedule } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type OverrideRow = Selectable<Tables['oncall_overrides']>;

/** A little longer than the longest shift that a card or a page looks back on. */
const KEPT_DAYS = 35;

/** Makes overrides of one schedule wait for each other: of two that conflict, the second one sees the first. */
export const lockOncall = (tx: Tx) => sql`select pg_advisory_xact_lock(74110005)`.execute(tx);

/** The overrides made in chat that were not removed and are not long over, the oldest first. */
export const liveOverrides = (db: Db | Tx, at: Temporal.Instant): Promise<OverrideRow[]> =>
  db
    .selectFrom('oncall_overrides')
    .selectAll()
    .where('removed_at', 'is', null)
    .where('ends_at', '>', at.subtract({ hours: 24 * KEPT_DAYS }).toString())
    .orderBy('id')
    .execute();

export const overrideOf = (row: OverrideRow): Override & { number: number } => ({
  number: row.id,
  ...(row.person ? { person: row.person } : {}),
  ...(row.instead_of ? { insteadOf: row.instead_of } : {}),
  alongside: row.alongside,
  from: row.starts_at,
  to: row.ends_at,
});

/** An override made in chat. */
export interface StoredOverride {
  number: number;
  schedule: string;
  person?: string;
  insteadOf?: string;
  alongside: boolean;
  from: Temporal.Instant;
  to: Temporal.Instant;
  by: string;
  reason?: string;
  /** Taken back before it was over, and by whom. */
  removedBy?: string;
}

export const storedOverride = (row: OverrideRow): StoredOverride => ({
  number: row.id,
  schedule: row.schedule,
  ...(row.person ? { person: row.person } : {}),
  ...(row.instead_of ? { insteadOf: row.instead_of } : {}),
  alongside: row.alongside,
  from: Temporal.Instant.from(row.starts_at),
  to: Temporal.Instant.from(row.ends_at),
  by: row.created_by,
  ...(row.reason ? { reason: row.reason } : {}),
  ...(row.removed_by ? { removedBy: row.removed_by } : {}),
});

/** The schedule with the overrides made in chat after those of the file. */
export const withStored = (schedule: Schedule, rows: readonly OverrideRow[]): Schedule => ({
  ...schedule,
  overrides: [...schedule.overrides, ...rows.filter((row) => row.schedule === schedule.id).map(overrideOf)],
});

/** A schedule as it is in force: the rotation and overrides of wardroom.yaml, then the overrides made in chat. */
export const effectiveSchedule = async (db: Db | Tx, schedule: Schedule, at: Temporal.Instant): Promise<Schedule> =>
  withStored(schedule, await liveOverrides(db, at));

/** Several at once, with one look into the database. */
export async function effectiveSchedules(
  db: Db | Tx,
  schedules: readonly Schedule[],
  at: Temporal.Instant,
): Promise<Schedule[]> {
  const rows = await liveOverrides(db, at);
  return schedules.map((schedule) => withStored(schedule, rows));
}

export const findOverride = (db: Db | Tx, number: number): Promise<OverrideRow | undefined> =>
  db.selectFrom('oncall_overrides').selectAll().where('id', '=', number).executeTakeFirst();

export async function addOverride(
  tx: Tx,
  row: Omit<StoredOverride, 'number'>,
  now: Temporal.Instant,
  swap?: number,
): Promise<number> {
  const { id } = await tx
    .insertInto('oncall_overrides')
    .values({
      schedule: row.schedule,
      person: row.person ?? null,
      instead_of: row.insteadOf ?? null,
      alongside: row.alongside,
      starts_at: row.from.toString(),
      ends_at: row.to.toString(),
      reason: row.reason ?? null,
      created_by: row.by,
      created_at: now.toString(),
      swap: swap ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** One that runs ends now, so that who was on call stays known; one that lies ahead never begins. */
export const endOverride = (tx: Tx, row: OverrideRow, by: string, now: Temporal.Instant) => {
  const at = now.toString();
  const running = Temporal.Instant.compare(Temporal.Instant.from(row.starts_at), now) < 0;
  return tx
    .updateTable('oncall_overrides')
    .set({ removed_by: by, ...(running ? { ends_at: at } : { removed_at: at }) })
    .where('id', '=', row.id)
    .execute();
};
