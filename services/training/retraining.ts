import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { RetrainingRule } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { TrainingDeps } from './deps.ts';
import { mayRun, monthOf, type Standing, type Trigger, type Verdict } from './retraining.rules.ts';
import { type Trainings, trainingCardOf } from './runs.ts';

export const RETRAIN = 'training-schedule';

export interface RuleStanding extends Standing {
  rule: RetrainingRule;
  pausedBy?: string | undefined;
  pausedWhy?: string | undefined;
  next?: Temporal.Instant | undefined;
}

/** Rules that train a model again: on drift, on performance, by schedule; with a cool-down and a budget. */
export function retraining(deps: TrainingDeps, runs: Trainings) {
  const { clock, jobs, audit, organisation, store } = deps;

  jobs.handle(RETRAIN, async (tx, batch) => {
    for (const { rule, generation } of batch as { rule: string; generation: number }[]) await due(tx, rule, generation);
  });

  async function due(tx: Tx, id: string, generation: number): Promise<void> {
    const row = await stateOf(tx, id);
    const rule = organisation.retraining.find((each) => each.id === id);
    if (!rule || row.generation !== generation) return;
    await consider(tx, rule, { kind: 'schedule' }, 'wardroom');
    await arm(tx, rule, generation + 1);
  }

  async function arm(tx: Tx, rule: RetrainingRule, generation: number): Promise<void> {
    if (rule.when.every === undefined) return;
    const at = clock.now().add({ minutes: rule.when.every });
    await tx
      .updateTable('retraining_state')
      .set({ generation, next_at: at.toString() })
      .where('rule', '=', rule.id)
      .execute();
    await jobs.enqueue(tx, RETRAIN, { rule: rule.id, generation }, { at });
  }

  /** The rule's row, locked; made when it is met for the first time. */
  async function stateOf(tx: Tx, rule: string) {
    await tx
      .insertInto('retraining_state')
      .values({ rule, paused: false, paused_by: null, paused_why: null, generation: 0 })
      .onConflict((conflict) => conflict.column('rule').doNothing())
      .execute();
    return tx.selectFrom('retraining_state').selectAll().where('rule', '=', rule).forUpdate().executeTakeFirstOrThrow();
  }

  async function standingOf(
    db: Db | Tx,
    rule: RetrainingRule,
    state: { paused: boolean; paused_by: string | null; paused_why: string | null; next_at: string | null } | undefined,
  ): Promise<RuleStanding> {
    const rows = await db
      .selectFrom('training_runs')
      .select(['id', 'created_at', 'state'])
      .where('rule', '=', rule.id)
      .orderBy('created_at', 'desc')
      .limit(200)
      .execute();
    const from = monthOf(clock.now()).toString();
    const [last] = rows;
    return {
      rule,
      paused: state?.paused ?? false,
      ...(state?.paused_by ? { pausedBy: state.paused_by } : {}),
      ...(state?.paused_why ? { pausedWhy: state.paused_why } : {}),
      ...(state?.next_at ? { next: Temporal.Instant.from(state.next_at) } : {}),
      ...(last
        ? {
            last: {
              id: last.id,
              at: Temporal.Instant.from(last.created_at),
              running: last.state !== 'done' && last.state !== 'failed',
            },
          }
        : {}),
      runsThisMonth: rows.filter(({ created_at }) => created_at >= from).length,
    };
  }

  /** Decides, with the reason on record, and begins the run. */
  async function consider(
    tx: Tx,
    rule: RetrainingRule,
    trigger: Trigger,
    by: string,
    conversation?: string,
    why?: string,
  ): Promise<Verdict & { run?: string }> {
    const standing = await standingOf(tx, rule, await stateOf(tx, rule.id));
    let verdict = mayRun(clock.now(), rule, standing, trigger);
    // Whoever asks by hand was asked for a second person; what begins by itself has nobody to ask.
    if (verdict.go && deps.budget && trigger.kind !== 'by-hand') {
      const asked = await deps.budget(tx, rule, { from: monthOf(clock.now()), runs: standing.runsThisMonth });
      if (!asked.allowed) verdict = { go: false, reason: asked.reason };
    }
    const endpoint = organisation.endpoints.find(({ id }) => id === rule.endpoint);
    if (!verdict.go || !endpoint) {
      await audit.append(tx, {
        actor: by,
        action: 'training.not-started',
        objects: [rule.id, rule.endpoint, rule.model],
        outcome: 'refused',
        why: verdict.reason,
        detail: { trigger },
      });
      return { ...verdict, go: false };
    }
    const run = await runs.start(tx, {
      kind: 'retrain',
      rule: rule.id,
      workspace: endpoint.workspace,
      endpoint: rule.endpoint,
      model: rule.model,
      source: rule.job,
      by,
      why: why ?? `${rule.id}: ${verdict.reason}`,
      estimate: rule.estimate,
      conversation: conversation ?? ownerOf(endpoint).channel,
    });
    // Nobody asked, so nobody sees an answer: its card stands with the owners from the start.
    if (by === 'wardroom') {
      const { channel } = ownerOf(endpoint);
      await deps.outbox.show(tx, {
        card: trainingCardOf(run),
        kind: 'alerts.training',
        ids: { training: run },
        conversation: channel,
        priority: 4,
      });
    }
    await audit.append(tx, {
      actor: by,
      action: 'training.started',
      objects: [run, rule.id, rule.endpoint, rule.model],
      why: verdict.reason,
      detail: { trigger },
    });
    return { ...verdict, run };
  }

  const ownerOf = ({ owner }: { owner: string }) => ({
    channel: `channel:${organisation.teams.find(({ id }) => id === owner)?.channel ?? organisation.fallbackChannel}`,
  });

  const needed = (id: string): RetrainingRule => {
    const found = organisation.retraining.find((each) => each.id === id.trim().toLowerCase());
    if (found) return found;
    const names = organisation.retraining.map((each) => each.id);
    throw new Refused(
      `There is no retraining rule ${id.slice(0, 60)}.`,
      names.length > 0 ? `There are ${names.join(', ')}.` : 'An administrator can add one to wardroom.yaml.',
      'unknown-rule',
    );
  };

  async function pause(tx: Tx, id: string, paused: boolean, by: string, why?: string): Promise<RetrainingRule> {
    const rule = needed(id);
    const state = await stateOf(tx, rule.id);
    if (state.paused === paused) throw new Refused(`${rule.id} is ${paused ? 'paused' : 'in force'} already.`);
    const now = { paused, paused_by: paused ? by : null, paused_why: paused ? (why ?? null) : null };
    await tx.updateTable('retraining_state').set(now).where('rule', '=', rule.id).execute();
    return rule;
  }

  return {
    needed,
    pause,

    /** Arms the schedules of the rules that have one; again after the sandbox's reset. */
    async begin(): Promise<void> {
      for (const rule of organisation.retraining) {
        if (rule.when.every === undefined) continue;
        await inTransaction(store.db, async (tx) => {
          const state = await stateOf(tx, rule.id);
          if (!state.next_at) await arm(tx, rule, state.generation + 1);
        });
      }
    },

    /** An alarm rose or performance was measured: every rule of the endpoint is asked. */
    async heard(tx: Tx, endpoint: string, triggers: readonly Trigger[]): Promise<void> {
      for (const rule of organisation.retraining.filter((each) => each.endpoint === endpoint)) {
        const listens = triggers.find((trigger) =>
          trigger.kind === 'drift'
            ? rule.when.drift
            : trigger.kind === 'performance' && rule.when.performance?.metric === trigger.metric,
        );
        if (listens) await consider(tx, rule, listens, 'wardroom');
      }
    },

    /** Somebody asks for it now. `Refused` when it may not run. */
    async now(tx: Tx, id: string, by: string, conversation?: string, why?: string): Promise<string> {
      const rule = needed(id);
      const verdict = await consider(tx, rule, { kind: 'by-hand' }, by, conversation, why);
      if (!verdict.run)
        throw new Refused(
          `${rule.model} is not trained now: ${verdict.reason}.`,
          'Say “retraining rules” to see why.',
          'not-now',
        );
      return verdict.run;
    },

    /** What would happen if it were asked for now. */
    async preview(db: Db, id: string): Promise<Verdict & { rule: RetrainingRule }> {
      const rule = needed(id);
      const state = await db.selectFrom('retraining_state').selectAll().where('rule', '=', rule.id).executeTakeFirst();
      return { rule, ...mayRun(clock.now(), rule, await standingOf(db, rule, state), { kind: 'by-hand' }) };
    },

    /** Every rule with how it stands. */
    async standing(db: Db): Promise<RuleStanding[]> {
      const states = new Map(
        (await db.selectFrom('retraining_state').selectAll().execute()).map((row) => [row.rule, row]),
      );
      return Promise.all(organisation.retraining.map((rule) => standingOf(db, rule, states.get(rule.id))));
    },
  };
}

export type Retraining = ReturnType<typeof retraining>;
