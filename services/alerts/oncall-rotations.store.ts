import { type Selectable, sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { schedule as scheduleShape } from '../core/organisation.oncall.ts';
import type { Organisation, Schedule } from '../core/organisation.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { type PolicyCall, withCalls } from './policy-calls.rules.ts';

export type PlanRow = Selectable<Tables['oncall_plans']>;

/**
 * Of each schedule the change that is in force, and what policies call by chat: one question, for it is asked whenever an
 * incident opens or somebody is told.
 */
async function inForce(db: Db | Tx): Promise<{ made: Map<string, Schedule | undefined>; calls: PolicyCall[] }> {
  const { rows } = await sql<{ plans: { schedule: string; plan: object | null }[]; calls: PolicyCall[] }>`
    select
      coalesce((select jsonb_agg(to_jsonb(latest)) from (
        select distinct on (schedule) schedule, plan from oncall_plans where undone_at is null order by schedule, n desc
      ) latest), '[]') as plans,
      coalesce((select jsonb_agg(jsonb_build_object('policy', policy, 'step', step, 'schedule', schedule) order by n)
        from policy_calls where ended_at is null), '[]') as calls`.execute(db);
  const { plans = [], calls = [] } = rows[0] ?? {};
  return { made: new Map(plans.map(({ schedule, plan }) => [schedule, scheduleOf(plan)])), calls };
}

const scheduleOf = (plan: object | null): Schedule | undefined => (plan ? scheduleShape.parse(plan) : undefined);

export const callsInForce = async (db: Db | Tx): Promise<PolicyCall[]> => (await inForce(db)).calls;

export const addCall = (
  tx: Tx,
  call: PolicyCall,
  by: { id: string; reason?: string | undefined },
  now: Temporal.Instant,
): Promise<unknown> =>
  tx
    .insertInto('policy_calls')
    .values({ ...call, reason: by.reason ?? null, made_by: by.id, made_at: now.toString() })
    .execute();

export const endCall = (tx: Tx, call: PolicyCall, by: string, now: Temporal.Instant): Promise<unknown> =>
  tx
    .updateTable('policy_calls')
    .set({ ended_by: by, ended_at: now.toString() })
    .where('policy', '=', call.policy)
    .where('step', '=', call.step)
    .where('schedule', '=', call.schedule)
    .where('ended_at', 'is', null)
    .execute();

/**
 * The organisation with its rotations, and with the schedules that its policies call, as they are in force: those of
 * wardroom.yaml, and over them what was made in chat.
 */
export async function withPlans(db: Db | Tx, file: Organisation): Promise<Organisation> {
  const { made, calls } = await inForce(db);
  const organisation =
    calls.length > 0 ? { ...file, escalationPolicies: [...withCalls(file.escalationPolicies, calls)] } : file;
  if (made.size === 0) return organisation;
  const own = organisation.schedules.flatMap((schedule) => {
    if (!made.has(schedule.id)) return [schedule];
    const plan = made.get(schedule.id);
    // Overrides of the file stay where the file has them.
    return plan ? [{ ...plan, overrides: schedule.overrides }] : [];
  });
  const known = new Set(organisation.schedules.map(({ id }) => id));
  const added = [...made.values()].flatMap((plan) => (plan && !known.has(plan.id) ? [plan] : []));
  return { ...organisation, schedules: [...own, ...added] };
}

/** The change of this schedule that is in force; undefined when the file decides. */
export const latestOf = (db: Db | Tx, schedule: string): Promise<PlanRow | undefined> =>
  db
    .selectFrom('oncall_plans')
    .selectAll()
    .where('schedule', '=', schedule)
    .where('undone_at', 'is', null)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();

export const findPlan = (db: Db | Tx, id: string): Promise<PlanRow | undefined> =>
  db.selectFrom('oncall_plans').selectAll().where('id', '=', id).executeTakeFirst();

export const planOfDraft = (db: Db | Tx, draft: string): Promise<PlanRow | undefined> =>
  db.selectFrom('oncall_plans').selectAll().where('draft', '=', draft).executeTakeFirst();

export async function addPlan(
  tx: Tx,
  plan: {
    schedule: string;
    plan: Schedule | undefined;
    words: string;
    reason?: string | undefined;
    by: string;
    draft?: string | undefined;
  },
  now: Temporal.Instant,
): Promise<PlanRow> {
  return tx
    .insertInto('oncall_plans')
    .values({
      id: await nextNumber(tx, 'ROT'),
      schedule: plan.schedule,
      plan: plan.plan ? JSON.stringify({ ...plan.plan, overrides: [] }) : null,
      words: plan.words,
      reason: plan.reason ?? null,
      made_by: plan.by,
      made_at: now.toString(),
      draft: plan.draft ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const undoPlan = (tx: Tx, id: string, by: string, now: Temporal.Instant): Promise<PlanRow> =>
  tx
    .updateTable('oncall_plans')
    .set({ undone_by: by, undone_at: now.toString() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
