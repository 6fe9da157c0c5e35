import { agendaCard } from '../approvals/agenda.ts';
import { type EvidenceView, evidenceCard } from '../approvals/evidence.ts';
import { minutesCard } from '../approvals/minutes.ts';
import { modelCardCard } from '../approvals/model-card.ts';
import { requestNoteCard } from '../approvals/note.ts';
import { type RequestView, requestCard } from '../approvals/request.ts';
import { lookOf } from '../approvals/words.ts';
import type { Sample } from '../gallery.ts';
import { ANN, at, BEN, CARA, DEV, DIGEST, HOSTILE } from './story.ts';

const promotion: RequestView = {
  now: at('14:40'),
  id: 'REQ-107',
  state: 'open',
  what: 'Promote fraud-detector:8 to ep-fraud: 20 % mirrored for 24 h, then 10 % for 4 h, 50 % for 4 h, 100 %',
  why: 'it finds a quarter more fraud at the same false alarms',
  digest: DIGEST,
  requester: ANN.name,
  askedAt: at('14:20'),
  deadline: at('15:00').add({ hours: 68 }),
  votes: [
    { voter: DEV.name, roles: ['engineering'], choice: 'approve', at: at('14:30') },
    { voter: 'Inês Duarte', roles: ['risk'], choice: 'approve', at: at('14:38'), inPlaceOf: [CARA.name] },
  ],
  needed: 3,
  missing: ['1 more approval', 'a vote from domain', 'a vote from privacy'],
  evidence: { there: 14, required: 14, lacking: [] },
  conditions: [
    {
      number: 1,
      what: 'the bias report covers customers who are older than 80',
      owner: 'Hugo Weiss',
      due: at('16:00').add({ hours: 96 }),
    },
  ],
  source: 'Wardroom',
};

const evidence: EvidenceView = {
  now: at('14:25'),
  id: 'REQ-107',
  what: 'fraud-detector:8 on ep-fraud',
  risk: 'high',
  items: [
    {
      name: 'model card',
      state: 'failed',
      required: true,
      summary: 'version 3 lacks decision logic',
      source: 'Wardroom, model card 3',
      asOf: at('09:12'),
    },
    {
      name: 'metrics',
      state: 'present',
      required: true,
      summary: 'auc 0.951 (0.948 to 0.954), +0.008 (0.003 to 0.013), serving is fraud-detector:6',
      source: 'run train-fraud-detector-8',
      asOf: at('13:40'),
      digest: DIGEST.slice(7),
      limit: '30 days',
    },
    {
      name: 'fairness',
      state: 'present',
      required: true,
      summary: 'age_band (4 groups): differences up to 0.021',
      source: 'evidence/fairness.json of run train-fraud-detector-8',
      asOf: at('13:40'),
      digest: DIGEST.slice(7),
    },
    {
      name: 'explanation',
      state: 'present',
      required: true,
      summary: 'amount, country, distance_km matter most, over 60 rows',
      source: 'evidence/explanation.json',
      asOf: at('13:40'),
    },
    {
      name: 'drift',
      state: 'stale',
      required: true,
      summary: '6 readings, none over its limit (4 days old, at most 3 days)',
      source: 'Azure ML model monitoring',
      asOf: at('02:10'),
    },
    {
      name: 'serving image',
      state: 'missing',
      required: true,
      summary: 'no serving image was built and tried (evidence/smoke.json)',
      source: 'Azure Machine Learning',
      asOf: at('14:25'),
    },
    {
      name: 'cost of serving',
      state: 'present',
      required: false,
      summary: '4,212 EUR in the last 30 days',
      source: 'Cost Management, actual cost',
      asOf: at('12:00'),
    },
  ],
  importance: {
    rows: 60,
    features: [
      { name: 'amount', meanAbs: 0.0249, mean: 0.004, before: 1 },
      { name: 'country', meanAbs: 0.0131, mean: -0.002, before: 3 },
      { name: 'distance_km', meanAbs: 0.0082, mean: 0.001, before: 2 },
      { name: 'card_age_days', meanAbs: 0.0061 },
      { name: 'hour_of_day', meanAbs: 0.0049 },
      { name: 'merchant_category', meanAbs: 0.0032 },
    ],
    serving: { name: 'fraud-detector:6', ndcg: 0.968 },
  },
  local: {
    base: 0.03,
    prediction: 0.071,
    values: [
      { name: 'amount', value: 0.042 },
      { name: 'country', value: 0.011 },
      { name: 'card_age_days', value: -0.012 },
    ],
  },
  metrics: {
    serving: 'fraud-detector:6',
    lines: [
      { name: 'auc', value: '0.951', interval: '0.948 to 0.954', difference: '+0.008 (0.003 to 0.013)' },
      { name: 'log_loss', value: '0.122', interval: 'unknown', difference: '−0.021' },
    ],
  },
  fairness: [
    { attribute: 'sex', group: 'female', count: 45210, selected: '4.2 %', hit: '82.1 %', alarm: '2.1 %' },
    { attribute: 'sex', group: 'male', count: 44870, selected: '4.3 %', hit: '81.6 %', alarm: '2.1 %' },
  ],
  attachable: [{ title: 'fairness', value: 'fairness' }],
  source: 'Wardroom',
};

export const releaseSamples = (): Sample[] => [
  { name: 'approvals/promotion-voting', card: requestCard({ ...promotion, mine: { kind: 'may-vote' } }) },
  {
    name: 'approvals/promotion-draft',
    card: requestCard({
      ...promotion,
      state: 'draft',
      votes: [],
      missing: [],
      conditions: [],
      requester: 'Wardroom',
      why: 'fraud-detector:8 was registered',
    }),
  },
  {
    name: 'approvals/promotion-evidence',
    card: requestCard({
      ...promotion,
      state: 'evidence',
      votes: [],
      conditions: [],
      evidence: {
        there: 12,
        required: 14,
        lacking: ['model card is not good enough: version 3 lacks decision logic', 'drift is too old'],
      },
    }),
  },
  {
    name: 'approvals/promotion-void',
    card: requestCard({
      ...promotion,
      votes: [],
      conditions: [],
      missing: [
        '3 more approvals',
        'a vote from domain',
        'a vote from engineering',
        'a vote from privacy',
        'a vote from risk',
      ],
      changed: {
        at: at('14:39'),
        what: [
          'the traffic goes 10 % for 4 h, 100 %, not 20 % mirrored for 24 h, then 10 % for 4 h, 50 % for 4 h, 100 %',
        ],
      },
    }),
  },
  {
    name: 'approvals/promotion-secret',
    card: requestCard({
      ...promotion,
      votes: [],
      secret: { voted: 2 },
      missing: ['1 more vote', 'a vote from risk'],
      stage: { at: 2, of: 2, over: ['Approved, 3 for, 0 against.'] },
    }),
  },
  {
    name: 'approvals/promotion-conditional',
    card: requestCard({
      ...promotion,
      state: 'conditional',
      missing: [],
      finished: { at: at('14:40'), why: 'Approved, 4 for, 0 against.' },
    }),
  },
  {
    name: 'approvals/promotion-waits',
    card: requestCard({
      ...promotion,
      state: 'executing',
      missing: [],
      conditions: [],
      rollout: {
        id: 'ROL-104',
        waits: 'Frozen by “the payment provider migrates” until Tue 24 Nov 2026 09:00 Europe/Amsterdam (08:00 UTC).',
      },
    }),
  },
  {
    name: 'approvals/promotion-deployed',
    card: requestCard({
      ...promotion,
      state: 'deployed',
      missing: [],
      conditions: [],
      finished: { at: at('14:40'), why: 'All traffic is on version-8' },
    }),
  },
  { name: 'approvals/evidence', card: evidenceCard(evidence) },
  {
    name: 'approvals/evidence-hostile-text',
    card: evidenceCard({
      ...evidence,
      what: HOSTILE,
      items: [{ name: HOSTILE, state: 'failed', required: true, summary: HOSTILE, source: HOSTILE }],
    }),
  },
  {
    name: 'approvals/note-decided',
    card: requestNoteCard({
      now: at('14:39'),
      id: 'REQ-107',
      ...lookOf('rejected'),
      title: 'Vetoed by Cara Lindt: the bias report is missing',
      meaning: promotion.what,
    }),
  },
  {
    name: 'approvals/note-votes-void',
    card: requestNoteCard({
      now: at('14:39'),
      id: 'REQ-107',
      tone: 'warning',
      icon: 'ArrowSync',
      word: 'votes void',
      title: 'Changed after people voted, so their votes are void.',
      meaning: 'It is voted on again once its evidence is complete.',
      lines: ['the version is fraud-detector:9, not fraud-detector:8'],
    }),
  },
  {
    name: 'approvals/model-card',
    card: modelCardCard({
      now: at('14:20'),
      model: 'fraud-detector',
      version: 3,
      author: 'Hugo Weiss',
      at: at('09:12'),
      risk: 'high',
      parts: [
        { name: 'purpose', text: 'Scores card payments before they are authorised. Not for credit decisions.' },
        { name: 'limits', text: 'Weak on merchants with fewer than 50 payments a month.' },
      ],
      missing: ['decision logic'],
      mayEdit: true,
    }),
  },
  {
    name: 'approvals/model-card-none',
    card: modelCardCard({
      now: at('14:20'),
      model: 'churn-predictor',
      version: 0,
      risk: 'minimal',
      parts: [],
      missing: ['purpose', 'limits'],
      mayEdit: true,
    }),
  },
  {
    name: 'approvals/agenda',
    card: agendaCard({
      now: at('14:40'),
      board: {
        id: 'model-risk-board',
        name: 'Model risk board',
        chair: 'Léa Novák',
        members: ['Léa Novák', CARA.name, DEV.name, BEN.name],
      },
      next: at('09:00').add({ hours: 24 }),
      items: [
        { id: 'REQ-107', what: promotion.what, missing: promotion.missing, deadline: promotion.deadline, lacking: 0 },
        {
          id: 'REQ-108',
          what: 'Promote credit-scoring:5 to ep-credit',
          missing: [],
          deadline: promotion.deadline,
          lacking: 3,
        },
      ],
    }),
  },
  {
    name: 'approvals/agenda-meeting',
    card: agendaCard({
      now: at('14:40'),
      board: {
        id: 'model-risk-board',
        name: 'Model risk board',
        chair: 'Léa Novák',
        members: ['Léa Novák', CARA.name],
      },
      meeting: { id: 'MTG-101', since: at('14:00'), present: ['Léa Novák'], notes: 2 },
      items: [],
    }),
  },
  {
    name: 'approvals/minutes',
    card: minutesCard({
      now: at('15:00'),
      id: 'model-risk-board',
      board: 'Model risk board',
      markdown:
        '# Model risk board: minutes of MTG-101\n\n2026-11-24 10:00 to 2026-11-24 11:00 (Europe/Amsterdam). Chair: Léa Novák.\nPresent: Léa Novák, Cara Lindt.\n\n## Decisions\n\n### REQ-107 Promote fraud-detector:8\n\nApproved, 4 for, 0 against.\n\n- Dev Patel: approve\n\n## Notes\n\nNone.\n',
    }),
  },
];
