import type { Db, Tx } from '../store/store.ts';
import { anomalyBook } from './anomalies.ts';
import { answers } from './answers.ts';
import { budgetRaises } from './budget-raises.ts';
import { budgetStandings } from './budget-standing.ts';
import { causes } from './causes.ts';
import type { CostDeps } from './deps.ts';
import { digests } from './digest.ts';
import { economies } from './economies.ts';
import { reads as ledgerReads } from './ledger.store.ts';
import { outlooks } from './outlook.ts';
import { dayFrom } from './period.rules.ts';
import { plans } from './plans.ts';
import { refresh } from './refresh.ts';
import { showback } from './showback.ts';
import { watch } from './watch.ts';

/** Everything the house can do with costs. */
export function costs(deps: CostDeps) {
  const answer = answers(deps);
  const budgets = budgetStandings(deps, answer);
  const reads = refresh(deps);
  watch(deps, answer, budgets);
  const raises = budgetRaises(deps);
  const digest = digests(deps, answer, budgets);
  return {
    ...answer,
    budgets: { ...budgets, ...raises },
    anomalies: anomalyBook(deps),
    showback: showback(deps, answer),
    outlook: outlooks(deps, answer),
    economies: economies(deps, answer),
    plans: plans(deps, raises),
    causes: causes(deps),
    digest,
    begin: async () => {
      await reads.begin();
      await digest.begin();
    },
    /** The first day of which costs are known; undefined while none are. */
    knownSince: async (at: Db | Tx) => {
      const days = (await ledgerReads(at)).flatMap(({ basis, from_day }) =>
        basis === 'actual' && from_day !== null ? [from_day] : [],
      );
      return days.length > 0 ? dayFrom(Math.min(...days)) : undefined;
    },
    refresh: (tx: Tx) => reads.now(tx),
  };
}

export type Costs = ReturnType<typeof costs>;
