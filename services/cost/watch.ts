import type { Tx } from '../store/store.ts';
import { anomalyRound } from './anomaly-round.ts';
import type { Answers } from './answers.ts';
import type { BudgetStanding, budgetStandings } from './budget-standing.ts';
import { crosses } from './budgets.rules.ts';
import type { CostDeps } from './deps.ts';
import { channelOf, WATCH } from './queues.ts';

/** It only reckons, but for a while. */
const LEASE_SECONDS = 120;

/** After every read: which thresholds were crossed, and what is out of the ordinary. All of it from the store. */
export function watch(deps: CostDeps, answers: Answers, budgets: ReturnType<typeof budgetStandings>) {
  const { clock, jobs, outbox, audit, organisation } = deps;
  const anomalies = anomalyRound(deps, answers);

  jobs.handleOutside(WATCH, LEASE_SECONDS, async () => {
    const standings: BudgetStanding[] = [];
    for (const budget of organisation.budgets) standings.push(await budgets.standing(budget));
    const tell = await anomalies();
    return async (tx) => {
      for (const each of standings) await look(tx, each);
      await tell(tx);
    };
  });

  /** Each threshold once in a period; a jump over several is told in one message. */
  async function look(tx: Tx, now: BudgetStanding): Promise<void> {
    const { budget } = now;
    const { amount, actual, forecast, period } = now;
    const standing = { amount, actual, forecast: forecast?.value };
    const over = [
      ...budget.actual.map((threshold) => ({ kind: 'actual', threshold, type: 'Actual' as const })),
      ...budget.forecast.map((threshold) => ({ kind: 'forecast', threshold, type: 'Forecasted' as const })),
    ].filter(({ threshold, type }) => crosses(standing, { threshold, type, operator: 'GreaterThanOrEqualTo' }));
    const fresh: typeof over = [];
    for (const each of over) {
      const told = await tx
        .insertInto('cost_told')
        .values({
          budget: budget.id,
          period: period.key,
          kind: each.kind,
          threshold: each.threshold,
          at: clock.now().toString(),
        })
        .onConflict((conflict) => conflict.columns(['budget', 'period', 'kind', 'threshold']).doNothing())
        .returning('threshold')
        .executeTakeFirst();
      if (told) fresh.push(each);
    }
    if (fresh.length === 0) return;
    const crossed = fresh.map(({ kind, threshold }) => `${kind} ${threshold} %`).join(', ');
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'cost.budget.crossed',
      objects: [`budget:${budget.id}`],
      why: crossed,
      detail: {
        period: period.key,
        amount: amount.toFixed(2),
        actual: actual.toFixed(2),
        forecast: forecast?.value.toFixed(2),
      },
    });
    await outbox.say(tx, {
      key: `cost-budget:${budget.id}:${period.key}:${fresh.map(({ kind, threshold }) => `${kind}${threshold}`).join('+')}`,
      kind: 'cost.budget',
      ids: { budget: budget.id, crossed },
      conversation: channelOf(organisation, now.team),
    });
  }
}
