import { Temporal } from 'temporal-polyfill';
import { isRefused, messageOf, Refused } from '../core/errors.ts';
import type { ChangePlan, ChangeRow } from '../fleet/index.ts';
import type { Tx } from '../store/store.ts';
import type { PromotePlan } from './plan.ts';
import { currentOf, isLast, judgeLook, startFault, stepWords, type Tallies, trafficOf } from './rollout.rules.ts';
import * as rows from './rollout.store.ts';
import { type GuardReading, readGuards } from './rollout-analysis.rules.ts';
import { firstLook, lookEvery, SETTLE_MINUTES } from './rollout-time.rules.ts';
import { type Held, type RolloutDeps, type RolloutWriter, strayed } from './rollout-writer.ts';

const LOOK = 'approvals-rollout-look';
const CHECK = 'approvals-rollout-check';
const LEASE_SECONDS = 60;
const ERRORS_BORNE = 4;

const LOOKABLE: readonly rows.RolloutRow['state'][] = ['baking', 'held', 'waiting'];
const lookable = (row: rows.RolloutRow, look: number): boolean =>
  !row.finished_at && row.look === look && row.step_since !== null && LOOKABLE.includes(row.state);

/** The looks at a step: what is measured, counted and decided. Reads only; each look counts once. */
export function rolloutLooks(deps: RolloutDeps, write: RolloutWriter) {
  const { clock, jobs, watcher } = deps;
  const { save, said, kick, goBack, finish, note } = write;

  /** Before the first write: can this plan be carried out on the endpoint as it is, and what had drifted before? */
  jobs.handleOutside(CHECK, LEASE_SECONDS, async (data) => {
    const { rollout: id } = data as { rollout: string };
    const row = await rows.findRollout(deps.db, id);
    if (!row || row.finished_at || row.state !== 'waiting' || row.baseline) return async () => undefined;
    const plan = row.plan as PromotePlan;
    const [kubernetes, traffic, drifted] = await Promise.all([
      watcher.kubernetes(row.workspace, row.endpoint),
      watcher.traffic(row.workspace, row.endpoint),
      watcher.drifted(row.workspace, row.endpoint),
    ]);
    const changed =
      traffic && Object.entries(traffic.traffic).some(([name, share]) => share !== (plan.from[name] ?? 0));
    const fault = !traffic
      ? `${row.endpoint} does not exist any more.`
      : changed
        ? `The traffic of ${row.endpoint} is no longer what the plan was made on. Ask for a new approval.`
        : startFault(plan, kubernetes);
    return async (tx) => {
      const fresh = await rows.lockRollout(tx, id);
      if (!fresh || fresh.finished_at || fresh.state !== 'waiting') return;
      if (fault) return finish(tx, fresh, 'failed', fault);
      await save(tx, fresh, { baseline: drifted });
      await kick(tx, id);
    };
  });

  jobs.handleOutside(LOOK, LEASE_SECONDS, async (data) => {
    const { rollout: id, look } = data as { rollout: string; look: number };
    const row = await rows.findRollout(deps.db, id);
    if (!row || !lookable(row, look)) return async () => undefined;
    try {
      const seen = await seenNow(row);
      return (tx) => take(tx, id, look, seen);
    } catch (error) {
      const why = isRefused(error) ? error.text : `Azure did not answer (${messageOf(error).slice(0, 160)})`;
      return (tx) => missed(tx, id, look, why);
    }
  });

  async function seenNow(row: rows.RolloutRow) {
    const plan = row.plan as PromotePlan;
    const step = plan.steps[row.step];
    if (!step || !row.step_since) throw new Error(`${row.id} has no step ${row.step} to look at`);
    const since = Temporal.Instant.from(row.step_since).add({ minutes: SETTLE_MINUTES });
    const [traffic, measured] = await Promise.all([
      watcher.traffic(row.workspace, row.endpoint),
      watcher.measure({
        workspace: row.workspace,
        endpoint: row.endpoint,
        current: currentOf(plan),
        candidate: plan.deployment,
        since,
        mirrored: step.kind === 'mirror',
        shares: trafficOf(plan, step).traffic,
        began: row.started_at ? Temporal.Instant.from(row.started_at) : undefined,
      }),
    ]);
    const readings = readGuards(measured, plan.guards, {
      last: isLast(step, row.tallies as Tallies),
      mirrored: step.kind === 'mirror',
      driftedBefore: (row.baseline ?? []) as readonly string[],
    });
    // A move that Azure never answered may have been made: nobody else did it.
    const made = (row.held as Held | null)?.unknown ? plan.steps[row.step + 1] : undefined;
    const other = made && !strayed(plan, made, traffic) ? undefined : strayed(plan, step, traffic);
    if (other && traffic && (await deps.tookLate(deps.db, row.endpoint, traffic)))
      throw new Refused(`Azure took an earlier order for ${row.endpoint} late; its traffic is put back.`);
    return { readings, missing: measured.missing, strayed: other };
  }

  /** Counts a look and does what follows from it; a look that somebody else counted meanwhile is dropped. */
  async function take(tx: Tx, id: string, look: number, seen: Awaited<ReturnType<typeof seenNow>>): Promise<void> {
    const row = await rows.lockRollout(tx, id);
    if (!row || !lookable(row, look)) return;
    if (seen.strayed) return finish(tx, row, 'overtaken', seen.strayed);
    const plan = row.plan as PromotePlan;
    const step = plan.steps[row.step];
    if (!step) return;
    const { readings } = seen;
    const { tallies, outcome } = judgeLook(step, row.tallies as Tallies, readings);
    const reading = { at: clock.now().toString(), guards: readings, missing: seen.missing, why: outcome.why };
    await tx
      .insertInto('rollout_looks')
      .values({ rollout: id, look, step: row.step, at: clock.now().toString(), reading: JSON.stringify(reading) })
      .execute();
    const counted = { ...row, look: look + 1, tallies };
    await save(tx, row, { look: look + 1, tallies, reading, attempts: 0 });
    if (outcome.go === 'back') return goBack(tx, counted, outcome.why, 'wardroom', { guard: outcome.guard, readings });
    await again(tx, id, look + 1, step.minutes);
    // Held, or waiting for a gate: only a guard that fails does anything.
    if (row.state !== 'baking') return;
    if (outcome.go === 'hold') {
      const split = readings.some((each: GuardReading) => each.guard === 'split' && each.verdict === 'bad');
      await held(tx, counted, split ? 'split' : 'inconclusive', outcome.why);
    } else if (outcome.go === 'next') await passed(tx, counted, outcome.why);
    else await save(tx, counted, { note: `Looking at ${stepWords(step)}. ${outcome.why}` });
  }

  const again = (tx: Tx, id: string, look: number, minutes: number) =>
    jobs.enqueue(tx, LOOK, { rollout: id, look }, { at: clock.now().add({ minutes: lookEvery(minutes) }) });

  /** Azure did not answer, or has to be put right first: the look is made again, and after a few of them somebody has to know. */
  async function missed(tx: Tx, id: string, look: number, why: string): Promise<void> {
    const row = await rows.lockRollout(tx, id);
    if (!row || !lookable(row, look)) return;
    const attempts = row.attempts + 1;
    await save(tx, row, { attempts, note: `${why.replace(/\.$/, '')}; looking again` });
    await jobs.enqueue(tx, LOOK, { rollout: id, look }, { at: clock.now().add({ minutes: 1 }) });
    if (attempts === ERRORS_BORNE + 1 && row.state === 'baking')
      await held(tx, { ...row, attempts }, 'azure', `Azure could not be asked ${attempts} times in a row: ${why}`);
  }

  /** The step is good: on to the next, or done. */
  async function passed(tx: Tx, row: rows.RolloutRow, why: string): Promise<void> {
    const plan = row.plan as PromotePlan;
    await note(tx, row, 'passed', why, { step: row.step, tallies: row.tallies });
    if (row.step >= plan.steps.length - 1)
      return finish(tx, row, 'succeeded', `${row.model}:${row.version} serves all of ${row.endpoint}. ${why}`);
    await save(tx, row, { state: 'waiting', held: null, note: why });
    await kick(tx, row.id);
  }

  async function held(tx: Tx, row: rows.RolloutRow, kind: Held['kind'], why: string, by?: string): Promise<void> {
    const at = clock.now().toString();
    const standing = row.state === 'baking' ? 'baking' : 'moving';
    await save(tx, row, {
      state: 'held',
      intent: null,
      note: why,
      held: { kind, why, at, while: standing, ...(by ? { by } : {}) },
    });
    if (kind !== 'person') {
      await note(tx, row, 'held', why, { kind });
      await said(tx, row, `held:${row.look}`, `Held: ${why}`);
    }
  }

  /** The first look at a step: before this there is nothing to see. */
  const first = (tx: Tx, { id, look }: Pick<rows.RolloutRow, 'id' | 'look'>, minutes: number) =>
    jobs.enqueue(tx, LOOK, { rollout: id, look }, { at: clock.now().add({ minutes: firstLook(minutes) }) });

  return {
    look: first,
    /** Azure took an earlier order late, and its traffic was set anew: what was seen since then is not the step's. */
    async putRight(tx: Tx, row: rows.RolloutRow, change: ChangeRow, outcome: 'succeeded' | 'failed'): Promise<void> {
      const words =
        outcome === 'succeeded'
          ? (change.plan as ChangePlan).what
          : `${row.endpoint} is not as it should be: ${change.note}`;
      await note(tx, row, 'put-right', words, { change: change.id, outcome });
      await said(tx, row, `put-right:${change.id}`, `${words}.`.replace('..', '.'));
      const step = (row.plan as PromotePlan).steps[row.step];
      if (row.finished_at || outcome === 'failed' || !step || !LOOKABLE.includes(row.state)) return;
      const look = row.look + 1;
      await save(tx, row, {
        step_since: clock.now().toString(),
        tallies: {},
        reading: null,
        look,
        attempts: 0,
        note: words,
      });
      await first(tx, { id: row.id, look }, step.minutes);
    },
    passed,
    hold: (tx: Tx, row: rows.RolloutRow, why: string, by: string) => held(tx, row, 'person', why, by),
    check: (tx: Tx, id: string) => jobs.enqueue(tx, CHECK, { rollout: id }),
  };
}
