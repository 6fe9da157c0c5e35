import { isRefused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { CoordinationDeps, Tools } from './coordination.ts';
import type { PipelineRun } from './pipelines.ts';
import { type ChangeBody, isOver } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { plannedCardOf } from './planned.ts';

const DISPATCH = 'windows-dispatch';
const FOLLOW = 'windows-follow';
const LEASE_SECONDS = 60;
const POLL_SECONDS = 15;

/** A refusal is an answer; anything else is tried again by the queue. */
function refusedRun(error: unknown): { state: 'failed'; why: string } {
  if (isRefused(error)) return { state: 'failed', why: error.text };
  throw error;
}

/** The pipeline of a change: started with it, followed on its card, and what its end means for the change. */
export function plannedRuns(deps: CoordinationDeps, { note, tell, finish }: Tools) {
  const { clock, audit, outbox, jobs, organisation, pipelines } = deps;
  const set = rows.setPlanned;

  jobs.handleOutside(DISPATCH, LEASE_SECONDS, async (data) => {
    const { change } = data as { change: string };
    const row = await rows.findPlanned(deps.db, change);
    const pipeline = organisation.pipelines.find(({ id }) => id === (row?.body as ChangeBody | undefined)?.pipeline);
    if (row?.state !== 'running' || !pipeline || (row.run as PipelineRun | null)?.id) return async () => undefined;
    // The change's own id goes along, so that a dispatch whose answer was lost is found again and not made twice.
    const run = await pipelines.dispatch(pipeline, { change, targets: row.targets }).catch(refusedRun);
    if ('why' in run) return (tx) => refused(tx, change, run);
    return async (tx) => {
      await set(tx, change, { run: JSON.stringify(run) });
      await audit.append(tx, {
        ...note('wardroom', 'dispatched', row),
        detail: { pipeline: pipeline.id, run: run.id },
      });
      await outbox.refresh(tx, plannedCardOf(change));
      await jobs.enqueue(tx, FOLLOW, { change }, { at: clock.now().add({ seconds: POLL_SECONDS }) });
    };
  });

  jobs.handleOutside(FOLLOW, LEASE_SECONDS, async (data) => {
    const { change } = data as { change: string };
    const row = await rows.findPlanned(deps.db, change);
    const run = row?.run as PipelineRun | null | undefined;
    const pipeline = organisation.pipelines.find(({ id }) => id === (row?.body as ChangeBody | undefined)?.pipeline);
    if (!row || !run?.id || !pipeline || isOver(row.state)) return async () => undefined;
    const seen = await pipelines.look(pipeline, run).catch(refusedRun);
    if ('why' in seen) return (tx) => refused(tx, change, { ...run, ...seen });
    return async (tx) => {
      await set(tx, change, { run: JSON.stringify(seen) });
      await outbox.refresh(tx, plannedCardOf(change));
      if (seen.state === 'running' || seen.state === 'queued') {
        await jobs.enqueue(tx, FOLLOW, { change }, { at: clock.now().add({ seconds: POLL_SECONDS }) });
        return;
      }
      const current = await rows.lockPlanned(tx, change);
      if (!current || isOver(current.state)) return;
      if (seen.state === 'succeeded')
        await finish(tx, current, 'wardroom', 'done', 'succeeded', 'Its pipeline succeeded.');
      else await tell(tx, current, 'pipeline-failed');
    };
  });

  /** Asking again will not help: whoever carries the change out is told why, and the change goes on without it. */
  async function refused(tx: Tx, change: string, run: { state: 'failed'; why: string }): Promise<void> {
    const row = await rows.lockPlanned(tx, change);
    if (!row || isOver(row.state)) return;
    await set(tx, change, {
      run: JSON.stringify(run),
      note: `Its pipeline could not be asked: ${run.why}`.slice(0, 500),
    });
    await audit.append(tx, { ...note('wardroom', 'pipeline-refused', row, run.why), outcome: 'failed' });
    const next = await rows.findPlanned(tx, change);
    if (next) await tell(tx, next, 'pipeline-refused');
    await outbox.refresh(tx, plannedCardOf(change));
  }

  return {
    /** When the change names a pipeline that was not asked for yet. */
    async dispatch(tx: Tx, { id, body, run }: rows.PlannedRow): Promise<void> {
      const asked = run === null || (run as PipelineRun).state === 'asked';
      if ((body as ChangeBody).pipeline && asked) await jobs.enqueue(tx, DISPATCH, { change: id });
    },
  };
}
