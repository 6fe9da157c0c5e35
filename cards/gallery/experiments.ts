import { type ExperimentView, experimentCard } from '../approvals/experiment.ts';
import { experimentListCard } from '../approvals/experiment-list.ts';
import { qualityCard } from '../approvals/quality.ts';
import type { Sample } from '../gallery.ts';
import { at, BEN, HOSTILE } from './story.ts';

const test: ExperimentView = {
  now: at('17:40'),
  id: 'AB-103',
  state: 'planned',
  endpoint: 'ep-fraud',
  model: 'fraud-detector',
  versions: { candidate: '7', current: '6' },
  candidate: 'fraud-detector:7 (green)',
  current: 'fraud-detector:6 (blue)',
  metric: 'errors',
  measured: 'errors',
  unit: 'points',
  effect: 0.3,
  power: 80,
  share: 10,
  perArm: 6108,
  days: 0.03,
  inAWeek: 0.02,
  source: 'Wardroom; Azure Monitor',
};
const reading = {
  verdict: 'no difference yet',
  words: 'errors: +0.02 points (−0.11 to +0.15 points), always-valid p 1.000',
  looks: [10, 30, 60, 90].map((minute) => ({
    minute,
    estimate: 0.05,
    low: 0.02 - 4 / minute,
    high: 0.08 + 4 / minute,
  })),
  n: { current: 183_000, candidate: 20_300 },
  split: { p: 0.41, broken: false },
};

export const experimentSamples = (): Sample[] => [
  {
    name: 'approvals/quality',
    card: qualityCard({
      now: at('16:02'),
      rollout: 'ROL-101',
      candidate: 'fraud-detector:8',
      current: 'blue',
      endpoint: 'ep-fraud',
      rows: 4120,
      positives: 1236,
      verdict: 'better',
      words: 'the new version is better on 4,120 rows with labels, by right answers and Brier score',
      lines: [
        {
          name: 'right answers',
          current: 0.781,
          candidate: 0.794,
          difference: 0.013,
          low: 0.002,
          high: 0.024,
          by: 'McNemar exact; paired bootstrap',
          p: 0.018,
        },
        {
          name: 'AUC',
          current: 0.871,
          candidate: 0.874,
          difference: 0.003,
          low: -0.002,
          high: 0.008,
          by: 'DeLong',
          p: 0.221,
        },
        {
          name: 'Brier score',
          current: 0.171,
          candidate: 0.163,
          difference: -0.008,
          low: -0.014,
          high: -0.002,
          by: 'paired bootstrap',
        },
      ],
      source: 'Log Analytics: WardroomScores_CL, WardroomLabels_CL',
    }),
  },
  {
    name: 'approvals/experiment-rate',
    card: experimentCard({
      ...test,
      state: 'running',
      metric: 'rate',
      measured: 'conversion',
      margin: 1,
      since: at('14:20'),
      reading: {
        ...reading,
        verdict: 'not worse',
        words: 'conversion: +0.05 points (−0.02 to +0.12 points), always-valid p 0.412, may be worse by 1 point',
        planned:
          'at the planned size z 0.71, p 0.478; +0.06 points (−0.11 to +0.23); not worse by 1 point: p below 0.001',
      },
    }),
  },
  { name: 'approvals/experiment-planned', card: experimentCard(test) },
  {
    name: 'approvals/experiment-running',
    card: experimentCard({ ...test, state: 'running', since: at('16:00'), reading, request: 'REQ-110' }),
  },
  {
    name: 'approvals/experiment-stopped',
    card: experimentCard({
      ...test,
      state: 'stopped',
      reading: { ...reading, verdict: 'candidate is worse' },
      stopped: { by: BEN.name, at: at('17:39') },
    }),
  },
  {
    name: 'approvals/experiment-overtaken',
    card: experimentCard({
      ...test,
      state: 'overtaken',
      since: at('16:00'),
      by: { change: 'CHG-113', at: at('17:31') },
      reading: { ...reading, verdict: 'candidate is worse' },
    }),
  },
  {
    name: 'approvals/experiment-won',
    card: experimentCard({
      ...test,
      state: 'stopped',
      reading: { ...reading, verdict: 'candidate is better' },
      stopped: { by: BEN.name, at: at('17:39') },
    }),
  },
  {
    name: 'approvals/experiment-list',
    card: experimentListCard({
      now: test.now,
      source: 'Wardroom',
      tests: [
        { ...test, state: 'running', at: at('16:00') },
        { ...test, id: 'AB-104', measured: 'conversion', share: 50, at: at('17:12') },
        { ...test, id: 'AB-102', state: 'stopped', verdict: 'candidate is worse', at: at('11:20') },
      ],
    }),
  },
  {
    name: 'approvals/experiment-list-empty',
    card: experimentListCard({ now: at('09:00'), source: 'Wardroom', tests: [] }),
  },
  {
    name: 'approvals/experiment-list-hostile-text',
    card: experimentListCard({
      now: test.now,
      source: HOSTILE,
      tests: [{ ...test, candidate: HOSTILE, current: HOSTILE, endpoint: HOSTILE, measured: HOSTILE, at: at('16:00') }],
    }),
  },
  {
    name: 'approvals/experiment-hostile-text',
    card: experimentCard({ ...test, candidate: HOSTILE, current: HOSTILE, endpoint: HOSTILE }),
  },
];
