import { messageOf, Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { PLAN } from './queues.ts';

const LEASE_SECONDS = 60;
const MOST_ATTEMPTS = 20;

/** A saving that can be carried out from here. */
export interface SavingPlan {
  kind: 'scale';
  workspace: string;
  endpoint: string;
  deployment: string;
  from: number;
  to: number;
}

/** Savings that one person asked for and another one approved, carried out once; a repeated step changes nothing. */
export function plans({ clock, jobs, audit, source, db }: CostDeps) {
  jobs.handleOutside(PLAN, LEASE_SECONDS, async (data) => {
    const { plan: id } = data as { plan: number };
    const row = await db.selectFrom('cost_plans').selectAll().where('id', '=', id).executeTakeFirst();
    if (row?.state !== 'waiting') return async () => undefined;
    const target = row.target as unknown as SavingPlan;
    const done = (state: 'done' | 'failed', note: string) => async (tx: Tx) => {
      await tx.updateTable('cost_plans').set({ state, note }).where('id', '=', id).execute();
      await audit.append(tx, {
        actor: 'wardroom',
        action: `cost.plan.${state}`,
        objects: [target.endpoint],
        outcome: state === 'done' ? 'ok' : 'failed',
        why: note,
        detail: { plan: target },
      });
    };
    try {
      // Setting the number it should have is the same whether it is set once or twice.
      await source.scale(target.workspace, target.endpoint, target.deployment, target.to);
      return done('done', `${target.deployment} of ${target.endpoint} has ${target.to} instances`);
    } catch (error) {
      if (error instanceof Refused || row.attempts >= MOST_ATTEMPTS) return done('failed', messageOf(error));
      return async (tx) => {
        await tx
          .updateTable('cost_plans')
          .set({ attempts: row.attempts + 1, note: messageOf(error) })
          .where('id', '=', id)
          .execute();
        await jobs.enqueue(tx, PLAN, { plan: id }, { at: clock.now().add({ seconds: 30 }) });
      };
    }
  });

  return {
    async approve(
      tx: Tx,
      of: { plan: SavingPlan; what: string; saving: string; currency: string; askedBy: string; approvedBy: string },
    ): Promise<void> {
      const row = await tx
        .insertInto('cost_plans')
        .values({
          kind: of.plan.kind,
          target: JSON.stringify(of.plan),
          what: of.what,
          saving: of.saving,
          currency: of.currency,
          asked_by: of.askedBy,
          approved_by: of.approvedBy,
          at: clock.now().toString(),
          state: 'waiting',
          note: 'about to start',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await jobs.enqueue(tx, PLAN, { plan: row.id });
    },
  };
}
