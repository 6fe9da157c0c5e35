import { type FailedRunLine, failedRunCard, failedRunsCard } from '../alerts/failed-runs.ts';
import { retrainingCard, type TrainingView, trainingCard, trainingsCard } from '../alerts/training.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const failed = (run: string, cause: string, said: string, more: Partial<FailedRunLine> = {}): FailedRunLine => ({
  run,
  experiment: 'train-fraud-detector',
  workspace: 'mlw-payments-weu',
  cause,
  said,
  at: at('13:40'),
  ...more,
});
const memory = failed('train-fraud-detector_1f2e3d4c', 'out of memory', 'It ran out of memory');

const running: TrainingView = {
  now: at('14:12'),
  id: 'TRN-101',
  kind: 'retrain',
  state: 'running',
  subject: 'fraud-detector',
  why: 'fraud-drift: 2 features drift (amount, merchant_category), 2 are enough',
  note: 'running',
  by: 'a rule',
  job: 'fraud-detector-trn-101-1795442720',
  source: 'train-fraud-detector-7',
  estimate: { amount: '38.40', currency: 'EUR' },
  startedAt: at('14:10'),
};

export const trainingSamples = (): Sample[] => [
  {
    name: 'alerts/failed-runs',
    card: failedRunsCard({
      now: at('14:10'),
      days: 7,
      runs: [
        memory,
        failed('feature-pipeline_rg-ml-payments_2026-11-22', 'data missing', 'Data it reads was not there', {
          experiment: 'feature-pipeline',
          retriedAs: 'TRN-100',
        }),
        failed(HOSTILE, 'quota', HOSTILE, { experiment: HOSTILE }),
      ],
    }),
  },
  { name: 'alerts/failed-runs-none', card: failedRunsCard({ now: at('14:10'), days: 7, runs: [] }) },
  {
    name: 'alerts/failed-run',
    card: failedRunCard({
      now: at('14:10'),
      run: {
        ...memory,
        endpoint: 'ep-fraud',
        excerpt:
          'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 58.4 GiB for an array with shape (48211904, 163)\nKilled',
      },
      retry: 'will-fail-again',
    }),
  },
  {
    name: 'alerts/failed-run-retried',
    card: failedRunCard({
      now: at('14:10'),
      run: {
        ...failed('r_1', 'credential', 'It was not let in: a credential or a permission is missing or has expired'),
        retriedAs: 'TRN-102',
        excerpt: `AccountKey=(secret)\n${HOSTILE}`,
      },
      retry: 'may-help',
    }),
  },
  { name: 'alerts/training-running', card: trainingCard(running) },
  {
    name: 'alerts/training-done',
    card: trainingCard({
      ...running,
      state: 'done',
      note: 'fraud-detector:8 is registered and up for approval as REQ-142.',
      version: '8',
      request: 'REQ-142',
      finishedAt: at('14:29'),
    }),
  },
  {
    name: 'alerts/training-failed',
    card: trainingCard({
      ...running,
      kind: 'retry',
      state: 'failed',
      note: 'The job failed; say “failed runs” for the cause.',
      by: HOSTILE,
      finishedAt: at('14:29'),
    }),
  },
  {
    name: 'alerts/retraining-rules',
    card: retrainingCard({
      now: at('14:10'),
      rules: [
        {
          id: 'fraud-drift',
          model: 'fraud-detector',
          endpoint: 'ep-fraud',
          when: ['2 features drift', 'recall falls below 0.6'],
          cooldownMinutes: 10_080,
          paused: { by: 'Ann Berg', why: 'the labels are wrong' },
          last: { id: 'TRN-101', at: at('12:10'), running: false },
          budget: { spent: { amount: '76.80', currency: 'EUR' }, of: { amount: '160', currency: 'EUR' } },
        },
        {
          id: 'churn-monthly',
          model: 'churn-predictor',
          endpoint: 'ep-churn',
          when: ['30 days have passed'],
          cooldownMinutes: 10_080,
          next: at('23:00'),
        },
      ],
    }),
  },
  { name: 'alerts/retraining-rules-none', card: retrainingCard({ now: at('14:10'), rules: [] }) },
  {
    name: 'alerts/trainings',
    card: trainingsCard({
      now: at('14:30'),
      runs: [running, { ...running, id: 'TRN-100', state: 'failed', note: 'The job failed.' }],
    }),
  },
  { name: 'alerts/trainings-none', card: trainingsCard({ now: at('14:30'), rule: 'fraud-drift', runs: [] }) },
];
