import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export const voterOf = (n: number) => `voter-${n}`;

const northwind = () =>
  parse(readFileSync(new URL('../infra/sandbox/northwind.yaml', import.meta.url), 'utf8')) as {
    people: object[];
    approvalPolicies: { id: string; minApprovals: number }[];
  };

/** Northwind with so many more people who may vote on a change of production; every one of their votes is needed. */
export function crowded(home: string, voters: number): string {
  const organisation = northwind();
  for (let n = 0; n < voters; n += 1)
    organisation.people.push({
      id: voterOf(n),
      name: `Voter ${n}`,
      entraId: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
      email: `voter.${n}@northwind.example`,
      roles: ['approver', 'risk'],
      zone: 'Europe/Amsterdam',
    });
  for (const policy of organisation.approvalPolicies)
    if (policy.id === 'production-change') policy.minApprovals = voters;
  const path = join(home, 'wardroom.yaml');
  writeFileSync(path, stringify(organisation));
  return path;
}
