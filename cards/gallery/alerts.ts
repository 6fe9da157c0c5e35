import { type IncidentView, incidentCard } from '../alerts/incident.ts';
import { incidentListCard } from '../alerts/list.ts';
import { pageCard } from '../alerts/page.ts';
import { saidCard } from '../alerts/said.ts';
import { timelineCard } from '../alerts/timeline.ts';
import type { Sample } from '../gallery.ts';
import { ANN, at, BEN, HOSTILE } from './story.ts';

const SOURCE = 'Azure ML model monitor and Azure Monitor';

const firing: IncidentView = {
  now: at('14:07'),
  id: 'INC-101',
  state: 'firing',
  severity: 1,
  headline: 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20, and 2 more alerts',
  since: at('14:05'),
  endpoint: 'ep-fraud',
  owner: 'Fraud',
  business: {
    purpose: 'stops stolen cards before payment',
    moneyPerHour: { amount: '4200', currency: 'EUR' },
    unit: 'payments',
    unitsSince: 310,
  },
  drift: [
    { feature: 'amount', value: 0.31, limit: 0.2 },
    { feature: 'merchant_category', value: 0.24, limit: 0.2 },
    { feature: 'hour_of_day', value: 0.17, limit: 0.2 },
    { feature: 'card_age_days', value: 0.09, limit: 0.2 },
    { feature: 'country', value: 0.06, limit: 0.2 },
    { feature: 'device_type', value: 0.03, limit: 0.2 },
  ],
  changed: [
    { what: 'green (fraud-detector:7) got 10% of the traffic of ep-fraud', at: at('13:20') },
    { what: 'data set payments-features moved to version 41', at: at('09:00'), why: 'the same endpoint' },
    { what: 'payments-features:41 has no column merchant_region any more', at: at('09:00'), why: 'the same endpoint' },
    { what: 'the environment env-fraud-detector:7 was built by Hugo Weiss', at: at('05:44'), why: 'the same endpoint' },
    { what: '93% of the compute quota of mlw-fraud-prod is used', at: at('11:10'), why: 'the same workspace' },
  ],
  alerts: [
    { headline: 'PSI of amount on ep-fraud is 0.31, limit 0.20', since: at('14:05') },
    { headline: 'p95 latency of ep-fraud/green is 810 ms, limit 400 ms', since: at('14:06') },
    { headline: '5xx of ep-fraud/green is 4.2%, limit 1%', since: at('14:06') },
  ],
  onCall: [ANN],
  next: { who: [BEN.name], at: at('14:15') },
  rollback: { endpoint: 'ep-fraud', to: 'blue' },
  source: SOURCE,
};

const acknowledged: IncidentView = {
  ...firing,
  now: at('14:16'),
  state: 'acknowledged',
  business: { ...firing.business, purpose: 'stops stolen cards before payment', unitsSince: 570 },
  acknowledged: { by: BEN.name, at: at('14:16') },
};

const changing: IncidentView = {
  ...acknowledged,
  now: at('14:31'),
  state: 'changing',
  business: { ...firing.business, purpose: 'stops stolen cards before payment', unitsSince: 1340 },
  change: { step: 'REQ-101: moving all traffic of ep-fraud to blue', done: 40, word: 'rolling back' },
};

const resolved: IncidentView = {
  ...changing,
  now: at('14:52'),
  state: 'resolved',
  business: { ...firing.business, purpose: 'stops stolen cards before payment', unitsSince: 2420 },
  alerts: firing.alerts.map((alert) => ({ ...alert, until: at('14:50') })),
  resolved: { at: at('14:52'), why: 'all traffic is back on blue (fraud-detector:6) and every alert has ended' },
};

const moments = [
  { at: at('13:20'), what: 'green (fraud-detector:7) got 10% of the traffic of ep-fraud', who: 'Hugo Weiss' },
  { at: at('14:05'), what: 'PSI of amount on ep-fraud is 0.31, limit 0.20' },
  { at: at('14:05'), what: 'Ann Berg was called in fraud-ops', why: 'on call for fraud-primary' },
  { at: at('14:06'), what: 'p95 latency of ep-fraud/green is 810 ms, limit 400 ms' },
  { at: at('14:15'), what: 'Ben Okafor was paged', why: 'nobody acknowledged for 10 min' },
  { at: at('14:16'), what: 'acknowledged', who: BEN.name },
  {
    at: at('14:18'),
    what: 'asked to roll back to blue (REQ-101)',
    who: BEN.name,
    why: 'green answers slowly and wrongly',
  },
  { at: at('14:24'), what: 'approved REQ-101', who: 'Dev Patel' },
  { at: at('14:30'), what: 'approved REQ-101', who: 'Cara Lindt', why: 'the risk of waiting is greater' },
  { at: at('14:34'), what: 'All traffic of ep-fraud is on blue' },
  { at: at('14:52'), what: 'Resolved', why: 'every alert has ended' },
];

const names = ['ep-aml', 'ep-churn', 'ep-recommend', 'ep-demand', 'ep-credit'] as const;

export const alertSamples = (): Sample[] => [
  { name: 'alerts/incident-firing', card: incidentCard(firing) },
  { name: 'alerts/incident-acknowledged', card: incidentCard(acknowledged) },
  {
    name: 'alerts/incident-waiting-for-approval',
    card: incidentCard({
      ...acknowledged,
      now: at('14:24'),
      request: { id: 'REQ-101', what: 'Roll back to blue', missing: '1 more approval; a vote from risk' },
    }),
  },
  {
    name: 'alerts/incident-shared',
    card: incidentCard({
      ...acknowledged,
      others: ['Dev Patel'],
      snoozedUntil: at('14:46'),
      tasks: [
        { number: 3, words: 'call the vendor of the payment gateway · Ben Okafor · due by 16:00' },
        { number: 4, words: 'tell the call centre' },
      ],
    }),
  },
  {
    name: 'alerts/incident-asked',
    card: incidentCard({ ...firing, assigned: 'Dev Patel', onCall: [], rollback: undefined } as IncidentView),
  },
  { name: 'alerts/incident-changing', card: incidentCard(changing) },
  { name: 'alerts/incident-resolved', card: incidentCard(resolved) },
  {
    name: 'alerts/incident-latency-only',
    card: incidentCard({
      now: at('03:12'),
      id: 'INC-102',
      state: 'firing',
      severity: 2,
      headline: 'p95 latency of ep-recommend is 640 ms, limit 300 ms',
      since: at('03:09'),
      endpoint: 'ep-recommend',
      owner: 'Retail',
      alerts: [{ headline: 'p95 latency of ep-recommend is 640 ms, limit 300 ms', since: at('03:09') }],
      onCall: [{ id: '00000000-0000-4000-8000-000000000007', name: 'Gita Rao' }],
      source: 'Azure Monitor',
    }),
  },
  {
    name: 'alerts/incident-250-alerts',
    card: incidentCard({
      ...firing,
      headline: 'Northwind: 250 alerts in 2 min, the first is 5xx of ep-aml at 12%, limit 1%',
      drift: [],
      alerts: Array.from({ length: 250 }, (_, index) => ({
        headline: `5xx of ${names[index % names.length]} is ${(index % 20) + 2}%, limit 1%`,
        since: at('14:05'),
      })),
    }),
  },
  {
    name: 'alerts/incident-hostile-text',
    card: incidentCard({
      ...firing,
      headline: HOSTILE,
      owner: HOSTILE,
      changed: [{ what: HOSTILE, at: at('13:20') }],
      drift: [{ feature: HOSTILE, value: 0.31, limit: 0.2 }],
      onCall: [{ id: ANN.id, name: `${HOSTILE}</at>` }],
      alerts: [HOSTILE, HOSTILE].map((headline) => ({ headline, since: at('14:05') })),
    }),
  },
  {
    name: 'alerts/page-firing',
    card: pageCard({
      ...firing,
      now: at('14:15'),
      next: { who: ["Finn O'Hara"], at: at('14:30') },
      why: 'You are the second step of fraud-oncall: Ann Berg did not acknowledge for 10 min.',
      channel: 'fraud-ops',
    }),
  },
  { name: 'alerts/page-taken', card: pageCard({ ...acknowledged, why: '' }) },
  { name: 'alerts/page-resolved', card: pageCard({ ...resolved, why: '' }) },
  { name: 'alerts/timeline', card: timelineCard({ ...resolved, moments }) },
  {
    name: 'alerts/timeline-long',
    card: timelineCard({
      ...firing,
      moments: Array.from({ length: 120 }, (_, index) => ({
        at: at('14:05').add({ minutes: index }),
        what: `PSI of amount on ep-fraud is 0.${31 + (index % 9)}, limit 0.20`,
      })),
      now: at('16:05'),
    }),
  },
  {
    name: 'alerts/list',
    card: incidentListCard({
      now: at('14:07'),
      incidents: [
        { ...firing, owner: 'Fraud' },
        {
          id: 'INC-99',
          state: 'changing',
          severity: 2,
          headline: 'ep-churn/green does not become healthy',
          since: at('11:40'),
          owner: 'Retail',
          acknowledgedBy: 'Gita Rao',
        },
        {
          id: 'INC-97',
          state: 'acknowledged',
          severity: 3,
          headline: 'Training run demand-weekly failed: out of memory',
          since: at('06:12'),
          owner: 'Retail',
          acknowledgedBy: 'Gita Rao',
        },
      ],
      scope: 'open',
      source: 'Wardroom',
    }),
  },
  {
    name: 'alerts/list-empty',
    card: incidentListCard({ now: at('09:00'), scope: 'open', incidents: [], source: 'Wardroom' }),
  },
  {
    name: 'alerts/said',
    card: saidCard({ text: 'Ben Okafor acknowledged INC-101, 11 min after it began.' }),
  },
];
