import type { Sample } from '../gallery.ts';
import { leftCard } from '../intake/left.ts';
import { pathsCard } from '../intake/paths.ts';
import { pilotCard } from '../intake/pilot.ts';
import { questionListCard } from '../intake/questions.ts';
import { useCaseCard } from '../intake/use-case.ts';
import { churn, eur, now } from './intake.ts';
import { ANN, at, BEN } from './story.ts';

/** A use case from its pilot on. */
export const intakeLifeSamples = (): Sample[] => [
  {
    name: 'intake/use-case-life',
    card: useCaseCard({
      ...churn,
      state: 'live',
      missing: [],
      signoff: ['business', 'data science', 'risk', 'IT'].map((stakeholder) => ({
        stakeholder,
        state: 'signed',
        who: ANN.name,
      })),
      pilot: { verdict: 'succeeded', because: 'recall is 0.78 on 640 cases ≥ 0.75' },
      links: [
        { kind: 'endpoint', target: 'ep-churn' },
        { kind: 'kpi', target: 'churn-rate', detail: '2 points lower' },
      ],
      cost: { month: [eur('412.80')], total: [eur('9214.05')], since: '2025-11-01' },
      paths: { performance: `${ANN.name}, then ${BEN.name}`, ethics: 'Cara Lindt and Inês Duarte' },
      concerns: [{ id: 'CON-103', state: 'answered' }],
      decisions: [
        { id: 'REQ-118', title: 'Promote churn-predictor:5 to ep-churn', state: 'approved and deployed' },
        { id: 'REQ-104', title: 'Roll ep-churn back to blue', state: 'rejected' },
      ],
      incidents: [{ id: 'INC-142', title: 'ep-churn drifts: PSI of tenure is 0.31, limit 0.20' }],
      incidentsOver: 3,
      riskOutdated: true,
    }),
  },
  {
    name: 'intake/paths',
    card: pathsCard({
      now,
      id: 'UC-104',
      title: churn.title,
      live: true,
      performance: { people: [ANN.name, BEN.name], minutes: 15, by: ANN.name },
      ethics: { people: ['Cara Lindt', 'Max Stone (not here any more)'], minutes: 480, by: 'Eva Moreau' },
    }),
  },
  { name: 'intake/paths-none', card: pathsCard({ now, id: 'UC-104', title: churn.title, live: false }) },
  {
    name: 'intake/questions',
    card: questionListCard({
      now,
      asked: [
        { useCase: 'UC-104', title: churn.title, section: 'data', asker: ANN.name, days: 3, missing: 4 },
        { useCase: 'UC-109', title: 'Reading invoices', section: 'worth', asker: BEN.name, days: 0, missing: 1 },
      ],
    }),
  },
  { name: 'intake/questions-none', card: questionListCard({ now, asked: [] }) },
  {
    name: 'intake/left',
    card: leftCard({
      total: 2,
      affected: [
        { useCase: 'UC-104', person: 'Max Stone', what: 'business owner' },
        { useCase: 'UC-107', person: 'Max Stone', what: 'path for performance' },
      ],
    }),
  },
  {
    name: 'intake/pilot',
    card: pilotCard({
      now,
      id: 'UC-104',
      title: churn.title,
      verdict: 'inconclusive',
      because: 'recall is 0.77 on 640 cases; the interval 0.73 to 0.81 holds the target 0.75',
      deadline: at('14:00'),
      decided: false,
      followed: true,
      vote: {
        open: true,
        count: '1 to go live, 1 to extend',
        until: at('18:00').add({ hours: 48 }),
        missing: ['1 more approval'],
        outstanding: [ANN.name, 'Inês Duarte'],
        votes: [
          { who: 'Eva Moreau', choice: 'go', reason: 'both targets are met, and the shops ask for it' },
          {
            who: 'Cara Lindt',
            choice: 'extend',
            reason: 'too few cases from the north',
            until: at('15:00').add({ hours: 24 * 30 }),
          },
        ],
      },
      criteria: [
        {
          id: 'recall',
          metric: 'recall',
          direction: 'up',
          baseline: 0.6,
          target: 0.75,
          failure: 0.55,
          minSample: 500,
          verdict: 'undecided',
          because: 'recall is 0.77 on 640 cases; the interval 0.73 to 0.81 holds the target 0.75',
          source: 'typed in',
        },
        {
          id: 'calls',
          metric: 'calls for each kept customer',
          direction: 'down',
          baseline: 40,
          target: 25,
          minSample: 100,
          verdict: 'met',
          because: 'calls for each kept customer is 22 on 310 cases ≤ 25',
        },
      ],
    }),
  },
  {
    name: 'intake/pilot-none',
    card: pilotCard({ now, id: 'UC-104', title: churn.title, criteria: [], decided: false, followed: false }),
  },
];
