import { confirmCard } from '../confirm.ts';
import type { Sample } from '../gallery.ts';
import { answerCard } from '../governance/answer.ts';
import { auditCard } from '../governance/audit.ts';
import { deniedCard } from '../governance/denied.ts';
import { draftsCard } from '../governance/drafts.ts';
import { errorCard } from '../governance/error.ts';
import { type HelpView, helpCard } from '../governance/help.ts';
import { lostCard } from '../governance/lost.ts';
import { overviewCard } from '../governance/overview.ts';
import { searchCard } from '../governance/search.ts';
import { type SignView, signCard } from '../sign.ts';
import { ANN, at, BEN, DIGEST } from './story.ts';

const groups: HelpView['groups'] = [
  {
    name: 'alerts',
    entries: [
      { example: 'incidents', summary: 'Open incidents, the worst first', effect: 'read' },
      { example: 'show INC-101', summary: 'An incident with its alerts and what changed', effect: 'read' },
      { example: 'ack INC-101', summary: 'Acknowledge an incident: you work on it', effect: 'write' },
      { example: 'escalate INC-101', summary: 'Call the next step of the escalation now', effect: 'write' },
      { example: 'timeline INC-101', summary: 'What happened, in order', effect: 'read' },
      { example: 'who is on call for fraud', summary: 'Who is called first and second', effect: 'read' },
    ],
  },
  {
    name: 'approvals',
    entries: [
      { example: 'approve REQ-101', summary: 'Vote on an open approval request', effect: 'write' },
      { example: 'roll back ep-fraud', summary: 'Put all traffic back on the deployment before', effect: 'dangerous' },
    ],
  },
  { name: 'fleet', entries: [{ example: 'status of ep-fraud', summary: 'Traffic, health and owner', effect: 'read' }] },
];

const sign: SignView = {
  title: 'Vote on a request for approval',
  statement: [
    'Approve REQ-142',
    'Promote fraud-detector:8 to ep-fraud: 20 % mirrored for 24 h, then 10 % for 4 h, 50 % for 4 h, 100 %',
    `Digest (SHA-256): ${DIGEST.replace('sha256:', '')}`,
    'Reason: it finds more and is no worse for any group',
    'Condition: the bias report covers age; by hugo, until 2026-11-27T16:00:00Z',
  ].join('\n'),
  state: 'waiting',
  by: 'Cara Lindt',
  address: 'https://wardroom.northwind.example/sign/4f8c2a',
  until: at('14:35'),
};

const confirm = {
  confirmation: 'CNF-K7QX-2M',
  title: 'Roll back an endpoint',
  preview: 'All traffic of ep-fraud goes to blue (fraud-detector:6); green (fraud-detector:7) drops from 10% to 0%.',
  by: BEN.name,
  secondPerson: false,
  expiresAt: '2026-11-23T14:33:00.482Z',
};

export const governanceSamples = (): Sample[] => [
  { name: 'governance/help', card: helpCard({ groups }) },
  { name: 'governance/help-found', card: helpCard({ groups: groups.slice(1, 2), searched: 'roll back' }) },
  { name: 'governance/help-nothing', card: helpCard({ groups: [], searched: '*coffee*' }) },
  {
    name: 'governance/overview',
    card: overviewCard({
      now: at('14:40'),
      incidents: [
        {
          id: 'INC-101',
          severity: 1,
          title: 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20',
          since: at('14:05'),
        },
        {
          id: 'INC-99',
          severity: 3,
          title: 'Training run demand-weekly failed: out of memory',
          since: at('07:12'),
          with: ANN.name,
        },
      ],
      total: 2,
      votes: [{ id: 'REQ-101', title: 'Roll back ep-fraud: all traffic to blue (fraud-detector:6)' }],
      tasks: 2,
    }),
  },
  {
    name: 'governance/overview-quiet',
    card: overviewCard({ now: at('14:40'), incidents: [], total: 0, votes: [], tasks: 0 }),
  },
  {
    name: 'governance/audit-whole',
    card: auditCard({
      now: at('15:00'),
      checked: 12_408,
      first: at('00:00').subtract({ hours: 24 * 90 }),
      last: at('14:59'),
      head: DIGEST.slice(7),
    }),
  },
  {
    name: 'governance/audit-altered',
    card: auditCard({
      now: at('15:00'),
      checked: 8_113,
      first: at('00:00').subtract({ hours: 24 * 90 }),
      broken: {
        entry: 8_114,
        at: at('14:30'),
        action: 'approvals.vote by cara on REQ-101',
        why: 'Its hash does not match what it says.',
      },
    }),
  },
  {
    name: 'governance/drafts',
    card: draftsCard({
      now: at('15:00'),
      drafts: [
        {
          id: 'DRF-104',
          form: 'intake.step',
          title: 'Churn of business customers',
          step: 3,
          answers: 11,
          touched: at('14:10'),
        },
        {
          id: 'DRF-98',
          form: 'intake.step',
          title: '**=cmd|** [Approve](https://evil.example)',
          step: 1,
          answers: 1,
          touched: at('00:00').subtract({ hours: 24 * 31 }),
        },
      ],
    }),
  },
  {
    name: 'governance/search',
    card: searchCard({
      now: at('15:00'),
      words: 'fraud',
      hits: [
        {
          kind: 'incident',
          id: 'INC-101',
          title: 'ep-fraud drifts: PSI of amount is 0.31',
          state: 'open',
          verb: 'alerts.show',
          ids: { incident: 'INC-101' },
        },
        {
          kind: 'endpoint',
          id: 'ep-fraud',
          title: 'Stops fraudulent card payments',
          state: 'high risk',
          verb: 'fleet.endpoint',
          ids: { endpoint: 'ep-fraud' },
        },
      ],
    }),
  },
  { name: 'governance/search-nothing', card: searchCard({ now: at('15:00'), words: '*coffee*', hits: [] }) },
  { name: 'governance/drafts-none', card: draftsCard({ now: at('15:00'), drafts: [] }) },
  {
    name: 'governance/denied',
    card: deniedCard({
      why: 'You asked for this approval, so you cannot vote on it.',
      next: 'Ask Cara Lindt or Dev Patel.',
      instead: { title: 'Show REQ-101', verb: 'approvals.show', ids: { request: 'REQ-101' } },
    }),
  },
  {
    name: 'governance/lost',
    card: lostCard({
      text: 'I did not understand that. Did you mean “incident INC-101”, “timeline INC-101”, “ack INC-101”?',
      offers: [
        { say: 'incident INC-101', verb: 'alerts.show', ids: { incident: 'INC-101' } },
        { say: 'timeline INC-101', verb: 'alerts.timeline', ids: { incident: 'INC-101' } },
        { say: 'ack INC-101', verb: 'alerts.acknowledge', ids: { incident: 'INC-101' } },
      ],
    }),
  },
  {
    name: 'governance/error',
    card: errorCard({ now: at('14:20'), reference: 'K7QX-2M', tried: 'roll back ep-fraud' }),
  },
  {
    name: 'governance/error-azure-down',
    card: errorCard({
      now: at('14:20'),
      reference: 'B4TN-9R',
      tried: 'status of ep-fraud',
      unavailable: { service: 'Azure Machine Learning', retryAfterSeconds: 120 },
    }),
  },
  {
    name: 'governance/answer',
    card: answerCard({ text: 'ep-fraud is owned by Fraud.\nOn call now: Ann Berg, then Ben Okafor.' }),
  },
  {
    name: 'governance/sign',
    card: signCard({
      ...sign,
      back: { title: 'Back to REQ-142', verb: 'approvals.show', ids: { request: 'REQ-142' } },
    }),
  },
  {
    name: 'governance/sign-again',
    card: signCard({
      ...sign,
      outcome: 'You signed in 2 h ago, and 5 min is the most that counts here. Sign in again, or vote again.',
    }),
  },
  {
    name: 'governance/sign-done',
    card: signCard({
      ...sign,
      state: 'done',
      outcome: 'Cara Lindt approved REQ-142. Still needed: a vote from privacy.',
    }),
  },
  { name: 'governance/sign-expired', card: signCard({ ...sign, state: 'expired' }) },
  { name: 'governance/confirm', card: confirmCard(confirm) },
  { name: 'governance/confirm-second-person', card: confirmCard({ ...confirm, secondPerson: true }) },
  {
    name: 'governance/confirm-confirmed',
    card: confirmCard({ ...confirm, state: 'confirmed', finished: { by: ANN.name, at: '2026-11-23T14:20:00Z' } }),
  },
  {
    name: 'governance/confirm-expired',
    card: confirmCard({ ...confirm, state: 'expired', finished: { at: '2026-11-23T14:33:00Z' } }),
  },
];
