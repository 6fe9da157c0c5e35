/**
 * What a use case is asked, as data: forms, gates, the score and "what is missing" all read this list. The fields follow the
 * published frameworks (Microsoft CAF and RAI impact assessment, NIST AI RMF MAP, the AWS and Google checklists); a
 * mandatory one must be answered before sign-off, none is needed for a first draft but the title.
 */
export type Section = 'idea' | 'worth' | 'data' | 'build' | 'risk';
export const SECTIONS: readonly Section[] = ['idea', 'worth', 'data', 'build', 'risk'];
export const SECTION_WORDS: Readonly<Record<Section, string>> = {
  idea: 'the idea',
  worth: 'what it is worth',
  data: 'the data',
  build: 'how it is built',
  risk: 'the risk',
};

export type QuestionKind = 'text' | 'long' | 'number' | 'money' | 'currency' | 'rating' | 'person' | 'choice' | 'date';

export interface Question {
  id: string;
  section: Section;
  label: string;
  /** What to write. */
  advice: string;
  kind: QuestionKind;
  mandatory?: boolean;
  choices?: readonly string[];
  /** Characters. */
  limit?: number;
  min?: number;
  max?: number;
}

const ask = (
  section: Section,
  id: string,
  label: string,
  kind: QuestionKind,
  advice: string,
  more: Partial<Question> = {},
): Question => ({
  id,
  section,
  label,
  kind,
  advice,
  ...more,
});
const M = { mandatory: true };
const RATED = 'from 1 (not at all) to 5 (fully)';

export const QUESTIONS: readonly Question[] = [
  ask('idea', 'title', 'Title', 'text', 'a short name, such as Churn of business customers', { ...M, limit: 80 }),
  ask(
    'idea',
    'problem',
    'Problem, and the decision that changes',
    'long',
    'who decides what today, and what is decided better with it',
    { ...M, limit: 2000 },
  ),
  ask('idea', 'department', 'Department', 'text', 'the department that has the problem', { limit: 80 }),
  ask('idea', 'owner', 'Business owner', 'person', 'who decides with its answers, and answers for them', M),
  ask('idea', 'executive', 'Accountable executive', 'person', 'who is accountable in the end'),
  ask('idea', 'users', 'Users, and people affected', 'long', 'who works with it, and about whom it decides', {
    ...M,
    limit: 1000,
  }),
  ask(
    'idea',
    'alternative',
    'Without machine learning',
    'long',
    'what rules, a report or a changed process would achieve',
    { ...M, limit: 1000 },
  ),
  ask('worth', 'volume', 'Decisions in a year', 'number', 'how often it would decide or advise in a year', {
    ...M,
    min: 0,
    max: 1e12,
  }),
  ask(
    'worth',
    'baselineMetric',
    'Metric of today',
    'text',
    'how the present process is measured, such as share of churn noticed in time',
    { ...M, limit: 120 },
  ),
  ask('worth', 'baseline', 'Its value today', 'number', 'a number', { ...M, min: -1e12, max: 1e12 }),
  ask('worth', 'target', 'Its value if this succeeds', 'number', 'a number', { ...M, min: -1e12, max: 1e12 }),
  ask('worth', 'currency', 'Currency', 'currency', 'the code of a currency, such as EUR', M),
  ask('worth', 'benefitLow', 'Yearly benefit, at least', 'money', 'money in a year, such as 120000', M),
  ask('worth', 'benefitLikely', 'Yearly benefit, likely', 'money', 'money in a year, such as 300000', M),
  ask('worth', 'benefitHigh', 'Yearly benefit, at most', 'money', 'money in a year, such as 500000', M),
  ask(
    'worth',
    'confidence',
    'How sure is that',
    'choice',
    'measured in a trial, estimated from known numbers, or guessed',
    { choices: ['measured', 'estimated', 'guessed'] },
  ),
  ask('worth', 'costOnce', 'Cost once', 'money', 'money, such as 80000'),
  ask('worth', 'costYearly', 'Cost in a year', 'money', 'money in a year, such as 30000'),
  ask('worth', 'effort', 'Effort in person-months', 'number', 'person-months until it serves, such as 6', {
    min: 0.1,
    max: 10_000,
  }),
  ask(
    'worth',
    'timeCriticality',
    'How much it loses by waiting',
    'choice',
    'a Fibonacci rating: 1 can wait, 20 is lost when it waits',
    { choices: ['1', '2', '3', '5', '8', '13', '20'] },
  ),
  ask('worth', 'needed', 'Needed by', 'date', 'a day, such as 2027-03-31'),
  ask('worth', 'strategicFit', 'Strategic fit', 'rating', `how far it carries a goal of the strategy, ${RATED}`),
  ask('data', 'sources', 'Data sources and their owners', 'long', 'each system, what is taken from it, who owns it', {
    ...M,
    limit: 1500,
  }),
  ask('data', 'availability', 'Availability', 'rating', `whether the data are there and can be read, ${RATED}`, M),
  ask('data', 'history', 'History in months', 'number', 'months of history', { min: 0, max: 1200 }),
  ask('data', 'labels', 'Labels: source and delay', 'text', 'where the truth comes from, and how long after', {
    ...M,
    limit: 300,
  }),
  ask('data', 'labelsReady', 'Labels are ready', 'rating', RATED, M),
  ask('data', 'quality', 'Known quality', 'rating', RATED, M),
  ask(
    'data',
    'legalBasis',
    'Legal basis',
    'text',
    'contract, consent, legal duty, legitimate interest … and for what',
    { ...M, limit: 300 },
  ),
  ask('data', 'legalReady', 'Legal access is settled', 'rating', RATED, M),
  ask('data', 'dataClass', 'Class of the data', 'choice', 'the highest class among them', {
    ...M,
    choices: ['public', 'internal', 'confidential', 'personal', 'special'],
  }),
  ask('build', 'task', 'Kind of model', 'choice', 'what it would do', {
    choices: [
      'classification',
      'regression',
      'forecasting',
      'ranking',
      'anomaly',
      'vision',
      'language',
      'generation',
      'other',
    ],
  }),
  ask('build', 'method', 'Method is mature', 'rating', RATED),
  ask('build', 'integration', 'Integration points', 'long', 'systems it must work in, and how', { limit: 1000 }),
  ask('build', 'integrationReady', 'Integration is easy', 'rating', RATED),
  ask('build', 'skills', 'Skills are there', 'rating', RATED),
  ask('build', 'latency', 'Answer needed within', 'text', 'such as 200 ms, one hour, next morning', { limit: 80 }),
  ask('build', 'latencyReady', 'That is reachable', 'rating', RATED),
  ask('risk', 'autonomy', 'What it may do', 'choice', 'advise a person, wait for approval, or act alone', {
    ...M,
    choices: ['advise', 'approve', 'act'],
  }),
  ask('risk', 'reversibility', 'A wrong decision can be undone', 'choice', 'how easily', {
    ...M,
    choices: ['easily', 'with effort', 'not at all'],
  }),
  ask('risk', 'costFalsePositive', 'Cost of a false alarm', 'money', 'money for each', M),
  ask('risk', 'costFalseNegative', 'Cost of a missed case', 'money', 'money for each', M),
];

/** The classes of risk are asked by a form of their own (risk.rules.ts): here is only what everybody can say. */
export const questionsOf = (section: Section): Question[] => QUESTIONS.filter((each) => each.section === section);
export const questionOf = (id: string): Question | undefined => QUESTIONS.find((each) => each.id === id);

/** What is asked in the first three minutes; everything else can be answered later, by whoever knows. */
export const FIRST_DRAFT: readonly string[] = [
  'title',
  'problem',
  'department',
  'owner',
  'baselineMetric',
  'baseline',
  'target',
  'currency',
  'benefitLow',
  'benefitLikely',
  'benefitHigh',
  'effort',
];
