import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type House, openHouse } from '../../house.ts';

const VOTERS = 200;
const voterOf = (n: number) => `voter-${n}`;

/** Northwind with so many more people who may vote on a change of production; every one of their votes is needed. */
function crowded(home: string): string {
  const northwind = parse(readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8'));
  for (let n = 0; n < VOTERS; n += 1)
    northwind.people.push({
      id: voterOf(n),
      name: `Voter ${n}`,
      entraId: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
      email: `voter.${n}@northwind.example`,
      roles: ['approver', 'risk'],
      zone: 'Europe/Amsterdam',
    });
  const policy = northwind.approvalPolicies.find(({ id }: { id: string }) => id === 'production-change');
  policy.minApprovals = VOTERS;
  const path = join(home, 'wardroom.yaml');
  writeFileSync(path, stringify(northwind));
  return path;
}

let home: string;
let house: House;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  house = await openHouse({ home, env: { WARDROOM_CONFIG: crowded(home) } });
}, 60_000);
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

it('is right when everybody votes at once', { timeout: 120_000 }, async () => {
  const { rooms, console: terminal } = house.app;
  const say = async (as: string, text: string) => (await terminal.ask({ as, text, yes: true })).body;
  await say('ben', 'rollback ep-fraud because v7 drifts');
  const everybody = Array.from({ length: VOTERS }, (_, n) => voterOf(n));
  const answers = await Promise.all(everybody.map((who) => say(who, 'approve REQ-101')));
  expect(answers.map((answer) => 'kind' in answer && answer.kind)).toEqual(everybody.map(() => 'answer'));
  const votes = await rooms.db.selectFrom('votes').select('voter').where('request', '=', 'REQ-101').execute();
  expect(votes.map(({ voter }) => voter).sort()).toEqual([...everybody].sort());
  const record = await rooms.audit.about(rooms.db, 'REQ-101', 1_000);
  expect(record.filter(({ action }) => action === 'approvals.vote')).toHaveLength(VOTERS);
  const approved = record.filter(({ action }) => action === 'approvals.approved');
  expect(approved.map(({ why }) => why)).toEqual([`Approved, ${VOTERS} for, 0 against.`]);
  const changes = await rooms.db.selectFrom('changes').select('id').where('request', '=', 'REQ-101').execute();
  expect(changes, 'the last vote alone starts the change').toHaveLength(1);
  expect(await rooms.audit.verify(rooms.db)).toMatchObject({ ok: true });
});
