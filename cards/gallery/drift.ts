import { type DriftLine, type DriftView, driftCard } from '../alerts/drift.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const line = (
  feature: string,
  value: number,
  state: DriftLine['state'],
  history: readonly number[] = [],
): DriftLine => ({
  feature,
  metric: 'PSI',
  value,
  limit: 0.2,
  state,
  at: at('14:05'),
  history: history.map((each, i) => ({
    day: `2026-11-${String(24 - history.length + i).padStart(2, '0')}`,
    value: each,
  })),
  because: `PSI is ${value.toFixed(2)}, ${state === 'alarm' ? 'above' : 'within'} its limit 0.20: Azure ML alarms only above it. In 90 results before it was 0.05 in the middle and 0.06 at most.`,
});

const alarm: DriftView = {
  now: at('14:07'),
  endpoint: 'ep-fraud',
  purpose: 'stops stolen cards before payment',
  state: 'alarm',
  headline: 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20; 2 of 6 features are over.',
  lines: [
    { ...line('amount', 0.31, 'alarm', [0.05, 0.05, 0.06, 0.05, 0.31]), own: 'watch' },
    line('merchant_category', 0.24, 'alarm'),
    line('hour_of_day', 0.17, 'watch'),
    line('card_age_days', 0.09, 'ok'),
    line('country', 0.06, 'ok'),
    line('device_type', 0.03, 'ok'),
  ],
  profile: 'azureml',
  monitors: ['ep-fraud-monitor'],
  incident: 'INC-101',
  explain: false,
  asOf: at('14:06'),
  source: 'Azure ML model monitor',
};

export const driftSamples = (): Sample[] => [
  { name: 'alerts/drift-alarm', card: driftCard(alarm) },
  {
    name: 'alerts/drift-explained',
    card: driftCard({ ...alarm, explain: true, rows: { reference: 41_200, current: 3100 } }),
  },
  {
    name: 'alerts/drift-feature',
    card: driftCard({
      ...alarm,
      headline: 'ep-fraud: PSI of amount is 0.31, limit 0.20.',
      lines: alarm.lines.slice(0, 1),
      feature: 'amount',
    }),
  },
  {
    name: 'alerts/drift-mixed',
    card: driftCard({
      ...alarm,
      endpoint: 'ep-churn',
      state: 'unknown',
      headline: `ep-churn: not every feature has a limit; p of chi-square of ${HOSTILE} is 0.04.`,
      purpose: HOSTILE,
      lines: [
        { ...line(HOSTILE, 0.04, 'alarm'), metric: 'p of chi-square', limit: 0.05, below: true },
        { ...line('age', 0.09, 'watch'), metric: 'normalised Wasserstein distance', limit: 0.1 },
        {
          feature: 'plan',
          metric: 'null rate',
          value: 0.2,
          state: 'unknown',
          at: at('14:05'),
          history: [],
          because: HOSTILE,
        },
      ],
      explain: true,
    }),
  },
  {
    name: 'alerts/drift-none',
    card: driftCard({ ...alarm, state: 'unknown', headline: 'ep-fraud: its monitor has no results yet.', lines: [] }),
  },
];
