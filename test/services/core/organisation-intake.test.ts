import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadOrganisation, readOrganisation } from '../../../services/core/organisation.load.ts';

const NORTHWIND = readFileSync('infra/sandbox/northwind.yaml', 'utf8');
const EDITION = (more: string) =>
  NORTHWIND.replace('  pilotVote: pilot-decision\n', `  pilotVote: pilot-decision\n  aiAct:\n${more}`);

it('Northwind says who votes on a pilot, and whose figure a KPI is', () => {
  const { intake, kpis } = loadOrganisation(NORTHWIND);
  expect(intake).toEqual({ pilotVote: 'pilot-decision' });
  expect(kpis.map(({ department }) => department)).toEqual(['Retail', 'Payments', 'Risk']);
});

it('takes a newer reading of the Act, list by list', () => {
  const { intake } = loadOrganisation(
    EDITION(
      "    asOf: 2027-05-01\n    exits:\n      - { id: narrow, article: 'Article 6(3)(a)', words: a narrow task }\n",
    ),
  );
  expect(intake.aiAct).toMatchObject({ asOf: '2027-05-01', exits: [{ id: 'narrow' }] });
  expect(intake.aiAct?.areas).toBeUndefined();
});

it.each([
  [
    'a policy that is not there',
    'pilotVote: pilot-decision',
    'pilotVote: pilot-decisions',
    'pilotVote',
    'pilot-decision',
  ],
  ['a KPI of nobody', 'department: Payments, unit', 'department: Paymets, unit', 'department', 'payments'],
  [
    'a reading without a day',
    '  pilotVote: pilot-decision\n',
    '  aiAct: { dates: { annexI: 2028-08-02 } }\n',
    'aiAct',
    'asOf',
  ],
  [
    'a day that is none',
    '  pilotVote: pilot-decision\n',
    '  aiAct: { asOf: 2027-13-01 }\n',
    'asOf',
    'write a day such as 2027-12-02',
  ],
  [
    'one id twice',
    '  pilotVote: pilot-decision\n',
    '  aiAct:\n    asOf: 2027-05-01\n    exits:\n      - { id: a, article: b, words: c }\n      - { id: a, article: b, words: c }\n',
    'exits[a].id',
    'its own id',
  ],
])('names the line of %s', (_name, from, to, where, right) => {
  const text = NORTHWIND.replace(from, to);
  expect(text).not.toBe(NORTHWIND);
  const { problems } = readOrganisation(text, 'wardroom.yaml');
  const found = problems.find((problem) => problem.where.includes(where) || problem.right.includes(right));
  expect(found?.line).toBeGreaterThan(1);
  expect(`${found?.wrong} ${found?.right}`).toContain(right);
});
