import type { Sample } from '../gallery.ts';
import { businessCaseCard } from '../intake/business-case.ts';
import { kpiMapCard } from '../intake/kpi-map.ts';
import { useCaseListCard } from '../intake/list.ts';
import { portfolioCard } from '../intake/portfolio.ts';
import { intakeNoteCard, questionCard } from '../intake/question.ts';
import { readinessCard } from '../intake/readiness.ts';
import { riskCard } from '../intake/risk.ts';
import { scoreCard } from '../intake/score.ts';
import { type UseCaseView, useCaseCard } from '../intake/use-case.ts';
import { sampleAddresses } from './pictures.ts';
import { ANN, at, BEN } from './story.ts';

export const now = at('15:00');
export const eur = (amount: string) => ({ amount, currency: 'EUR' });
const statements = (levels: Readonly<Record<string, number>>) =>
  Object.entries(levels).map(([id, level]) => ({ id, level }));
const HOSTILE = '=cmd|calc **bold** <script>alert(1)</script> [Approve](https://evil.example) \u202Eabc';

export const churn: UseCaseView = {
  now,
  id: 'UC-104',
  title: 'Churn of business customers',
  state: 'idea',
  problem: 'Account managers call whom they like; with it they call those who are about to leave.',
  owner: ANN.name,
  department: 'Retail',
  benefit: { low: eur('120000'), likely: eur('300000'), high: eur('500000') },
  effort: 6,
  score: 52.4,
  range: { low: 28.1, high: 57.9 },
  parts: [
    { axis: 'value', points: 14.9, most: 35 },
    { axis: 'feasibility', points: 18.8, most: 25 },
    { axis: 'data', points: 18.8, most: 25 },
    { axis: 'strategic', points: 11.3, most: 15 },
  ],
  risk: { class: 'minimal', by: BEN.name },
  missing: [
    { section: 'data', labels: ['Legal basis', 'Legal access is settled'], asked: BEN.name, days: 3 },
    { section: 'risk', labels: ['Cost of a false alarm', 'Cost of a missed case'] },
  ],
  signoff: [
    { stakeholder: 'business', state: 'signed', who: ANN.name },
    { stakeholder: 'data science', state: 'not signed yet' },
    { stakeholder: 'risk', state: 'objected', who: 'Cara Lindt', reason: 'Nobody asked the works council.' },
    { stakeholder: 'IT', state: 'not signed yet' },
  ],
  links: [{ kind: 'kpi', target: 'churn-rate', detail: '2 points lower' }],
  concerns: [],
  decisions: [],
  incidents: [],
};

const { risk: _risk, ...unclassified } = churn;

export const intakeSamples = (): Sample[] => [
  { name: 'intake/use-case', card: useCaseCard(churn) },
  {
    name: 'intake/use-case-held',
    card: useCaseCard({
      ...unclassified,
      gate: {
        why: 'It says nothing about how well the present process works.',
        next: 'Give the metric of today and its value: without it no success can be shown.',
      },
      parts: [],
      signoff: churn.signoff.map(({ stakeholder }) => ({ stakeholder, state: 'not signed yet' })),
    }),
  },
  {
    name: 'intake/use-case-live',
    card: useCaseCard({
      ...churn,
      state: 'live',
      missing: [],
      pilot: { verdict: 'succeeded', because: 'recall is 0.78 on 640 cases ≥ 0.75' },
      links: [...churn.links, { kind: 'endpoint', target: 'ep-churn' }],
      concerns: [],
      decisions: [],
      incidents: [{ id: 'INC-101', title: 'ep-churn is slow: p95 is 900 ms' }],
      signoff: churn.signoff.map(({ stakeholder }) => ({ stakeholder, state: 'signed', who: ANN.name })),
    }),
  },
  {
    name: 'intake/use-case-hostile-text',
    card: useCaseCard({ ...churn, title: HOSTILE, problem: HOSTILE.repeat(40), owner: HOSTILE, department: HOSTILE }),
  },
  {
    name: 'intake/list',
    card: useCaseListCard({
      now,
      total: 2,
      found: [
        { id: 'UC-104', title: churn.title, state: 'idea', score: 52.4, owner: ANN.name },
        { id: 'UC-105', title: 'Reading invoices', state: 'pilot', waits: 'Nobody has answered for its data yet.' },
      ],
    }),
  },
  { name: 'intake/list-none', card: useCaseListCard({ now, total: 0, found: [] }) },
  {
    name: 'intake/score',
    card: scoreCard({
      now,
      id: 'UC-104',
      title: churn.title,
      score: 52.4,
      range: { low: 28.1, high: 57.9 },
      rows: [
        {
          axis: 'value',
          weight: 0.35,
          value: 42.7,
          points: 14.9,
          because: '€300,000 a year, on the scale 10,000 → 10 to 5 million → 90',
        },
        {
          axis: 'feasibility',
          weight: 0.25,
          value: 75,
          points: 18.8,
          because: 'mean of method 4 of 5, integration 4 of 5, skills 4 of 5, speed 4 of 5',
        },
        {
          axis: 'data',
          weight: 0.25,
          value: 75,
          points: 18.8,
          because: 'weakest of availability 5 of 5, labels 4 of 5, quality 4 of 5, legal access 4 of 5: labels',
        },
        { axis: 'strategic', weight: 0.15, value: 75, points: 11.3, because: 'rated 4 of 5' },
      ],
      confidence: { factor: 0.8, because: 'the benefit is estimated' },
      risk: { factor: 1, because: 'minimal (none)' },
      levers: [
        { name: 'benefit measured', change: 'the benefit is measured, not estimated', effect: 12.7 },
        { name: 'data ready', change: 'its data become ready (weakest: labels)', effect: 5 },
        { name: 'easy to build', change: 'everything that makes it hard to build is solved', effect: 5 },
      ],
    }),
  },
  {
    name: 'intake/portfolio',
    card: portfolioCard({
      now,
      picture: sampleAddresses('sample-portfolio'),
      capacity: 9,
      ranked: [
        {
          id: 'UC-104',
          title: churn.title,
          place: 1,
          score: 52.4,
          effort: 6,
          perEffort: 8.7,
          within: true,
          value: 42.7,
          feasibility: 75,
          risk: 'minimal',
        },
        {
          id: 'UC-101',
          title: 'Credit limits for shops',
          place: 2,
          score: 61,
          effort: 12,
          perEffort: 5.1,
          within: false,
          value: 88,
          feasibility: 50,
          risk: 'high',
        },
        {
          id: 'UC-102',
          title: 'Reading invoices',
          place: 3,
          score: 14,
          effort: 3,
          perEffort: 4.7,
          within: true,
          value: 20,
          feasibility: 90,
          risk: 'sensitive',
        },
      ],
      held: [{ id: 'UC-105', title: 'Mood of employees', gate: 'blocked' }],
    }),
  },
  { name: 'intake/portfolio-none', card: portfolioCard({ now, ranked: [], held: [] }) },
  {
    name: 'intake/kpi-map',
    card: kpiMapCard({
      now,
      kpis: [
        {
          id: 'churn-rate',
          name: 'Churn of business customers',
          department: 'Retail',
          carriers: [{ useCase: 'UC-104', title: churn.title, change: '2 points lower' }],
        },
        { id: 'fraud-loss', name: 'Loss by card fraud', department: 'Fraud', carriers: [] },
      ],
      idle: [{ id: 'UC-102', title: 'Reading invoices' }],
    }),
  },
  {
    name: 'intake/business-case',
    card: businessCaseCard({
      now,
      id: 'UC-104',
      title: churn.title,
      years: 3,
      rate: 0.08,
      build: {
        npv: eur('15729.31'),
        tco: eur('660793.58'),
        irr: 0.109,
        breakEven: 34,
        flows: ['-300000', '20000', '180000', '180000'].map(eur),
      },
      buy: {
        npv: eur('369440.38'),
        tco: eur('433927.74'),
        irr: 1.67,
        breakEven: 13,
        flows: ['-60000', '58000', '244000', '209800'].map(eur),
      },
      better: 'buy',
      by: eur('353711.07'),
      breakEvenVolume: { volume: 8_862_000, above: 'build' },
      picture: sampleAddresses('sample-tornado'),
      tornado: [
        ['success of building', '64 %', '96 %', '-533000', '-174000'],
        ['success of buying', '76 %', '100 %', '-183000', '-398000'],
        ['benefit', '€320,000', '€480,000', '-313000', '-394000'],
        ['development', '€160,000', '€240,000', '-293000', '-413000'],
        ['people to run it', '€72,000', '€108,000', '-307000', '-400000'],
      ].map(([input = '', low = '', high = '', atLow = '', atHigh = '']) => ({
        input,
        low,
        high,
        atLow: eur(atLow),
        atHigh: eur(atHigh),
      })),
      flip: { input: 'success of buying', change: -0.3 },
    }),
  },
  {
    name: 'intake/risk-high',
    card: riskCard({
      now,
      id: 'UC-101',
      title: 'Credit limits for shops',
      by: 'Cara Lindt',
      verdict: {
        class: 'high',
        factor: 0.75,
        reasons: [
          {
            article: 'Annex III(5)(b) and (c)',
            words: 'credit scoring of people (not to find fraud), price and risk of life and health insurance',
            source: 'Regulation (EU) 2024/1689, OJ L, 12.7.2024, read 2026-11-26',
          },
        ],
        appliesFrom: '2027-12-02',
        asOf: '2026-11-26',
        duties: [
          { article: 'Article 9', words: 'risks are found, estimated and treated over its whole life' },
          { article: 'Article 14', words: 'people can understand, overrule and stop it' },
        ],
        oversight: {
          evidence: ['model-card', 'metrics', 'fairness'],
          roles: ['risk', 'domain', 'engineering'],
          board: true,
          humanReview: true,
          fundamentalRights: true,
          dataProtection: true,
        },
      },
    }),
  },
  {
    name: 'intake/readiness',
    card: readinessCard({
      now,
      picture: { addresses: sampleAddresses('sample-radar'), series: ['Retail', 'the time before'] },
      departments: [
        {
          name: 'Retail',
          by: ANN.name,
          at: '2026-11-02T09:00:00Z',
          trend: 0.3,
          readings: [
            {
              dimension: 'data infrastructure',
              level: 2.7,
              word: 'repeatable',
              statements: statements({ access: 4, pipelines: 3, serving: 1 }),
              gaps: [
                { id: 'serving', label: 'There is a way from a model to where people work', level: 1, owner: BEN.name },
              ],
            },
            {
              dimension: 'skills',
              level: 3.3,
              word: 'defined',
              statements: statements({ literacy: 3, science: 4, operations: 3 }),
              gaps: [],
            },
            {
              dimension: 'governance',
              level: 1.7,
              word: 'initial',
              statements: statements({ owners: 2, rules: 2, records: 1 }),
              gaps: [{ id: 'records', label: 'Decisions are recorded and can be audited', level: 1 }],
            },
          ],
        },
      ],
    }),
  },
  { name: 'intake/readiness-none', card: readinessCard({ now, departments: [] }) },
  {
    name: 'intake/question',
    card: questionCard({
      useCase: 'UC-104',
      title: churn.title,
      section: 'data',
      asker: ANN.name,
      nudge: 1,
      questions: ['Data sources and their owners', 'Availability', 'Labels: source and delay'],
    }),
  },
  {
    name: 'intake/note',
    card: intakeNoteCard({
      useCase: 'UC-104',
      text: `${BEN.name} answered for the data of “${churn.title}”.`,
      icon: 'CheckmarkCircle',
    }),
  },
];
