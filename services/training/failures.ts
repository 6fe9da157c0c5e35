import type { Db, Tx } from '../store/store.ts';
import { type Diagnosis, diagnose } from './causes.rules.ts';
import type { TrainingDeps } from './deps.ts';

export const DIAGNOSE = 'training-diagnose';
/** The end of a log tells why; what stands before is progress. */
const TAIL_BYTES = 16 * 1024;

export interface FailedRun {
  workspace: string;
  run: string;
  experiment: string;
  endpoint?: string | undefined;
  at: string;
}

/** Failed runs and pipelines, with the cause from their log. */
export function failures({ jobs, azure, ref, organisation, onDiagnosed }: TrainingDeps) {
  jobs.handleOutside(DIAGNOSE, 60, async (data) => {
    const { workspace, run, experiment, endpoint, at } = data as FailedRun;
    const diagnosis = await look(workspace, run);
    return async (tx) => {
      await tx
        .insertInto('failed_runs')
        .values({
          workspace,
          run,
          experiment,
          endpoint: endpoint ?? null,
          cause: diagnosis.cause,
          said: diagnosis.said,
          excerpt: diagnosis.excerpt,
          ended_at: at,
          retried_as: null,
        })
        .onConflict((conflict) => conflict.columns(['workspace', 'run']).doNothing())
        .execute();
      await onDiagnosed(tx, { workspace, run });
    };
  });

  /** Asks run history and the log; what is not there makes the cause unknown. */
  async function look(workspace: string, runId: string): Promise<Diagnosis> {
    const place = ref(workspace);
    const { value: run } = await azure.ml.getRun(place, runId);
    if (!run) return diagnose(undefined, '');
    const { value: details } = await azure.ml.runDetails(place, run.experimentId, runId);
    const logs = Object.entries(details?.logs ?? {}).sort(([a], [b]) => rank(a) - rank(b));
    const [, address] = logs[0] ?? [];
    return diagnose(details?.error, address ? await azure.blobs.tail(address, TAIL_BYTES) : '');
  }

  return {
    look,
    async ended(tx: Tx, failed: FailedRun): Promise<void> {
      if (!organisation.workspaces.some(({ id }) => id === failed.workspace)) return;
      await jobs.enqueue(tx, DIAGNOSE, failed);
    },
    find: (db: Db | Tx, run: string) =>
      db.selectFrom('failed_runs').selectAll().where('run', '=', run).limit(1).executeTakeFirst(),
    list: (db: Db, options: { since: string; most: number; workspace?: string | undefined }) =>
      db
        .selectFrom('failed_runs')
        .selectAll()
        .where('ended_at', '>=', options.since)
        .$if(options.workspace !== undefined, (query) => query.where('workspace', '=', options.workspace ?? ''))
        .orderBy('ended_at', 'desc')
        .limit(options.most)
        .execute(),
  };
}

/** Of several logs the program's own, then the service's (azureml: user_logs/std_log.txt, system_logs/…). */
const rank = (name: string): number => (/std_log|driver_log|70_driver/.test(name) ? 0 : /user_logs/.test(name) ? 1 : 2);

export type FailedRunRow = NonNullable<Awaited<ReturnType<Failures['find']>>>;
export type Failures = ReturnType<typeof failures>;
