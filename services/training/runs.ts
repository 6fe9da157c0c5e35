import { messageOf, Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { TrainingDeps } from './deps.ts';

export const FOLLOW = 'training-follow';
export const trainingCardOf = (id: string): string => `training:${id}`;
const LEASE_SECONDS = 60;
const LOOK_SECONDS = 60;
/** A job registers its model a little after it has ended; then nobody waits any more. */
const REGISTERS_WITHIN_LOOKS = 15;
const MAY_REGISTER_WITHIN_LOOKS = 3;
const MOST_FAULTS = 40;

export interface NewTraining {
  kind: 'retry' | 'retrain';
  workspace: string;
  /** The job that is submitted again; left out, the one that made the newest version of the model. */
  source?: string | undefined;
  endpoint?: string | undefined;
  model?: string | undefined;
  rule?: string | undefined;
  by: string;
  why: string;
  estimate?: { amount: string; currency: string } | undefined;
  conversation?: string | undefined;
}

/**
 * Jobs that Wardroom submits and follows to their end. The job's name is decided in the transaction that decides the run,
 * and Azure ML makes one job of a name: whatever dies in between, it is submitted once.
 */
export function trainings(deps: TrainingDeps) {
  const { store, clock, jobs, outbox, audit, azure, ref } = deps;

  jobs.handleOutside(FOLLOW, LEASE_SECONDS, async (data) => {
    const { training: id } = data as { training: string };
    const row = await findTraining(store.db, id);
    if (!row || row.state === 'done' || row.state === 'failed') return async () => undefined;
    try {
      if (row.state === 'submitting') return await submit(row);
      return row.state === 'running' ? await follow(row) : await registered(row);
    } catch (error) {
      if (error instanceof Refused) {
        const { text } = error;
        return (tx) => finish(tx, row, 'failed', text);
      }
      const note = `Azure did not answer (${messageOf(error).slice(0, 160)})`;
      if (row.attempts >= MOST_FAULTS) return (tx) => finish(tx, row, 'failed', note);
      return (tx) => again(tx, row, { note: `${note}; trying again`, attempts: row.attempts + 1 });
    }
  });

  async function submit(row: TrainingRow) {
    const source = row.source || (await newestJob(row));
    const tags = { 'wardroom.training': row.id, ...(row.rule ? { 'wardroom.rule': row.rule } : {}) };
    const job = await azure.ml.submitCopy(ref(row.workspace), source, {
      name: row.job,
      displayName: `${row.kind} of ${source}`.slice(0, 100),
      tags,
    });
    return async (tx: Tx) => {
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'training.submitted',
        objects: objectsOf(row),
        why: row.why,
        detail: { job: row.job, source, rule: row.rule },
      });
      await again(tx, row, { state: 'running', source, note: statusWords(job.status), attempts: 0 });
    };
  }

  /** What made the newest version of the model. */
  async function newestJob({ workspace, model }: TrainingRow): Promise<string> {
    const { value: versions } = await azure.ml.listModelVersions(ref(workspace), model ?? '');
    const made = versions.find(({ jobName }) => jobName !== undefined)?.jobName;
    if (!made)
      throw new Refused(
        `No version of ${model} in ${workspace} names the job that made it.`,
        'Name the job under retraining: in wardroom.yaml.',
      );
    return made;
  }

  async function follow(row: TrainingRow) {
    const { value: job } = await azure.ml.getJob(ref(row.workspace), row.job, { fresh: true });
    const status = job?.status ?? 'gone';
    if (status === 'Completed' || status === 'Finished') {
      return (tx: Tx) =>
        again(tx, row, { state: 'registering', note: 'completed; waiting for its model', attempts: 0 }, 15);
    }
    if (/^(failed|canceled|cancelled|gone|notresponding)$/i.test(status)) {
      const why = /^failed$/i.test(status)
        ? 'The job failed; say “failed runs” for the cause.'
        : `The job is ${status.toLowerCase()}.`;
      return (tx: Tx) => finish(tx, row, 'failed', why);
    }
    return (tx: Tx) => again(tx, row, { note: statusWords(status), attempts: 0 });
  }

  async function registered(row: TrainingRow) {
    const made = await versionOf(row);
    if (made)
      return async (tx: Tx) => {
        const request = await deps.onVersion(tx, {
          run: row.id,
          endpoint: row.endpoint ?? undefined,
          workspace: row.workspace,
          model: made.name,
          version: made.version,
          reason: row.why,
          by: row.asked_by,
        });
        await tx
          .updateTable('training_runs')
          .set({ model: made.name, version: made.version, request: request ?? null })
          .where('id', '=', row.id)
          .execute();
        await finish(
          tx,
          row,
          'done',
          `${made.name}:${made.version} is registered${request ? ` and up for approval as ${request}` : ''}.`,
        );
      };
    // A retried pipeline may have nothing to register; a retraining must.
    if (!row.model && row.attempts >= MAY_REGISTER_WITHIN_LOOKS)
      return (tx: Tx) => finish(tx, row, 'done', 'The job completed.');
    if (row.attempts >= REGISTERS_WITHIN_LOOKS)
      return (tx: Tx) => finish(tx, row, 'done', `The job completed; no version of ${row.model} was registered by it.`);
    return (tx: Tx) => again(tx, row, { attempts: row.attempts + 1 });
  }

  /** The version that this job registered, among the models that Wardroom knows in its workspace. */
  async function versionOf({ workspace, model, job }: TrainingRow) {
    const here = deps.organisation.endpoints.filter((each) => each.workspace === workspace);
    const names = model ? [model] : [...new Set(here.flatMap(({ models }) => models))];
    for (const name of names) {
      const { value: versions } = await azure.ml.listModelVersions(ref(workspace), name);
      const made = versions.find(({ jobName }) => jobName === job);
      if (made) return made;
    }
    return undefined;
  }

  type Update = Partial<Pick<TrainingRow, 'state' | 'note' | 'attempts' | 'source'>>;

  async function again(tx: Tx, row: TrainingRow, set: Update, seconds = LOOK_SECONDS): Promise<void> {
    await tx.updateTable('training_runs').set(set).where('id', '=', row.id).execute();
    await jobs.enqueue(tx, FOLLOW, { training: row.id }, { at: clock.now().add({ seconds }) });
    if ((set.note !== undefined && set.note !== row.note) || set.state)
      await outbox.refresh(tx, trainingCardOf(row.id));
  }

  async function finish(tx: Tx, row: TrainingRow, state: 'done' | 'failed', note: string): Promise<void> {
    await tx
      .updateTable('training_runs')
      .set({ state, note, finished_at: clock.now().toString() })
      .where('id', '=', row.id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `training.${state}`,
      objects: objectsOf(row),
      outcome: state === 'done' ? 'ok' : 'failed',
      why: note,
      detail: { job: row.job, rule: row.rule },
    });
    await outbox.refresh(tx, trainingCardOf(row.id));
    // Whoever asked hears the end; a card that is edited tells nobody.
    if (row.conversation)
      await outbox.say(tx, {
        key: `training:${row.id}:ended`,
        kind: 'alerts.training-ended',
        ids: { training: row.id },
        conversation: row.conversation,
      });
  }

  return {
    /** Decides a run; the job is submitted right after the transaction. */
    async start(tx: Tx, wish: NewTraining): Promise<string> {
      const id = await nextNumber(tx, 'TRN');
      const base = (wish.source ?? wish.model ?? 'job').replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 180);
      await tx
        .insertInto('training_runs')
        .values({
          id,
          kind: wish.kind,
          rule: wish.rule ?? null,
          workspace: wish.workspace,
          endpoint: wish.endpoint ?? null,
          model: wish.model ?? null,
          source: wish.source ?? '',
          job: `${base}-${id.toLowerCase()}-${Math.floor(clock.ms() / 1000)}`,
          asked_by: wish.by,
          why: wish.why,
          state: 'submitting',
          note: 'about to be submitted',
          version: null,
          request: null,
          estimate: wish.estimate?.amount ?? null,
          currency: wish.estimate?.currency ?? null,
          created_at: clock.now().toString(),
          conversation: wish.conversation ?? null,
        })
        .execute();
      await jobs.enqueue(tx, FOLLOW, { training: id });
      return id;
    },
    find: findTraining,
    list: (db: Db, options: { most: number; rule?: string | undefined }) =>
      db
        .selectFrom('training_runs')
        .selectAll()
        .$if(options.rule !== undefined, (query) => query.where('rule', '=', options.rule ?? ''))
        .orderBy('created_at', 'desc')
        .limit(options.most)
        .execute(),
  };
}

const objectsOf = ({ id, endpoint, model }: TrainingRow): string[] => [
  id,
  ...(endpoint ? [endpoint] : []),
  ...(model ? [model] : []),
];
const statusWords = (status: string): string =>
  ({
    NotStarted: 'about to start',
    Queued: 'waits for a node',
    Starting: 'starting',
    Preparing: 'preparing its node',
    Provisioning: 'getting its node',
    Running: 'running',
    Finalizing: 'writing its outputs',
  })[status] ?? status.toLowerCase();

const findTraining = (db: Db | Tx, id: string) =>
  db.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirst();
export type TrainingRow = NonNullable<Awaited<ReturnType<typeof findTraining>>>;
export type Trainings = ReturnType<typeof trainings>;
