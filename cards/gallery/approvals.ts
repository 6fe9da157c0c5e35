import { requestListCard } from '../approvals/list.ts';
import { type RequestView, requestCard, type VoteLine } from '../approvals/request.ts';
import { reviewCard } from '../approvals/review.ts';
import type { Sample } from '../gallery.ts';
import { at, BEN, CARA, DEV, DIGEST, HOSTILE } from './story.ts';

const open: RequestView = {
  now: at('14:18'),
  id: 'REQ-101',
  state: 'open',
  what: 'Roll back ep-fraud: all traffic to blue (fraud-detector:6), none to green (fraud-detector:7)',
  why: 'green answers slowly and wrongly since 14:05',
  digest: DIGEST,
  requester: BEN.name,
  askedAt: at('14:18'),
  deadline: at('18:18'),
  incident: 'INC-101',
  votes: [],
  needed: 2,
  missing: ['2 more approvals', 'a vote from risk'],
  source: 'Wardroom, policy production-change',
};

const devApproved: VoteLine = { voter: DEV.name, roles: ['approver'], choice: 'approve', at: at('14:24') };
const caraApproved: VoteLine = {
  voter: CARA.name,
  roles: ['approver', 'risk'],
  choice: 'approve',
  at: at('14:30'),
  reason: 'the risk of waiting is greater than that of going back',
};
const oneVote: RequestView = {
  ...open,
  now: at('14:24'),
  votes: [devApproved],
  missing: ['1 more approval', 'a vote from risk'],
};
const decided: RequestView = { ...open, now: at('14:30'), votes: [devApproved, caraApproved], missing: [] };

const review = {
  id: open.id,
  what: open.what,
  confirmedBy: DEV.name,
  due: at('14:20').add({ hours: 48 }),
};

export const approvalSamples = (): Sample[] => [
  { name: 'approvals/request-new', card: requestCard(open) },
  { name: 'approvals/request-one-vote', card: requestCard(oneVote) },
  { name: 'approvals/request-mine-to-vote', card: requestCard({ ...oneVote, mine: { kind: 'may-vote' } }) },
  {
    name: 'approvals/request-mine-delegated',
    card: requestCard({
      ...oneVote,
      standIns: [{ person: 'Inês Duarte', inPlaceOf: ['Cara Lindt', 'Léa Novák'] }],
      mine: { kind: 'may-vote', inPlaceOf: ['Cara Lindt', 'Léa Novák'] },
    }),
  },
  {
    name: 'approvals/request-mine-voted',
    card: requestCard({ ...oneVote, mine: { kind: 'voted', choice: 'approve', at: at('14:24') } }),
  },
  {
    name: 'approvals/request-mine-excluded',
    card: requestCard({
      ...oneVote,
      mine: { kind: 'may-not', why: 'You asked for this approval, so you cannot vote on it.', withdraw: true },
    }),
  },
  {
    name: 'approvals/request-approved',
    card: requestCard({
      ...decided,
      state: 'approved',
      finished: { at: at('14:30'), why: '2 for, 0 against, and risk has voted' },
    }),
  },
  {
    name: 'approvals/request-rejected',
    card: requestCard({
      ...open,
      now: at('14:26'),
      state: 'rejected',
      votes: [
        { ...devApproved },
        {
          voter: CARA.name,
          roles: ['approver', 'risk'],
          choice: 'reject',
          at: at('14:26'),
          reason: 'blue has the bug of last week; go to fraud-detector:5 instead',
        },
      ],
      finished: {
        at: at('14:26'),
        by: CARA.name,
        why: 'blue has the bug of last week; go to fraud-detector:5 instead',
      },
    }),
  },
  {
    name: 'approvals/request-expired',
    card: requestCard({
      ...oneVote,
      now: at('18:18'),
      state: 'expired',
      finished: { at: at('18:18'), why: 'nobody from risk voted before the deadline' },
    }),
  },
  {
    name: 'approvals/request-executing',
    card: requestCard({
      ...decided,
      now: at('14:31'),
      state: 'executing',
      change: { step: 'Step 2 of 3, Azure moves the traffic of ep-fraud to blue', done: 40 },
    }),
  },
  {
    name: 'approvals/request-done',
    card: requestCard({
      ...decided,
      now: at('14:34'),
      state: 'done',
      finished: { at: at('14:34'), why: 'Azure reports 100% of the traffic on blue' },
    }),
  },
  {
    name: 'approvals/request-failed',
    card: requestCard({
      ...decided,
      now: at('14:34'),
      state: 'failed',
      finished: {
        at: at('14:34'),
        why: 'Azure refused: deployment blue is being updated. Traffic is as it was; ask again when blue is ready',
      },
    }),
  },
  {
    name: 'approvals/request-emergency',
    card: requestCard({
      ...open,
      now: at('14:20'),
      state: 'executing',
      missing: [],
      why: 'good payments are declined',
      emergency: { confirmedBy: DEV.name, reviewDue: at('14:20').add({ hours: 48 }) },
      change: { step: 'Azure is moving the traffic', done: 40 },
    }),
  },
  {
    name: 'approvals/request-emergency-done',
    card: requestCard({
      ...open,
      now: at('14:34'),
      state: 'done',
      missing: [],
      why: 'good payments are declined',
      emergency: { confirmedBy: DEV.name, reviewDue: at('14:20').add({ hours: 48 }) },
      finished: { at: at('14:34'), why: 'Azure reports 100% of the traffic on blue' },
    }),
  },
  {
    name: 'approvals/request-emergency-reviewed',
    card: requestCard({
      ...open,
      now: at('14:34').add({ hours: 48 }),
      state: 'done',
      missing: [],
      why: 'good payments are declined',
      emergency: {
        confirmedBy: DEV.name,
        reviewDue: at('14:20').add({ hours: 48 }),
        review: {
          by: 'Cara Lindt',
          finding: 'justified',
          why: 'Declines were back to normal within two minutes.',
          at: at('11:05').add({ hours: 48 }),
        },
      },
      finished: { at: at('14:34'), why: 'Azure reports 100% of the traffic on blue' },
    }),
  },
  { name: 'approvals/review-soon', card: reviewCard({ ...review, now: review.due.subtract({ hours: 4 }) }) },
  { name: 'approvals/review-overdue', card: reviewCard({ ...review, now: review.due.add({ hours: 24 }) }) },
  {
    name: 'approvals/request-preapproved',
    card: requestCard({
      ...open,
      now: at('14:21'),
      state: 'executing',
      missing: [],
      why: 'INC-101: ep-fraud drifts',
      preapproved: { request: 'REQ-98', reviewDue: at('14:20').add({ hours: 48 }) },
      change: { step: 'Azure is moving the traffic', done: 40 },
    }),
  },
  {
    name: 'approvals/request-hostile-text',
    card: requestCard({
      ...oneVote,
      what: HOSTILE,
      why: HOSTILE,
      requester: HOSTILE,
      votes: [{ ...devApproved, voter: HOSTILE, roles: [HOSTILE], reason: HOSTILE }],
      missing: [HOSTILE],
    }),
  },
  {
    name: 'approvals/list',
    card: requestListCard({
      now: at('14:24'),
      requests: [
        { ...oneVote, waitsForMe: true },
        {
          id: 'REQ-98',
          state: 'open',
          what: 'Promote churn-predictor:12 to ep-churn with 10% of the traffic',
          requester: 'Gita Rao',
          missing: ['2 more approvals'],
          deadline: at('18:00').add({ hours: 48 }),
        },
      ],
      source: 'Wardroom',
    }),
  },
  { name: 'approvals/list-empty', card: requestListCard({ now: at('09:00'), requests: [], source: 'Wardroom' }) },
];
