import type { Selectable } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { sameTraffic, type Traffic, type TrafficPlan } from '../fleet/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { TestMetric, TestSize, TestWish } from './experiment.rules.ts';
import { readTest, type TestReading } from './experiment-reading.rules.ts';
import type { RolloutWatcher } from './rollout-writer.ts';

export type ExperimentRow = Selectable<Tables['experiments']>;

/** A test as it was planned. */
export interface TestPlan extends TestWish, TestSize {
  /** Deployment and version of each side. */
  current: { deployment: string; version: string };
  candidate: { deployment: string; version: string };
  /** Live traffic when it was planned: the way back. */
  from: Traffic;
  requestsPerDay: number;
}

export type TestState = 'planned' | 'asked' | 'running' | 'overtaken' | 'stopped' | 'refused';

const SETTLE_MINUTES = 6;

/** A/B tests: planned with their size, started by a vote, read at any time, stopped by going back. */
export function experiments(deps: { db: Db; clock: Clock; audit: Audit; watcher: RolloutWatcher }) {
  const { db, clock, audit, watcher } = deps;

  interface Stands {
    state: TestState;
    since?: Temporal.Instant;
    /** What moved the traffic of its endpoint since: the test ended there. */
    by?: { change: string; at: Temporal.Instant };
  }

  async function stateOf(at: Db | Tx, row: ExperimentRow): Promise<Stands> {
    if (row.stopped_at) return { state: 'stopped' };
    if (!row.request) return { state: 'planned' };
    const request = await at
      .selectFrom('requests')
      .select(['state', 'change'])
      .where('id', '=', row.request)
      .executeTakeFirst();
    if (request?.state === 'done') {
      const change = await at
        .selectFrom('changes')
        .select('finished_at')
        .where('id', '=', request.change ?? '')
        .executeTakeFirst();
      const since = Temporal.Instant.from(change?.finished_at ?? row.created_at);
      const by = await movedSince(at, row, since);
      return by ? { state: 'overtaken', since, by } : { state: 'running', since };
    }
    const over = ['rejected', 'expired', 'withdrawn', 'failed'].includes(request?.state ?? '');
    return { state: over ? 'refused' : 'asked' };
  }

  /** The first change that set another split than the test's: an emergency, a promotion, another test. */
  async function movedSince(at: Db | Tx, row: ExperimentRow, since: Temporal.Instant): Promise<Stands['by']> {
    const wanted = testShares(row.plan as unknown as TestPlan);
    const later = await at
      .selectFrom('changes')
      .selectAll()
      .where('endpoint', '=', row.endpoint)
      .where('kind', '=', 'traffic')
      .where('state', '<>', 'failed')
      .where('created_at', '>=', since.toString())
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    const moved = later.find(({ plan }) => !sameTraffic((plan as unknown as TrafficPlan).traffic, wanted));
    return moved && { change: moved.id, at: Temporal.Instant.from(moved.created_at) };
  }

  async function needed(at: Db | Tx, id: string): Promise<ExperimentRow> {
    const row = await at.selectFrom('experiments').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row)
      throw new Refused(
        `There is no test ${id}.`,
        'Say “a/b tests” for the list; “my drafts” has plans that were begun.',
        'unknown-test',
      );
    return row;
  }

  return {
    async plan(
      tx: Tx,
      given: { endpoint: string; workspace: string; model: string; owner: string; plan: TestPlan },
    ): Promise<ExperimentRow> {
      const id = await nextNumber(tx, 'AB');
      await tx
        .insertInto('experiments')
        .values({ id, ...given, plan: JSON.stringify(given.plan), created_at: clock.now().toString() })
        .execute();
      await audit.append(tx, {
        actor: given.owner,
        action: 'approvals.test-planned',
        objects: [id, given.endpoint, `${given.model}:${given.plan.candidate.version}`],
        detail: { plan: given.plan },
      });
      return needed(tx, id);
    },
    asked: (tx: Tx, id: string, request: string) =>
      tx.updateTable('experiments').set({ request }).where('id', '=', id).execute(),
    async stopped(tx: Tx, id: string, by: string, result: object): Promise<void> {
      await tx
        .updateTable('experiments')
        .set({ stopped_by: by, stopped_at: clock.now().toString(), result: JSON.stringify(result) })
        .where('id', '=', id)
        .execute();
    },
    needed,
    stateOf,
    /** The newest first; of one endpoint, when it is named. */
    list: (at: Db | Tx, most: number, endpoint?: string): Promise<ExperimentRow[]> =>
      at
        .selectFrom('experiments')
        .selectAll()
        .$if(endpoint !== undefined, (query) => query.where('endpoint', '=', endpoint ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),
    /** What the test says now, or said when something else moved the traffic; asks Azure. `undefined` when it does not run. */
    async read(row: ExperimentRow): Promise<TestReading | undefined> {
      const { state, since, by } = await stateOf(db, row);
      if ((state !== 'running' && state !== 'overtaken') || !since) return undefined;
      const plan = row.plan as unknown as TestPlan;
      const place = {
        workspace: row.workspace,
        endpoint: row.endpoint,
        current: plan.current.deployment,
        candidate: plan.candidate.deployment,
        since: since.add({ minutes: SETTLE_MINUTES }),
        ...(by ? { until: by.at } : {}),
      };
      const what = valuesOf(plan);
      const [measured, values] = await Promise.all([
        watcher.measure({ ...place, mirrored: false, shares: testShares(plan) }),
        what && watcher.values({ ...place, what }),
      ]);
      return readTest(plan, measured, values);
    },
  };
}

const VALUES: Partial<Record<TestMetric, 'latency' | 'label'>> = { 'mean-latency': 'latency', accuracy: 'label' };

/** Which single values a test needs; errors and the p95 come with the traffic. */
const valuesOf = ({ metric, outcome }: TestWish) => (outcome === undefined ? VALUES[metric] : { outcome });

/** The split of a test: two deployments, and nobody else. */
export const testShares = ({
  share,
  current,
  candidate,
}: Pick<TestPlan, 'share' | 'current' | 'candidate'>): Traffic => ({
  [current.deployment]: 100 - share,
  [candidate.deployment]: share,
});

export type Experiments = ReturnType<typeof experiments>;
