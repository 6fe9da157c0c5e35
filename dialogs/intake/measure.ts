import { z } from 'zod/v4';
import { type MetricSource, monitorMetric } from '../../services/intake/index.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

const word = (description: string) =>
  z.string().trim().min(1).max(255).regex(/^\S+$/).meta({ argument: 'text', description });

const input = z.object({
  useCase: useCaseId,
  criterion: word('the criterion, as the card names it'),
  run: word('the id of a run in Azure ML').optional(),
  experiment: word('an experiment of Azure ML; its last finished run is read').optional(),
  endpoint: endpointRef.optional(),
  deployment: z
    .string()
    .trim()
    .regex(/^[A-Za-z][A-Za-z0-9-]{1,31}$/, 'use the name it has in Azure')
    .meta({ argument: 'text', description: 'a deployment of the endpoint, by its name in Azure' })
    .optional(),
  metric: freeText(120),
  counted: word('the metric or parameter of the run that counts the cases').optional(),
});

export const measure = capability({
  id: 'intake.measure',
  summary: 'Read a criterion of a pilot from a run of Azure ML or from Azure Monitor, now and whenever it is refreshed',
  phrases: [
    'measure {criterion} of {useCase} from run {run} metric {metric}',
    'measure {criterion} of {useCase} from run {run} metric {metric} counted by {counted}',
    'measure {criterion} of {useCase} from experiment {experiment} metric {metric}',
    'measure {criterion} of {useCase} from {endpoint} metric {metric}',
    'measure {criterion} of {useCase} from {endpoint} deployment {deployment} metric {metric}',
  ],
  examples: [
    'measure auc of UC-104 from run train_churn-predictor_4 metric auc',
    'measure auc of UC-104 from experiment train-churn-predictor metric auc',
    'measure latency of UC-104 from ep-churn metric RequestLatency_P95',
  ],
  input,
  roles: ['requester', 'engineering', 'domain', 'admin'],
  effect: 'write',
  // Azure is asked before the transaction.
  prepare: async ({ rooms }, given) =>
    rooms.intake.pilots.look(rooms.db, given.useCase, given.criterion, sourceOf(given)),
  run: async (turn, { useCase }, found) => {
    const { rooms, tx, actor, now } = turn;
    const view = await rooms.intake.pilots.keepReadings(tx, useCase, [found], actor.id);
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    const { value, sample } = found.reading.measured;
    const said = `${found.criterion} is ${value} on ${sample} cases (${found.reading.source}).`;
    return shownPilot(rooms, row, view, now, said);
  },
});

function sourceOf({ endpoint, deployment, run, experiment, metric, counted }: z.output<typeof input>): MetricSource {
  if (endpoint)
    return {
      kind: 'monitor',
      endpoint,
      metric: monitorMetric(metric, deployment),
      ...(deployment ? { deployment } : {}),
    };
  return {
    kind: 'run',
    metric,
    ...(run ? { run } : {}),
    ...(experiment ? { experiment } : {}),
    ...(counted ? { sample: counted } : {}),
  };
}
