import type { AutoscaleLimits } from '../azure/autoscale.ts';
import { counted } from '../core/counted.ts';
import { messageOf, Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { budgetRaises } from './budget-raises.ts';
import type { CostDeps } from './deps.ts';
import { PLAN } from './queues.ts';
import type { CostSource, DeploymentName } from './source.ts';

const LEASE_SECONDS = 60;
const MOST_ATTEMPTS = 20;

/** What can be carried out from here once it was voted on; the votes are cast on exactly this. */
export type MoneyChange = SavingPlan | FixChange | RaiseChange;

export interface ScaleChange extends DeploymentName {
  kind: 'scale';
  from: number;
  to: number;
}
/** Azure changes the instances by itself from now on; `from` is how many there were. */
export interface AutoscaleChange extends DeploymentName, AutoscaleLimits {
  kind: 'autoscale';
  from: number;
}
/** The way back from it: fixed instances again. */
export interface FixChange extends DeploymentName {
  kind: 'fix';
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
export type SavingPlan = ScaleChange | AutoscaleChange | StopChange;

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
      await carryOut(source, change);
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

type AzureChange = Exclude<MoneyChange, RaiseChange>;

async function carryOut(source: CostSource, change: AzureChange): Promise<void> {
  switch (change.kind) {
    case 'scale':
      return source.scale(change, change.to);
    case 'autoscale':
      return source.autoscale(change, change);
    case 'fix':
      return source.fix(change, change.to);
    case 'stop':
      return source.stopCompute(change.workspace, change.compute);
  }
}

function objectOf(change: MoneyChange): string {
  if (change.kind === 'raise') return `budget:${change.budget}`;
  return change.kind === 'stop' ? `compute:${change.compute}` : change.endpoint;
}

function doneWords(change: AzureChange): string {
  if (change.kind === 'stop') return `Azure was told to stop ${change.compute} in ${change.workspace}.`;
  const { endpoint, deployment } = change;
  return change.kind === 'autoscale'
    ? `Azure scales ${deployment} of ${endpoint} between ${change.least} and ${counted(change.most, 'instance')} now. “stop autoscaling ${endpoint} ${deployment}” asks for the way back.`
    : `${deployment} of ${endpoint} has ${counted(change.to, 'instance')} now.`;
}
