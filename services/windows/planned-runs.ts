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
    const run = await pipelines.dispatch(pipeline, { change, targets: row.targets });
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
    const seen = await pipelines.look(pipeline, run);
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

  return {
    dispatch: (tx: Tx, change: string): Promise<void> => jobs.enqueue(tx, DISPATCH, { change }),
  };
}
