import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { TrainingDeps } from './deps.ts';
import { failures } from './failures.ts';
import { retraining } from './retraining.ts';
import { trainings } from './runs.ts';

export { causeWord, type Diagnosis, retryOf } from './causes.rules.ts';
export type { Budget, NewVersion, TrainingDeps } from './deps.ts';
export type { FailedRun, FailedRunRow } from './failures.ts';
export type { Trigger } from './retraining.rules.ts';
export type { RuleStanding } from './retraining.ts';
export { type TrainingRow, trainingCardOf } from './runs.ts';

/** Runs of Azure ML: why they failed, trying again, and training again by rule. */
export function training(deps: TrainingDeps) {
  const runs = trainings(deps);
  const failed = failures(deps);
  const rules = retraining(deps, runs);
  return {
    runs,
    failed,
    rules,

    /** Submits a failed run's job again; a second person who clicks finds the first one's. */
    async retry(tx: Tx, run: string, by: string, conversation?: string): Promise<string> {
      const row = await tx.selectFrom('failed_runs').selectAll().where('run', '=', run).forUpdate().executeTakeFirst();
      if (!row)
        throw new Refused(
          `I know no failed run ${run.slice(0, 80)}.`,
          'Say “failed runs” for the list.',
          'unknown-run',
        );
      if (row.retried_as)
        throw new Refused(
          `${row.run} is tried again already: ${row.retried_as}.`,
          `Say “training ${row.retried_as}”.`,
          'retried',
        );
      const id = await runs.start(tx, {
        kind: 'retry',
        workspace: row.workspace,
        source: row.run,
        endpoint: row.endpoint ?? undefined,
        by,
        why: `${row.run} failed: ${row.said}`,
        conversation,
      });
      await tx
        .updateTable('failed_runs')
        .set({ retried_as: id })
        .where('workspace', '=', row.workspace)
        .where('run', '=', row.run)
        .execute();
      await deps.onDiagnosed(tx, { workspace: row.workspace, run: row.run });
      return id;
    },
  };
}

export type Training = ReturnType<typeof training>;
