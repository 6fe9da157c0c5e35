import { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { messageOf, Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import {
  type ChangePlan,
  type ChangeRow,
  deploymentStanding,
  MOST_ATTEMPTS,
  makesDeployment,
  type NewChange,
  nextStep,
  type Standing,
  trafficStanding,
} from './changes.rules.ts';
import { find, objectsOf, running } from './changes.store.ts';
import type { Estate } from './estate.ts';
import { lateOrders } from './late.ts';

export const CHANGE = 'fleet-change';
const LEASE_SECONDS = 30;
/** Azure says Retry-After; without it, this often. */
const POLL_SECONDS = 5;

export interface ChangesDeps {
  clock: Clock;
  audit: Audit;
  jobs: Jobs;
  estate: Estate;
  db: Db;
  /** Something about the change is to be shown. */
  onProgress: (tx: Tx, change: ChangeRow) => Promise<void>;
  onFinished: (tx: Tx, change: ChangeRow, outcome: 'succeeded' | 'failed', note: string) => Promise<void>;
}

/**
 * Changes of the estate. Each step can be repeated: before anything is written Azure is asked how it stands, so a step
 * whose outcome was lost with the process is recognised and not made twice.
 */
export function changes(deps: ChangesDeps) {
  const { clock, audit, jobs, estate, db } = deps;
  const late = lateOrders(deps, start);

  jobs.handleOutside(CHANGE, LEASE_SECONDS, async (data) => {
    const { change: id } = data as { change: string };
    const row = await find(db, id);
    if (!row || row.state === 'succeeded' || row.state === 'failed') return async () => undefined;
    const plan = row.plan as ChangePlan;
    let sent = false;
    try {
      const before = await standing(row.endpoint, plan);
      const operation = row.operation_url ? await estate.poll(row.operation_url) : undefined;
      const step = nextStep(row, plan, before, operation);
      if (step.do === 'start') {
        sent = true;
        const started = makesDeployment(plan)
          ? await estate.startDeployment(row.endpoint, plan)
          : await estate.startTraffic(plan.workspace, row.endpoint, plan);
        return (tx) =>
          save(tx, row, { state: 'running', operation_url: started.operationUrl, note: step.note }, POLL_SECONDS);
      }
      if (step.do === 'wait') {
        const wait = operation?.retryAfterSeconds ?? POLL_SECONDS;
        return (tx) => save(tx, row, { state: 'running', percent: step.percent, note: step.note }, wait);
      }
      // Without the rules of the one it replaces a version would have to serve the day with the instances of the night.
      if (step.do === 'done' && makesDeployment(plan)) await estate.scaleAlike(row.endpoint, plan);
      return (tx) => finish(tx, row, step.do === 'done' ? 'succeeded' : 'failed', step.note);
    } catch (error) {
      // A refusal will not pass on the next try; anything else is Azure having a bad minute.
      if (error instanceof Refused) return (tx) => finish(tx, row, 'failed', error.message);
      const note = `Azure did not answer (${messageOf(error).slice(0, 160)}); trying again`;
      // It may have got there all the same, and be carried out when something newer has been.
      const doubt = async (tx: Tx) => (sent ? late.doubt(tx, row) : undefined);
      if (row.attempts >= MOST_ATTEMPTS) {
        const why = `Azure did not answer ${row.attempts + 1} times (${messageOf(error).slice(0, 160)}): whether it was done is not known.`;
        return async (tx) => {
          await doubt(tx);
          await finish(tx, row, 'failed', why);
        };
      }
      return async (tx) => {
        await doubt(tx);
        await save(tx, row, { note, attempts: row.attempts + 1 }, Math.min(60, 5 + row.attempts * 5));
      };
    }
  });

  async function standing(endpoint: string, plan: ChangePlan): Promise<Standing> {
    if (!makesDeployment(plan)) return trafficStanding(plan, await estate.traffic(plan.workspace, endpoint));
    return deploymentStanding(plan, await estate.deployment(plan.workspace, endpoint, plan.deployment));
  }

  type Update = Partial<Pick<ChangeRow, 'state' | 'operation_url' | 'percent' | 'note' | 'attempts'>>;

  async function save(tx: Tx, row: ChangeRow, set: Update, againInSeconds: number): Promise<void> {
    const started = row.started_at ? {} : { started_at: clock.now().toString() };
    await tx
      .updateTable('changes')
      .set({ ...set, ...started })
      .where('id', '=', row.id)
      .execute();
    if (row.state === 'waiting' && set.state === 'running') {
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'fleet.change.started',
        objects: objectsOf(row),
        why: row.request ? `approved by ${row.request}` : undefined,
        detail: { plan: row.plan, operation: set.operation_url },
      });
    }
    await jobs.enqueue(tx, CHANGE, { change: row.id }, { at: clock.now().add({ seconds: againInSeconds }) });
    await deps.onProgress(tx, { ...row, ...set });
  }

  async function finish(tx: Tx, row: ChangeRow, outcome: 'succeeded' | 'failed', note: string): Promise<void> {
    const done = {
      state: outcome,
      note,
      finished_at: clock.now().toString(),
      percent: outcome === 'succeeded' ? 100 : row.percent,
    };
    await tx.updateTable('changes').set(done).where('id', '=', row.id).execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `fleet.change.${outcome}`,
      objects: objectsOf(row),
      outcome: outcome === 'succeeded' ? 'ok' : 'failed',
      why: note,
      detail: { plan: row.plan },
    });
    await deps.onFinished(tx, { ...row, ...done }, outcome, note);
  }

  /** Records the change and has it carried out; in the transaction that allowed it. */
  async function start(tx: Tx, change: NewChange): Promise<string> {
    const busy = await running(tx, change.endpoint);
    if (busy) throw new Refused(`${busy.id} is changing ${change.endpoint} already.`, 'Wait until it has finished.');
    const id = await nextNumber(tx, 'CHG');
    await tx
      .insertInto('changes')
      .values({
        id,
        request: change.request ?? null,
        incident: change.incident ?? null,
        endpoint: change.endpoint,
        kind: makesDeployment(change.plan) ? 'deployment' : 'traffic',
        rollout: change.rollout ?? null,
        plan: JSON.stringify(change.plan),
        state: 'waiting',
        percent: 0,
        note: 'about to start',
        created_at: clock.now().toString(),
      })
      .execute();
    await jobs.enqueue(tx, CHANGE, { change: id });
    return id;
  }

  return {
    start,
    tookLate: late.tookLate,
    find: (at: Db | Tx, id: string) => find(at, id),
    /** What is being done to an endpoint now. */
    running,
    /** Everything that was done to an endpoint, the newest first. */
    of: (at: Db | Tx, endpoint: string, most: number): Promise<ChangeRow[]> =>
      at
        .selectFrom('changes')
        .selectAll()
        .where('endpoint', '=', endpoint)
        .orderBy('created_at', 'desc')
        .limit(most)
        .execute(),
    /** The latest change of an incident. */
    ofIncident: (at: Db | Tx, incident: string) =>
      at
        .selectFrom('changes')
        .selectAll()
        .where('incident', '=', incident)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    /** What was done to an endpoint since, for deciding whether its trouble is over. */
    async since(at: Db | Tx, endpoint: string, since: string) {
      const rows = await at
        .selectFrom('changes')
        .selectAll()
        .where('endpoint', '=', endpoint)
        .where('created_at', '>=', since)
        .execute();
      return rows.map((row) => ({
        state: row.state === 'succeeded' || row.state === 'failed' ? row.state : ('running' as const),
        what: (row.plan as ChangePlan).what,
        at: Temporal.Instant.from(row.finished_at ?? row.started_at ?? row.created_at),
      }));
    },
  };
}

export type Changes = ReturnType<typeof changes>;
