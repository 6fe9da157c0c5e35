import type { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { isRefused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import { type NewChange, sameTraffic, type TrafficState } from '../fleet/index.ts';
import type { ScoredRow } from '../statistics/index.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Bucket } from './experiment-reading.rules.ts';
import type { PromotePlan, RolloutStep } from './plan.ts';
import { type Tallies, trafficOf, wayBackOf } from './rollout.rules.ts';
import type * as rows from './rollout.store.ts';
import type { Measured } from './rollout-analysis.rules.ts';

export const ROLLOUT = 'approvals-rollout';
export const rolloutCardOf = (id: string): string => `rollout:${id}`;

/** Asked before every step; the first that is closed holds it. Windows, conditions and alarms are such gates. */
export type Gate = (
  tx: Tx,
  ask: { endpoint: string; request: string; plan: PromotePlan; step: RolloutStep; now: Temporal.Instant },
) => Promise<GateAnswer>;
export type GateAnswer = { open: true } | { open: false; why: string; again?: Temporal.Instant };

/** What a rollout asks of Azure; bot/app.rollout.ts wires it. */
export interface RolloutWatcher {
  measure(ask: {
    workspace: string;
    endpoint: string;
    current: string;
    candidate: string;
    since: Temporal.Instant;
    mirrored: boolean;
    /** Now, when it is left out. */
    until?: Temporal.Instant;
    /** Live shares of this step, in percent. */
    shares: Readonly<Record<string, number>>;
    /** When the change began: what served until then is compared with where `current` serves nothing any more. */
    began?: Temporal.Instant | undefined;
  }): Promise<Measured>;
  /** Requests that both scored, with the labels that came later. */
  answers(ask: {
    workspace: string;
    endpoint: string;
    current: string;
    candidate: string;
    since: Temporal.Instant;
  }): Promise<readonly ScoredRow[]>;
  /** Single values of two deployments that take live traffic, added up by step of time. */
  values(ask: {
    workspace: string;
    endpoint: string;
    current: string;
    candidate: string;
    since: Temporal.Instant;
    until?: Temporal.Instant;
    what: 'latency' | 'label' | { outcome: string };
  }): Promise<readonly Bucket[]>;
  traffic(workspace: string, endpoint: string): Promise<TrafficState | undefined>;
  kubernetes(workspace: string, endpoint: string): Promise<boolean>;
  /** Features whose drift was over its limit when the monitor ran last. */
  drifted(workspace: string, endpoint: string): Promise<readonly string[]>;
}

export interface RolloutDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  watcher: RolloutWatcher;
  gates: readonly Gate[];
  startChange: (tx: Tx, change: NewChange) => Promise<string>;
  /** Whether what the endpoint shows is an order of ours that Azure took late: it is put back. */
  tookLate: (db: Db | Tx, endpoint: string, now: TrafficState) => Promise<boolean>;
  /** The request has come to its end, in the transaction of the rollout's: its state, the record, the one before it. */
  endRequest: (tx: Tx, request: string, state: 'deployed' | 'rolled-back' | 'failed', why: string) => Promise<void>;
  /** Shows the request's card anew. */
  refreshRequest: (tx: Tx, request: string) => Promise<void>;
}

export const BUSY_AGAIN_SECONDS = 60;

/** Why a rollout stands still. */
export interface Held {
  kind: 'person' | 'inconclusive' | 'split' | 'refused' | 'azure';
  why: string;
  by?: string;
  at: string;
  /** What stood still: a look at a step, or a move to one. */
  while: 'baking' | 'moving' | 'rolling-back';
  /** Azure never answered: the move may have been made all the same. */
  unknown?: true;
}

type Update = Partial<{
  state: rows.RolloutRow['state'];
  step: number;
  step_since: string | null;
  look: number;
  tallies: Tallies;
  reading: object | null;
  intent: 'hold' | 'abort' | null;
  note: string;
  held: Held | null;
  baseline: readonly string[] | null;
  change: string | null;
  attempts: number;
  started_at: string;
  finished_at: string;
}>;

/** What every part of a rollout writes with. */
export function rolloutWriter(deps: RolloutDeps) {
  const { clock, audit, outbox, jobs } = deps;
  const now = () => clock.now();

  async function save(tx: Tx, row: rows.RolloutRow, set: Update): Promise<void> {
    const { tallies, reading, held, baseline, ...plain } = set;
    await tx
      .updateTable('rollouts')
      .set({
        ...plain,
        ...(tallies === undefined ? {} : { tallies: JSON.stringify(tallies) }),
        ...(reading === undefined ? {} : { reading: reading && JSON.stringify(reading) }),
        ...(held === undefined ? {} : { held: held && JSON.stringify(held) }),
        ...(baseline === undefined ? {} : { baseline: baseline && JSON.stringify(baseline) }),
      })
      .where('id', '=', row.id)
      .execute();
    await outbox.refresh(tx, rolloutCardOf(row.id));
    await deps.refreshRequest(tx, row.request);
  }

  const said = (tx: Tx, row: rows.RolloutRow, key: string, words: string) =>
    outbox.say(tx, {
      key: `rollout:${row.id}:${key}`,
      kind: 'approvals.rollout-said',
      ids: { rollout: row.id, words },
      conversation: row.channel,
      under: rolloutCardOf(row.id),
      priority: 3,
    });

  const note = (
    tx: Tx,
    row: rows.RolloutRow,
    what: string,
    why: string,
    detail: Record<string, unknown> = {},
    actor = 'wardroom',
  ) =>
    audit.append(tx, {
      actor,
      action: `approvals.rollout-${what}`,
      objects: [row.id, row.request, row.endpoint, `${row.model}:${row.version}`],
      why,
      detail,
    });

  const kick = (tx: Tx, id: string, at?: Temporal.Instant) =>
    jobs.enqueue(tx, ROLLOUT, { rollout: id }, at ? { at } : {});

  /** Everything goes back to what served before; whoever wanted it is in `why`. */
  async function goBack(
    tx: Tx,
    row: rows.RolloutRow,
    why: string,
    by: string,
    detail: Record<string, unknown> = {},
  ): Promise<void> {
    const plan = row.plan as PromotePlan;
    await note(tx, row, by === 'wardroom' ? 'tripped' : 'aborted', why, detail, by);
    try {
      const change = await deps.startChange(tx, {
        endpoint: row.endpoint,
        rollout: row.id,
        plan: {
          workspace: row.workspace,
          ...wayBackOf(plan),
          from: plan.from,
          what: `${row.endpoint} back from ${row.model}:${row.version}`,
        },
      });
      const held: Held = {
        kind: by === 'wardroom' ? 'inconclusive' : 'person',
        why,
        at: now().toString(),
        while: 'rolling-back',
        ...(by === 'wardroom' ? {} : { by }),
      };
      await save(tx, row, { state: 'rolling-back', change, note: why, held, intent: null });
      await said(tx, row, `back:${change}`, by === 'wardroom' ? `Rolled back by itself: ${why}` : `Going back: ${why}`);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Another change of the endpoint is under way: as soon as it has ended.
      await save(tx, row, { intent: 'abort', note: `${why} ${error.message}` });
      await kick(tx, row.id, now().add({ seconds: BUSY_AGAIN_SECONDS }));
    }
  }

  async function finish(tx: Tx, row: rows.RolloutRow, state: rows.RolloutRow['state'], why: string): Promise<void> {
    await save(tx, row, { state, note: why, finished_at: now().toString(), intent: null });
    await note(tx, row, state, why, { step: row.step, plan: row.plan });
    const ended = { succeeded: 'deployed', 'rolled-back': 'rolled-back', aborted: 'rolled-back' } as const;
    await deps.endRequest(tx, row.request, ended[state as keyof typeof ended] ?? 'failed', why);
    if (state === 'succeeded')
      await tx
        .updateTable('serving')
        .set({ request: row.request, since: now().toString() })
        .where('endpoint', '=', row.endpoint)
        .execute();
    await said(tx, row, `end:${state}`, why);
  }

  return { save, said, note, kick, goBack, finish, now };
}
export type RolloutWriter = ReturnType<typeof rolloutWriter>;

/** What Azure shows against what a step set up, in words; undefined when they agree or a change is under way. */
export function strayed(plan: PromotePlan, step: RolloutStep, now: TrafficState | undefined): string | undefined {
  if (!now) return `${plan.endpoint} does not exist any more.`;
  const wanted = trafficOf(plan, step);
  if (now.updating || (sameTraffic(now.traffic, wanted.traffic) && sameTraffic(now.mirror, wanted.mirror)))
    return undefined;
  const shares = Object.entries(now.traffic).map(([name, share]) => `${name} ${share} %`);
  return `Somebody changed the traffic of ${plan.endpoint} past this rollout: it is ${shares.join(', ')} now.`;
}
