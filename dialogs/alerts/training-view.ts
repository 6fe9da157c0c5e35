import { Temporal } from 'temporal-polyfill';
import type { FailedRunLine } from '../../cards/alerts/failed-runs.ts';
import { type TrainingView, trainingCard, trainingSummary } from '../../cards/alerts/training.ts';
import { Refused } from '../../services/core/errors.ts';
import { causeWord, type FailedRunRow, type TrainingRow, trainingCardOf } from '../../services/training/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export const failedLine = (row: FailedRunRow): FailedRunLine => ({
  run: row.run,
  experiment: row.experiment,
  workspace: row.workspace,
  cause: causeWord(row.cause),
  said: row.said,
  at: Temporal.Instant.from(row.ended_at),
  ...(row.retried_as ? { retriedAs: row.retried_as } : {}),
});

export async function neededFailure(rooms: Rooms, run: string): Promise<FailedRunRow> {
  const row = await rooms.training.failed.find(rooms.db, run.trim());
  if (!row)
    throw new Refused(`I know no failed run ${run.slice(0, 80)}.`, 'Say “failed runs” for the list.', 'unknown-run');
  return row;
}

export async function neededTraining(rooms: Rooms, id: string): Promise<TrainingRow> {
  const row = await rooms.training.runs.find(rooms.db, id);
  if (!row)
    throw new Refused(`There is no training run ${id}.`, 'Say “training runs” for the list.', 'unknown-training');
  return row;
}

export const trainingView = (rooms: Rooms, row: TrainingRow, now: Temporal.Instant): TrainingView => ({
  now,
  id: row.id,
  kind: row.kind,
  state: row.state,
  subject: row.model ?? row.source,
  why: row.why,
  note: row.note,
  by: row.asked_by === 'wardroom' ? 'a rule' : rooms.people.nameOf(row.asked_by),
  job: row.job,
  startedAt: Temporal.Instant.from(row.created_at),
  ...(row.source ? { source: row.source } : {}),
  ...(row.version ? { version: row.version } : {}),
  ...(row.request ? { request: row.request } : {}),
  ...(row.estimate && row.currency ? { estimate: { amount: row.estimate, currency: row.currency } } : {}),
  ...(row.finished_at ? { finishedAt: Temporal.Instant.from(row.finished_at) } : {}),
});

/** The answer that lives on until the job has ended. */
export async function trainingAnswer(turn: Turn, id: string): Promise<Answer> {
  const row = await neededTraining({ ...turn.rooms, db: turn.tx }, id);
  const view = trainingView(turn.rooms, row, turn.now);
  return {
    text: trainingSummary(view),
    card: trainingCard(view),
    data: { training: id, job: row.job, why: row.why },
    live: { card: trainingCardOf(id), kind: 'alerts.training', ids: { training: id } },
    objects: [id, ...(row.endpoint ? [row.endpoint] : []), ...(row.model ? [row.model] : [])],
    why: row.why,
  };
}

export const trainingNotice: Draw = async (rooms, { ids }, now) => {
  const view = trainingView(rooms, await neededTraining(rooms, ids['training'] ?? ''), now);
  return { card: trainingCard(view), summary: trainingSummary(view) };
};
