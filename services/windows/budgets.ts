import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Db } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import { BUDGET_EXEMPT, errorBudget } from './budget.rules.ts';
import { liveWindows } from './windows.store.ts';
import type { CalendarStore } from './windows.ts';

export interface BudgetDeps {
  db: Db;
  clock: Clock;
  jobs: Jobs;
  organisation: Organisation;
  /** Requests and those that failed in the last 28 days, from Azure Monitor; `undefined` when it does not say. */
  served: (endpoint: string) => Promise<{ requests: number; errors: number } | undefined>;
}

const WATCH = 'windows-budgets';
const LEASE_SECONDS = 120;
const EVERY_MINUTES = 360;
/** After the first start; and whenever a freeze stands at a start, as the file may name another objective by then. */
const SOON_MINUTES = 10;

/**
 * Error-budget freezes (Google SRE workbook, appendix B): when more requests failed in four weeks than the objective allows,
 * the endpoint is frozen for everything but security fixes, emergencies and rollbacks; when it is within its budget again
 * the freeze ends by itself. Without an answer from Monitor nothing changes: an unknown budget neither freezes nor thaws.
 */
export function budgetFreezes({ db, clock, jobs, organisation, served }: BudgetDeps, store: CalendarStore) {
  jobs.handleOutside(WATCH, LEASE_SECONDS, async (data) => {
    const { once } = data as { once?: boolean };
    const seen: { id: string; endpoint: string; frozen: boolean; words: string }[] = [];
    for (const { id, endpoint, slo } of organisation.errorBudgets) {
      try {
        const counted = await served(endpoint);
        if (!counted || counted.requests === 0) continue;
        const budget = errorBudget({ slo, ...counted });
        const words = `${Math.round(counted.errors)} of ${Math.round(counted.requests)} requests failed in 28 days; the objective ${slo * 100} % allows ${Math.floor(budget.allowed)}`;
        seen.push({ id, endpoint, frozen: budget.frozen, words });
      } catch (error) {
        seen.push({ id, endpoint, frozen: false, words: `unknown: ${messageOf(error)}` });
      }
    }
    return async (tx) => {
      const open = (await liveWindows(tx)).filter(({ source }) => source === 'budget');
      for (const { id, endpoint, frozen, words } of seen) {
        const batch = `budget:${id}`;
        const now = open.find((row) => row.batch === batch);
        if (words.startsWith('unknown')) continue;
        if (frozen && !now) {
          const review = clock
            .now()
            .add({ hours: 24 * 7 })
            .toString();
          const spec = {
            name: `Error budget of ${endpoint} is spent`,
            kind: 'deny' as const,
            zone: 'UTC',
            start: clock.now().toString().slice(0, 19),
            scope: { where: { endpoint: [endpoint] } },
            override: { exempt: [...BUDGET_EXEMPT] },
            openEnded: { owner: 'wardroom', review },
          };
          await store.add(tx, [{ spec, reason: words, by: 'wardroom', source: 'budget', batch }]);
        }
        if (!frozen && now) await store.end(tx, now.id, 'wardroom', words);
      }
      // Nobody would ever look at the budget of a freeze that the file does not name any more.
      for (const row of open)
        if (!organisation.errorBudgets.some(({ id }) => row.batch === `budget:${id}`))
          await store.end(tx, row.id, 'wardroom', 'wardroom.yaml names no such objective any more');
      if (!once) await jobs.enqueue(tx, WATCH, {}, { at: clock.now().add({ minutes: EVERY_MINUTES }) });
    };
  });

  return {
    async begin(): Promise<void> {
      const goesOn = organisation.errorBudgets.length === 0 || (await jobs.waiting(WATCH));
      await inTransaction(db, async (tx) => {
        if (!goesOn) await jobs.enqueue(tx, WATCH, {}, { at: clock.now().add({ minutes: SOON_MINUTES }) });
        else if ((await liveWindows(tx)).some(({ source }) => source === 'budget'))
          await jobs.enqueue(tx, WATCH, { once: true });
      });
    },
  };
}
