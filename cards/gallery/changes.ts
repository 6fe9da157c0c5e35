import { Temporal } from 'temporal-polyfill';
import type { Sample } from '../gallery.ts';
import { type ChangeView, changeCard } from '../windows/change.ts';
import { changesCard } from '../windows/changes.ts';
import { deliveriesCard } from '../windows/deliveries.ts';
import { flowCard } from '../windows/flow.ts';
import { subscribedCard } from '../windows/subscribed.ts';
import { ANN, at, HOSTILE } from './story.ts';

const utc = (text: string) => Temporal.Instant.from(text);

const change: ChangeView = {
  now: at('14:10'),
  id: 'RFC-104',
  state: 'voting',
  class: 'normal',
  title: 'Deploy fraud-detector:8 to ep-fraud',
  targets: ['ep-fraud'],
  requester: 'Ann Berg',
  assignee: ANN,
  from: utc('2026-11-24T09:00:00Z'),
  to: utc('2026-11-24T10:30:00Z'),
  zone: 'Europe/Amsterdam',
  revision: 2,
  risk: 'medium',
  plan: '10, 50, then 100 % of the traffic to green, each for fifteen minutes.',
  wayBack: 'All traffic to blue; it keeps running for a day.',
  needs: '3 more Standard_F8s_v2, 32 cores with Azure’s reserve of a fifth (104 of 200 are free); about €1.14',
  steps: [],
  conflicts: [
    'ep-fraud is changed by RFC-101, Tue 24 Nov 2026 10:00 to 11:00 Europe/Amsterdam',
    `Whoever carries it out is busy then with ${HOSTILE}`,
  ],
  instead: [{ from: utc('2026-11-24T11:00:00Z'), to: utc('2026-11-24T12:30:00Z') }],
  checks: [{ text: 'smoke test is green', doneBy: 'Dev Patel' }, { text: 'dashboard is open' }],
  votes: [
    { voter: 'Dev Patel', choice: 'approve' },
    { voter: 'Cara Lindt', choice: 'abstain', reason: 'not my model' },
  ],
  missing: ['1 more approval', 'a vote of domain'],
  deadline: utc('2026-11-24T08:00:00Z'),
  mention: false,
  source: 'the change calendar',
};
const calm = { ...change, conflicts: [], instead: [], missing: [] };

export const changeSamples = (): Sample[] => [
  {
    name: 'windows/flow',
    card: flowCard({
      now: at('14:10'),
      days: 30,
      measure: 'lead-time',
      teams: [
        { name: 'Fraud', changes: 9, perWeek: 2.1, leadMinutes: 1_830, failureRate: 0.11, restoreMinutes: 42 },
        { name: 'Retail', changes: 4, perWeek: 0.93, leadMinutes: 5_400, failureRate: 0.25, restoreMinutes: 180 },
        { name: 'Risk office', changes: 0, perWeek: 0 },
      ],
      freezes: [{ entry: 'Black Friday', minutes: 6_720, changes: 3 }],
    }),
  },
  {
    name: 'windows/flow-none',
    card: flowCard({ now: at('14:10'), days: 30, measure: 'freezes', teams: [], freezes: [] }),
  },
  {
    name: 'windows/deliveries',
    card: deliveriesCard({
      now: at('14:10'),
      automations: 1,
      deliveries: [
        { id: 12, automation: 'logic-app', event: 'windows.frozen', state: 'sent', attempts: 1, at: at('14:05') },
        {
          id: 11,
          automation: 'logic-app',
          event: 'windows.change.done',
          state: 'dead',
          attempts: 7,
          at: at('13:05'),
          error: 'it answered 500',
          replayOf: 9,
        },
      ],
    }),
  },
  {
    name: 'windows/subscribed',
    card: subscribedCard({
      now: at('14:10'),
      about: 'ep-fraud',
      url: 'https://wardroom.northwind.example/feeds/0f.ics',
    }),
  },
  { name: 'windows/change-voting', card: changeCard(change) },
  {
    name: 'windows/change-approved',
    card: changeCard({
      ...calm,
      state: 'approved',
      about: 'Its time has come, and nobody has agreed yet that it may break its budget.',
      mention: true,
      budget: {
        words: 'Fraud, monthly: 1819.00 forecast + 901.55 = 2720.55 of 2400.00 EUR, over the budget',
        standing: 'starts when Cara Lindt or Kim Lee agrees',
        open: true,
      },
    }),
  },
  {
    name: 'windows/change-waiting',
    card: changeCard({
      ...calm,
      state: 'waiting',
      note: 'Frozen by “Black Friday” until Tue 1 Dec 2026 08:00 Europe/Amsterdam (07:00 UTC).',
    }),
  },
  {
    name: 'windows/change-running',
    card: changeCard({
      ...calm,
      state: 'running',
      quiet: {
        ids: ['MNT-104'],
        what: 'latency and availability of ep-fraud',
        calls: 'severity 0, error rate, drift and every other kind, the rules fraud-guard*',
      },
      steps: [
        {
          at: at('13:12'),
          where: 'ep-fraud blue 90 %, green 10 %',
          verdict: 'good',
          words:
            'errors 0.21 % against 0.20 %: +0.01 points (−0.10 to +0.12 points), limit 0.50 points; p95 is 1.02 times the present version’s (0.98 to 1.06), limit 1.25; the monitor has not run since this step began',
        },
        {
          at: at('13:42'),
          where: 'ep-fraud blue 50 %, green 50 %',
          verdict: 'inconclusive',
          words: 'not enough data: 412 of 1,000 requests at the new version',
        },
      ],
      note: 'It runs longer than planned, and may go on for 30 minutes.',
      run: { state: 'running', url: 'https://github.com/northwind-ml/fraud-detector/actions/runs/9001' },
    }),
  },
  {
    name: 'windows/change-held',
    card: changeCard({
      ...calm,
      state: 'held',
      note: 'errors rise',
      glass: { by: 'Finn O’Hara', reason: 'payments fail', ticket: 'INC-101', used: true },
    }),
  },
  { name: 'windows/change-done', card: changeCard({ ...calm, state: 'done', note: 'Its pipeline succeeded.' }) },
  {
    name: 'windows/agenda',
    card: changesCard({
      now: at('14:10'),
      title: 'Agenda',
      words: '2 to decide',
      changes: [
        {
          id: 'RFC-104',
          title: change.title,
          state: 'waiting for votes',
          class: 'normal',
          targets: ['ep-fraud'],
          from: change.from,
          conflicts: 1,
          votes: 'Dev Patel: approve; 1 more approval',
          who: 'Ann Berg',
        },
        {
          id: 'RFC-105',
          title: HOSTILE,
          state: 'waiting for votes',
          class: 'emergency',
          targets: ['ep-aml'],
          from: change.to,
          conflicts: 0,
          votes: '2 more approvals',
          who: 'Ben Okafor',
        },
      ],
    }),
  },
  {
    name: 'windows/changes-none',
    card: changesCard({ now: at('14:10'), title: 'Changes', words: 'none is planned', changes: [] }),
  },
];
