import { Temporal } from 'temporal-polyfill';
import { digestOf } from '../core/canonical.ts';
import { isRefused, Refused } from '../core/errors.ts';
import { type ChangePlan, type ChangeRow, isUnknown } from '../fleet/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Tx } from '../store/store.ts';
import type { ApprovedChange, PromotePlan } from './plan.ts';
import { type Quality, qualityOf } from './quality.rules.ts';
import { channelOf } from './requests.deps.ts';
import { currentOf, mayServe, NOT_DEPLOYED, NOTHING_MOVED, nextOf, stepWords, trafficOf } from './rollout.rules.ts';
import * as rows from './rollout.store.ts';
import { rolloutLooks } from './rollout-looks.ts';
import {
  BUSY_AGAIN_SECONDS,
  type Held,
  ROLLOUT,
  type RolloutDeps,
  rolloutCardOf,
  rolloutWriter,
} from './rollout-writer.ts';

export type { RolloutRow } from './rollout.store.ts';
export type { Gate, GateAnswer, Held, RolloutWatcher } from './rollout-writer.ts';
export { rolloutCardOf } from './rollout-writer.ts';

const GATE_AGAIN_MINUTES = 5;

/**
 * Approved promotions, carried out in steps: the deployment is made, traffic is copied and then moved by the plan, and
 * at every step what is measured decides whether it goes on. All state is in the store and every write to Azure is a
 * change of the fleet, so a process may die at any moment and nothing happens twice.
 */
export function rollouts(deps: RolloutDeps) {
  const { clock, jobs, outbox, organisation } = deps;
  const write = rolloutWriter(deps);
  const { save, said, note, kick, goBack, finish } = write;
  const looks = rolloutLooks(deps, write);

  jobs.handle(ROLLOUT, async (tx, batch) => {
    for (const { rollout } of batch as { rollout: string }[]) await advance(tx, rollout);
  });

  async function advance(tx: Tx, id: string): Promise<void> {
    const row = await rows.lockRollout(tx, id);
    if (!row || row.finished_at) return;
    if (row.intent === 'abort' && ['waiting', 'baking', 'held'].includes(row.state)) {
      return mayServe(row) ? goBack(tx, row, row.note, 'wardroom') : finish(tx, row, 'aborted', row.note);
    }
    if (row.state !== 'waiting') return;
    if (row.intent === 'hold') return looks.hold(tx, row, row.note, 'wardroom');
    const plan = row.plan as PromotePlan;
    const step = plan.steps[nextOf(row)];
    if (!step) throw new Error(`${id}: the plan has no step ${nextOf(row)}`);
    for (const gate of deps.gates) {
      const answer = await gate(tx, { endpoint: row.endpoint, request: row.request, plan, step, now: clock.now() });
      if (answer.open) continue;
      if (row.note !== answer.why) {
        await note(tx, row, 'gated', answer.why, { step: nextOf(row) });
        await save(tx, row, { note: answer.why });
        await said(tx, row, `gated:${nextOf(row)}:${digestOf(answer.why).slice(0, 12)}`, `Waits: ${answer.why}`);
      }
      // What is to open on Monday may be opened sooner: a freeze is ended, an incident resolved.
      const soon = clock.now().add({ minutes: GATE_AGAIN_MINUTES });
      const due = answer.again && Temporal.Instant.compare(answer.again, soon) < 0 ? answer.again : soon;
      return kick(tx, id, due);
    }
    const next: ChangePlan =
      row.step === NOT_DEPLOYED
        ? {
            kind: 'deployment',
            workspace: row.workspace,
            deployment: plan.deployment,
            model: plan.model,
            like: currentOf(plan),
            what: `${plan.deployment} of ${row.endpoint} with ${row.model}:${row.version}`,
          }
        : {
            workspace: row.workspace,
            ...trafficOf(plan, step),
            from: plan.from,
            what: `${row.endpoint}: ${row.model}:${row.version} ${stepWords(step)}`,
          };
    try {
      const change = await deps.startChange(tx, { endpoint: row.endpoint, rollout: id, plan: next });
      const words =
        row.step === NOT_DEPLOYED
          ? `Making ${plan.deployment} with ${row.model}:${row.version}`
          : `Moving to ${stepWords(step)}`;
      await save(tx, row, {
        state: row.step === NOT_DEPLOYED ? 'deploying' : 'moving',
        change,
        note: words,
        held: null,
        started_at: row.started_at ?? clock.now().toString(),
      });
      await note(tx, row, 'step', words, { step: nextOf(row), change });
    } catch (error) {
      if (!isRefused(error)) throw error;
      await save(tx, row, { note: error.message });
      await kick(tx, id, clock.now().add({ seconds: BUSY_AGAIN_SECONDS }));
    }
  }

  return {
    /** Takes up an approved promotion, in the transaction of the deciding vote; returns its id. */
    async begin(tx: Tx, { endpoint, request }: ApprovedChange, plan: PromotePlan): Promise<string> {
      const open = await rows.openRollout(tx, endpoint);
      if (open) throw new Refused(`${open.id} is under way on ${endpoint}.`, `Say “rollout ${open.id}” to see it.`);
      const id = await nextNumber(tx, 'ROL');
      const channel = channelOf(organisation, organisation.endpoints.find((each) => each.id === endpoint)?.owner ?? '');
      await tx
        .insertInto('rollouts')
        .values({
          id,
          request,
          endpoint,
          workspace: plan.workspace,
          model: plan.model.name,
          version: plan.model.version,
          plan: JSON.stringify(plan),
          state: 'waiting',
          step: NOT_DEPLOYED,
          tallies: JSON.stringify({}),
          note: 'about to start',
          channel,
          created_at: clock.now().toString(),
        })
        .execute();
      await outbox.show(tx, {
        card: rolloutCardOf(id),
        kind: 'approvals.rollout',
        ids: { rollout: id },
        conversation: channel,
        priority: 2,
      });
      await looks.check(tx, id);
      return id;
    },

    /** A change that was one of its steps has ended. */
    async changeEnded(tx: Tx, change: ChangeRow, outcome: 'succeeded' | 'failed', why: string): Promise<void> {
      const row = change.rollout ? await rows.lockRollout(tx, change.rollout) : undefined;
      if (!row) return;
      if (row.change !== change.id) return looks.putRight(tx, row, change, outcome);
      if (row.finished_at) return;
      const plan = row.plan as PromotePlan;
      const at = clock.now();
      if (row.state === 'deploying') {
        if (outcome === 'failed') {
          if (row.intent === 'abort') return finish(tx, row, 'aborted', row.note);
          const words = `The deployment could not be made. ${why}`;
          // What Azure would not even begin (the version is gone) does not get better by trying again.
          if (!change.operation_url && !isUnknown(change)) return finish(tx, row, 'failed', words);
          // Too few machines, a container that did not start: what was voted on is not asked anew for that.
          await save(tx, row, {
            state: 'held',
            intent: null,
            note: words,
            held: { kind: 'refused', why: words, at: at.toString(), while: 'moving' },
          });
          await note(tx, row, 'held', words, { kind: 'refused', change: change.id });
          return said(
            tx,
            row,
            `refused:${change.id}`,
            `${words} No traffic was moved; continue to try again, or end it.`,
          );
        }
        // Why somebody wants it held or ended is said when that is done.
        const words = row.intent ? row.note : `${plan.deployment} is ready`;
        await save(tx, row, { state: 'waiting', step: NOTHING_MOVED, note: words });
        return kick(tx, row.id);
      }
      if (row.state === 'rolling-back') {
        if (outcome === 'failed') {
          const unknown = isUnknown(change);
          const held: Held = {
            ...{ kind: 'refused', why, at: at.toString(), while: 'rolling-back' },
            ...(unknown ? { unknown } : {}),
          };
          const words = unknown ? why : `The way back was refused: ${why}`;
          await save(tx, row, { state: 'held', held, note: words });
          const next = `${unknown ? 'Look at the endpoint, then press' : 'Press'} “Go back now” to try again.`;
          return said(tx, row, `refused:${change.id}`, `${words} ${next}`);
        }
        const before = row.held as Held | null;
        return finish(
          tx,
          row,
          before?.kind === 'person' ? 'aborted' : 'rolled-back',
          `Back to what served before: ${before?.why ?? row.note}`,
        );
      }
      if (row.state !== 'moving') return;
      const index = nextOf(row);
      const step = plan.steps[index];
      if (!step) throw new Error(`${row.id}: the plan has no step ${index}`);
      if (outcome === 'failed') {
        const unknown = isUnknown(change);
        if (row.intent === 'abort')
          return unknown || mayServe(row)
            ? goBack(tx, row, row.note, 'wardroom')
            : finish(tx, row, 'aborted', row.note);
        const held: Held = {
          ...{ kind: 'refused', why, at: at.toString(), while: 'moving' },
          ...(unknown ? { unknown } : {}),
        };
        await save(tx, row, { state: 'held', held, note: why });
        if (row.step > NOTHING_MOVED) await looks.look(tx, row, plan.steps[row.step]?.minutes ?? 0);
        return said(
          tx,
          row,
          `refused:${change.id}`,
          `${why} ${unknown ? 'Look at the endpoint, then continue' : 'The traffic is as it was; continue'} to try again, or go back.`,
        );
      }
      const shown = { ...row, step: index, step_since: at.toString() };
      if (row.intent === 'abort') {
        await save(tx, row, { step: index, step_since: at.toString() });
        return goBack(tx, shown, row.note, 'wardroom');
      }
      // A look of the step before may still be due: it has the old number and is dropped.
      const set = { step: index, step_since: at.toString(), tallies: {}, reading: null, look: row.look + 1 };
      if (index === plan.steps.length - 1 && step.minutes === 0) {
        await save(tx, row, set);
        return finish(tx, shown, 'succeeded', `${row.model}:${row.version} serves all of ${row.endpoint}.`);
      }
      await save(tx, row, { ...set, state: 'baking', note: `Looking at ${stepWords(step)}` });
      await said(tx, row, `step:${index}`, `${row.model}:${row.version} has ${stepWords(step)} of ${row.endpoint}.`);
      if (row.intent === 'hold') await looks.hold(tx, { ...shown, state: 'baking' }, row.note, 'wardroom');
      await looks.look(tx, { ...row, look: set.look }, step.minutes);
    },

    /** Another change moved the traffic of its endpoint: this rollout is over. */
    async overtaken(tx: Tx, change: ChangeRow): Promise<void> {
      const open = await rows.openRollout(tx, change.endpoint);
      const row = open && open.id !== change.rollout ? await rows.lockRollout(tx, open.id) : undefined;
      if (row && !row.finished_at && row.state !== 'rolling-back')
        await finish(tx, row, 'overtaken', `${change.id} has changed the traffic of ${row.endpoint}.`);
    },

    /** Stands still at this share until somebody says otherwise; a guard that fails still goes back. */
    async hold(tx: Tx, id: string, by: string, why: string): Promise<rows.RolloutRow> {
      const row = await openOne(tx, id);
      if (row.state === 'held') throw new Refused(`${id} is held already.`);
      if (row.state === 'rolling-back') throw new Refused(`${id} is going back already.`);
      await note(tx, row, 'held', why, {}, by);
      if (row.state === 'baking') await looks.hold(tx, row, why, by);
      else if (row.state === 'waiting') await looks.hold(tx, row, why, by);
      else await save(tx, row, { intent: 'hold', note: why });
      return openOne(tx, id);
    },

    /** Goes on where it stood: what a person held is looked at again, what could not be decided is taken as good. */
    async continue(tx: Tx, id: string, by: string, why: string): Promise<rows.RolloutRow> {
      const row = await openOne(tx, id);
      if (row.state !== 'held')
        throw new Refused(`${id} is not held: ${row.note.replace(/\.?$/, '.')}`, `Say “rollout ${id}” to see it.`);
      const held = row.held as Held | null;
      await note(tx, row, 'continued', why, { held }, by);
      if (held?.while === 'rolling-back') await goBack(tx, row, why, by);
      else if (held?.kind === 'inconclusive' || held?.kind === 'azure')
        await looks.passed(tx, row, `${why} (decided by a person)`);
      else if (held?.while === 'baking' && row.step_since) {
        // It was watched all the time: what was seen counts, the looks begin anew.
        await save(tx, row, { state: 'baking', held: null, tallies: {}, note: why });
      } else {
        await save(tx, row, { state: 'waiting', held: null, note: why });
        await kick(tx, id);
      }
      return (await rows.findRollout(tx, id)) ?? row;
    },

    /** Ends it: the traffic goes back to what served before. The plan that was voted on says so, one person is enough. */
    async abort(tx: Tx, id: string, by: string, why: string): Promise<rows.RolloutRow> {
      const row = await openOne(tx, id);
      if (row.state === 'rolling-back') throw new Refused(`${id} is going back already.`);
      if (row.state === 'moving' || row.state === 'deploying') {
        await note(tx, row, 'aborted', why, { while: row.state }, by);
        await save(tx, row, { intent: 'abort', note: why });
      } else if (mayServe(row)) await goBack(tx, row, why, by);
      else {
        await note(tx, row, 'aborted', why, {}, by);
        await finish(tx, row, 'aborted', why);
      }
      return (await rows.findRollout(tx, id)) ?? row;
    },

    /** Both versions on the mirrored requests since it began; asks Azure. */
    async quality(row: rows.RolloutRow): Promise<Quality> {
      const plan = row.plan as PromotePlan;
      const place = { workspace: row.workspace, endpoint: row.endpoint };
      const since = Temporal.Instant.from(row.started_at ?? row.created_at);
      const sides = { current: currentOf(plan), candidate: plan.deployment };
      return qualityOf(await deps.watcher.answers({ ...place, ...sides, since }));
    },

    find: rows.findRollout,
    openOn: rows.openRollout,
    ofRequest: rows.rolloutOfRequest,
    ofModel: rows.rolloutsOfModel,
    done: rows.doneRollouts,
    list: rows.listRollouts,
    looks: rows.looksOfRollout,
  };
}

async function openOne(tx: Tx, id: string): Promise<rows.RolloutRow> {
  const row = await rows.lockRollout(tx, id);
  if (!row) throw new Refused(`There is no rollout ${id}.`, 'Say “rollouts” for the list.', 'unknown-rollout');
  if (row.finished_at)
    throw new Refused(`${id} is over: ${row.note.replace(/\.?$/, '.')}`, 'Say “rollouts” for those under way.');
  return row;
}

export type Rollouts = ReturnType<typeof rollouts>;
