import { type CompareView, compareCard } from '../approvals/compare.ts';
import { type DeviationView, deviationCard, deviationListCard } from '../approvals/deviation.ts';
import { dossierCard } from '../approvals/dossier.ts';
import { type HistoryView, historyCard } from '../approvals/history.ts';
import { type RolloutView, rolloutCard } from '../approvals/rollout.ts';
import { rolloutListCard } from '../approvals/rollout-list.ts';
import type { Sample } from '../gallery.ts';
import { at, BEN, HOSTILE } from './story.ts';

const points = (values: readonly number[]) => values.map((percent, index) => ({ minute: 34 + index * 30, percent }));

const baking: RolloutView = {
  now: at('17:40'),
  id: 'ROL-101',
  state: 'baking',
  model: 'fraud-detector:8',
  endpoint: 'ep-fraud',
  deployment: 'green',
  request: 'REQ-104',
  note: 'Looking at 10 % live. 4 of 8 looks.',
  steps: [
    { words: '20 % mirrored', minutes: 1440 },
    { words: '10 % live', minutes: 240 },
    { words: '50 % live', minutes: 240 },
    { words: '100 % live', minutes: 0 },
  ],
  at: 1,
  since: at('15:36'),
  until: at('19:36'),
  shares: [
    { label: 'blue', percent: 90, candidate: false },
    { label: 'green (fraud-detector:8)', percent: 10, candidate: true },
  ],
  guards: [
    {
      guard: 'errors',
      verdict: 'ok',
      words: 'errors 0.17 % against 0.15 %: +0.02 points (−0.14 to +0.18 points), limit 0.50 points',
    },
    {
      guard: 'latency',
      verdict: 'unclear',
      words: 'p95 is 1.08 times the present version’s (0.97 to 1.28), limit 1.25',
    },
    { guard: 'split', verdict: 'ok', words: 'split as it was set up: blue 90.02 %, green 9.98 %' },
    { guard: 'drift', verdict: 'unknown', words: 'the monitor has not run since this step began' },
  ],
  nearness: [
    { guard: 'errors', points: points([12, 4, 6, 4]) },
    { guard: 'latency', points: points([61, 44, 35, 32]) },
  ],
  startedAt: at('14:00'),
  source: 'Wardroom; Azure ML and Azure Monitor',
};

const changed: DeviationView = {
  now: at('16:02'),
  id: 'DEV-101',
  state: 'open',
  endpoint: 'ep-fraud',
  words: ['traffic is green 100 % instead of blue 90 %, green 10 %'],
  by: 'gita.rao@northwind.example',
  at: at('15:51'),
  approvedBy: 'REQ-98',
  found: [{ label: 'green (fraud-detector:7)', percent: 100 }],
  movable: true,
  source: 'Azure ML and the Activity log',
};

const compared: CompareView = {
  now: at('16:02'),
  model: 'fraud-detector',
  versions: [
    {
      version: '6',
      quality: { auc: 0.943, log_loss: 0.142 },
      latencyP95Ms: 94,
      sizeBytes: 43_200_000,
      cpuPercent: 61,
      costPerMonth: 1094.4,
      currency: 'EUR',
      trainingHours: 2.1,
      serves: ['ep-fraud/blue 90 %'],
      dominatedBy: '7',
    },
    {
      version: '7',
      quality: { auc: 0.951, log_loss: 0.122 },
      latencyP95Ms: 92,
      sizeBytes: 43_100_000,
      cpuPercent: 60,
      costPerMonth: 273.6,
      currency: 'EUR',
      trainingHours: 3.4,
      serves: ['ep-fraud/green 10 %'],
    },
    { version: '8', quality: { auc: 0.952, log_loss: 0.121 }, sizeBytes: 58_900_000, trainingHours: 2.9, serves: [] },
  ],
  missing: [],
  source: 'MLflow runs, Azure Monitor (last 2 h), Cost Management (last 7 days)',
};

const known: HistoryView = {
  now: at('23:50'),
  model: 'fraud-detector',
  happenings: [
    { at: at('06:35'), what: 'fraud-detector:7 was registered by hugo.weiss@northwind.example', version: '7' },
    { at: at('13:10'), what: 'Hugo Weiss asked: fraud-detector:8 to ep-fraud', version: '8' },
    { at: at('13:40'), what: 'Cara Lindt voted approve on REQ-104', version: '8' },
    { at: at('14:00'), what: 'ROL-101 took fraud-detector:8 up on ep-fraud', version: '8' },
    { at: at('23:44'), what: 'ROL-101 ended as succeeded: fraud-detector:8 serves all of ep-fraud.', version: '8' },
  ],
  versions: 8,
  requests: 1,
  votes: 1,
  rollouts: 1,
  rollbacks: 0,
  serving: ['fraud-detector:8 on ep-fraud/green, 100 %'],
  source: 'Wardroom and Azure ML',
};

export const rolloutSamples = (): Sample[] => [
  { name: 'approvals/rollout-baking', card: rolloutCard(baking) },
  {
    name: 'approvals/rollout-deploying',
    card: rolloutCard({
      ...baking,
      now: at('14:02'),
      state: 'deploying',
      at: -2,
      note: 'Making green with fraud-detector:8. Azure is making the deployment',
      guards: [],
      nearness: [],
      change: { id: 'CHG-109', done: 40 },
    }),
  },
  {
    name: 'approvals/rollout-held',
    card: rolloutCard({
      ...baking,
      state: 'held',
      note: 'Not enough data: 212 of 1,000 requests at the new version.',
      held: {
        why: 'Not enough data: 212 of 1,000 requests at the new version.',
        kind: 'inconclusive',
        at: at('17:36'),
      },
      guards: [
        { guard: 'errors', verdict: 'unknown', words: 'not enough data: 212 of 1,000 requests at the new version' },
        { guard: 'latency', verdict: 'unknown', words: 'not enough data: 212 of 1,000 requests at the new version' },
      ],
      nearness: [],
    }),
  },
  {
    name: 'approvals/rollout-held-by-person',
    card: rolloutCard({
      ...baking,
      state: 'held',
      note: 'looking into a complaint',
      held: { why: 'looking into a complaint', by: BEN.name, kind: 'person', at: at('17:36') },
    }),
  },
  {
    name: 'approvals/rollout-going-back',
    card: rolloutCard({
      ...baking,
      state: 'rolling-back',
      note: 'Errors 2.19 % against 0.15 %: +2.04 points (+1.62 to +2.46 points), limit 0.50 points.',
      guards: [
        {
          guard: 'errors',
          verdict: 'bad',
          words: 'errors 2.19 % against 0.15 %: +2.04 points (+1.62 to +2.46 points), limit 0.50 points',
        },
      ],
      nearness: [{ guard: 'errors', points: points([410, 408]) }],
      change: { id: 'CHG-112', done: 40 },
    }),
  },
  {
    name: 'approvals/rollout-done',
    card: rolloutCard({
      ...baking,
      now: at('23:50'),
      state: 'succeeded',
      at: 3,
      note: 'fraud-detector:8 serves all of ep-fraud.',
      finishedAt: at('23:44'),
    }),
  },
  {
    name: 'approvals/rollout-rolled-back',
    card: rolloutCard({
      ...baking,
      state: 'rolled-back',
      note: 'Back to what served before: Errors 2.19 % against 0.15 %, limit 0.50 points.',
      finishedAt: at('17:38'),
    }),
  },
  {
    name: 'approvals/rollout-hostile-text',
    card: rolloutCard({
      ...baking,
      state: 'held',
      model: HOSTILE,
      endpoint: HOSTILE,
      deployment: HOSTILE,
      note: HOSTILE,
      held: { why: HOSTILE, by: HOSTILE, kind: 'person', at: at('17:36') },
      guards: [{ guard: HOSTILE, verdict: 'bad', words: HOSTILE }],
      shares: [{ label: HOSTILE, percent: 100, candidate: true }],
    }),
  },
  {
    name: 'approvals/rollout-list',
    card: rolloutListCard({
      now: at('17:40'),
      source: 'Wardroom',
      rollouts: [
        { ...baking, open: true, createdAt: at('14:00'), step: '10 % live' },
        {
          id: 'ROL-100',
          state: 'rolled-back',
          model: 'churn-predictor:5',
          endpoint: 'ep-churn',
          note: 'Back to what served before: p95 is 1.61 times the present version’s, limit 1.25.',
          open: false,
          createdAt: at('09:12'),
          step: '10 % live',
        },
      ],
    }),
  },
  {
    name: 'approvals/rollout-list-empty',
    card: rolloutListCard({ now: at('09:00'), source: 'Wardroom', rollouts: [] }),
  },
  { name: 'approvals/deviation-traffic', card: deviationCard(changed) },
  {
    name: 'approvals/deviation-model',
    card: deviationCard({
      ...changed,
      words: ['green serves fraud-detector:5 instead of fraud-detector:7'],
      movable: false,
    }),
  },
  {
    name: 'approvals/deviation-accepted',
    card: deviationCard({
      ...changed,
      state: 'accepted',
      closed: { at: at('16:10'), by: BEN.name, why: 'agreed with the platform team' },
    }),
  },
  {
    name: 'approvals/deviation-hostile-text',
    card: deviationCard({ ...changed, words: [HOSTILE, HOSTILE], by: HOSTILE, found: [] }),
  },
  {
    name: 'approvals/deviation-list',
    card: deviationListCard({
      now: at('16:02'),
      source: 'Wardroom',
      deviations: [{ ...changed, reportedAt: at('16:00') }],
    }),
  },
  {
    name: 'approvals/deviation-list-empty',
    card: deviationListCard({ now: at('16:02'), source: 'Wardroom', deviations: [] }),
  },
  { name: 'approvals/compare', card: compareCard(compared) },
  {
    name: 'approvals/compare-hostile-text',
    card: compareCard({
      ...compared,
      versions: compared.versions.map((each) => ({ ...each, serves: [HOSTILE], quality: { [HOSTILE]: 1 } })),
      missing: [HOSTILE],
    }),
  },
  {
    name: 'approvals/dossier',
    card: dossierCard({
      now: at('16:02'),
      request: 'REQ-104',
      state: 'deployed',
      digest: '5c1f0a9be2d47786a3f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b8045',
      seal: '0a9be2d47786a3f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b80455c1f',
      votes: 3,
      evidence: [{ kind: 'fairness', digest: 'a3f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b80455c1f0a9be2d47786' }],
      entries: 41,
      head: { seq: 1204, hash: 'f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b80455c1f0a9be2d47786a3' },
      bytes: 81_000,
      url: 'https://wardroom.northwind.example/files/5c1f0a9be2d47786',
      source: 'Wardroom',
    }),
  },
  { name: 'approvals/history', card: historyCard(known) },
  {
    name: 'approvals/history-file',
    card: historyCard({ ...known, file: 'https://wardroom.northwind.example/files/5c1f0a9be2d47786' }),
  },
];
