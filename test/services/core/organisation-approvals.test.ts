import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadOrganisation, readOrganisation } from '../../../services/core/organisation.load.ts';

const NORTHWIND = readFileSync('infra/sandbox/northwind.yaml', 'utf8');

describe('how Northwind votes', () => {
  const northwind = loadOrganisation(NORTHWIND);
  const policyOf = (id: string) => northwind.approvalPolicies.find((policy) => policy.id === id);

  it('a rollback needs no quorum and does not wait; a model of high risk does', () => {
    expect(policyOf('production-change')).toMatchObject({ quorum: 'none', close: 'when-met', deadline: 240 });
    expect(policyOf('model-board')).toMatchObject({
      requiredRoles: ['risk', 'engineering', 'domain', 'privacy'],
      quorum: '3/5',
      minVotes: 3,
      close: 'when-certain',
      deadline: 1440,
      hours: 'northwind-office',
      life: 30 * 24 * 60,
      reminders: { at: [50, 80], before: 240 },
    });
  });

  it('a vote that is signed is not given away by a delegation that nobody signed, unless the file says so', () => {
    const delegation = (more: string) =>
      loadOrganisation(NORTHWIND.replace('    # stepUp: { maxAge: 5m }', more)).approvalPolicies.find(
        ({ id }) => id === 'model-board',
      )?.delegation;
    expect(delegation('')).toBe(true);
    expect(delegation('    stepUp: {}')).toBe(false);
    expect(delegation('    stepUp: {}\n    delegation: true')).toBe(true);
  });

  it('the higher the risk, the more must be known before a vote', () => {
    const required = (risk: string) =>
      Object.keys(northwind.promotions.find(({ id }) => id === risk)?.evidence ?? {}).length;
    expect(required('minimal')).toBeLessThan(required('limited'));
    expect(required('limited')).toBeLessThan(required('high'));
    expect(required('high')).toBe(14);
  });
});

it.each([
  ['a quorum that is no share', 'quorum: 3/5', 'quorum: most', 'quorum', 'write a share such as "3/5"'],
  [
    'a stage that comes back',
    'quorum: none',
    'quorum: none\n    nextStage: production-change',
    'nextStage',
    'no nextStage',
  ],
  ['a stage that is not there', 'quorum: none', 'quorum: none\n    nextStage: model-bord', 'nextStage', 'model-board'],
  ['more votes than voters', 'minVotes: 3', 'minVotes: 30', 'minVotes', 'ask for fewer votes'],
  [
    'hours that are not there',
    'deadline: 16h\n    hours: northwind-office',
    'deadline: 16h\n    hours: office',
    'hours',
    'businessHours',
  ],
  ['a working day that is none', 'days: [mon, tue,', 'days: [mon, tuesday,', 'days[1]', 'mon, tue, wed'],
  ['hours without an hour', "to: '17:00'", "to: '09:00'", 'to', '"17:00"'],
  ['a holiday that is no date', 'holidays: [2026-12-25,', 'holidays: [2026-13-25,', 'holidays[0]', 'date'],
  [
    'two words for Azure DevOps',
    'northwind/retail-ml/churn-predictor',
    'northwind/churn-predictor',
    'repository',
    'organisation/project/repository',
  ],
  [
    'a repository of three words on GitHub',
    'northwind-ml/aml-screening',
    'northwind-ml/x/aml',
    'repository',
    'owner/name',
  ],
  ['a chair from outside', 'chair: lea', 'chair: ann', 'chair', 'add ann to members'],
  ['a board that is not there', 'boards: [model-risk-board]', 'boards: [model-board]', 'boards[0]', 'model-risk-board'],
  ['evidence that nobody knows', '{ metrics: 90d,', '{ metric: 90d,', 'evidence', 'metrics'],
  [
    'a promotion without a policy',
    'policy: model-board\n    evidence',
    'policy: model-boards\n    evidence',
    'policy',
    'model-board',
  ],
  [
    'a repository that is none',
    'repository: northwind-ml/aml-screening',
    'repository: aml',
    'repository',
    'owner/name',
  ],
  ['signed votes on changes', 'quorum: 3\n', 'quorum: 3\n    stepUp: { maxAge: 5m }\n', 'normal', 'without stepUp'],
  ['signed votes on pilots', 'quorum: 2\n', 'quorum: 2\n    stepUp: {}\n', 'pilotVote', 'without stepUp'],
  ['a context that is none', 'quorum: 2\n', 'quorum: 2\n    stepUp: { acrs: mfa }\n', 'acrs', 'c1 to c99'],
  ['a secret ballot on changes', 'quorum: 3\n', 'quorum: 3\n    secret: true\n', 'normal', 'without secret'],
  [
    'changes voted on in stages',
    'quorum: 3\n',
    'quorum: 3\n    nextStage: model-board\n',
    'normal',
    'without nextStage',
  ],
])('refuses %s, with its place and what would be right', (_what, from, to, where, right) => {
  expect(NORTHWIND).toContain(from);
  const { problems } = readOrganisation(NORTHWIND.replace(from, to), 'wardroom.yaml');
  expect(problems.length).toBeGreaterThan(0);
  const said = problems.map((problem) => `${problem.where} ${problem.wrong} ${problem.right}`).join('\n');
  expect(said).toContain(where);
  expect(said).toContain(right);
  expect(problems[0]?.line).toBeGreaterThan(1);
});
