import { counted } from '../core/counted.ts';
import { messageOf, Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { budgetRaises } from './budget-raises.ts';
import type { CostDeps } from './deps.ts';
import { PLAN } from './queues.ts';

const LEASE_SECONDS = 60;
const MOST_ATTEMPTS = 20;

/** What can be carried out from here once it was voted on; the votes are cast on exactly this. */
export type MoneyChange = ScaleChange | StopChange | RaiseChange;

export interface ScaleChange {
  kind: 'scale';
  workspace: string;
  endpoint: string;
  deployment: string;
  from: number;
  to: number;
}
/** A person's machine is stopped, a cluster keeps no node. */
export interface StopChange {
  kind: 'stop';
  workspace: string;
  compute: string;
}
export interface RaiseChange {
  kind: 'raise';
  budget: string;
  /** Decimal text. */
  from: string;
  to: string;
}
export type SavingPlan = ScaleChange | StopChange;

/** What was approved is carried out once; a repeated step changes nothing, and a restart goes on where it was. */
export function plans({ clock, jobs, audit, source, db, decided, organisation }: CostDeps, raises: Raises) {
  jobs.handleOutside(PLAN, LEASE_SECONDS, async (data) => {
    const { plan: id } = data as { plan: number };
    const row = await db.selectFrom('cost_plans').selectAll().where('id', '=', id).executeTakeFirst();
    if (row?.state !== 'waiting') return async () => undefined;
    const change = row.target as unknown as MoneyChange;
    const ended = (state: 'done' | 'failed', note: string, also?: (tx: Tx) => Promise<void>) => async (tx: Tx) => {
      await tx.updateTable('cost_plans').set({ state, note }).where('id', '=', id).execute();
      await also?.(tx);
      await audit.append(tx, {
        actor: 'wardroom',
        action: `cost.plan.${state}`,
        objects: [...(row.request ? [row.request] : []), objectOf(change)],
        outcome: state === 'done' ? 'ok' : 'failed',
        why: note,
        detail: { change },
      });
      if (row.request) await decided(tx, row.request, state === 'done' ? 'succeeded' : 'failed', note);
    };
    try {
      if (change.kind === 'raise') {
        const budget = organisation.budgets.find((each) => each.id === change.budget);
        if (!budget) return ended('failed', `${change.budget} is no longer in wardroom.yaml.`);
        return ended('done', `${budget.name} is ${change.to} now.`, (tx) =>
          raises.raise(tx, {
            budget,
            amount: change.to,
            reason: row.what,
            askedBy: row.asked_by,
            approvedBy: row.approved_by,
          }),
        );
      }
      // Setting what should be so is the same whether it is set once or twice.
      if (change.kind === 'scale') await source.scale(change.workspace, change.endpoint, change.deployment, change.to);
      else await source.stopCompute(change.workspace, change.compute);
      return ended('done', doneWords(change));
    } catch (error) {
      if (error instanceof Refused || row.attempts >= MOST_ATTEMPTS)
        return ended('failed', error instanceof Refused ? error.text : messageOf(error));
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
    /** In the transaction of the deciding vote. */
    async begin(tx: Tx, of: { request: string; change: MoneyChange; what: string; askedBy: string }): Promise<void> {
      const row = await tx
        .insertInto('cost_plans')
        .values({
          request: of.request,
          kind: of.change.kind,
          target: JSON.stringify(of.change),
          what: of.what,
          asked_by: of.askedBy,
          approved_by: of.request,
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

type Raises = Pick<ReturnType<typeof budgetRaises>, 'raise'>;

const objectOf = (change: MoneyChange): string =>
  change.kind === 'raise'
    ? `budget:${change.budget}`
    : change.kind === 'scale'
      ? change.endpoint
      : `compute:${change.compute}`;

const doneWords = (change: SavingPlan): string =>
  change.kind === 'scale'
    ? `${change.deployment} of ${change.endpoint} has ${counted(change.to, 'instance')} now.`
    : `Azure was told to stop ${change.compute} in ${change.workspace}.`;
