import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crowded, voterOf } from '../../crowd.ts';
import { type House, openHouse } from '../../house.ts';

const VOTERS = 500;

let home: string;
let house: House;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  house = await openHouse({ home, env: { WARDROOM_CONFIG: crowded(home, VOTERS) } });
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
  // Everybody has a copy of the card. Marking all of them at every vote would make the cost grow as the square.
  const copies = rooms.db.selectFrom('outbox').where('card', '=', 'request:REQ-101');
  const { marks } = await copies.select((e) => e.fn.sum<number>('wanted').as('marks')).executeTakeFirstOrThrow();
  const { n } = await copies.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  expect(n).toBeGreaterThan(VOTERS);
  expect(marks / n, 'each copy was to be drawn anew by the second, not by the vote').toBeLessThan(VOTERS / 4);
  // It closed, and the copies will say so.
  const stale = await rooms.db.selectFrom('stale_cards').select('card').execute();
  const least = await copies.select((e) => e.fn.min('wanted').as('least')).executeTakeFirstOrThrow();
  expect(stale.length > 0 || Number(least.least) > 1).toBe(true);
});
