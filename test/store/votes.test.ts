import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '../../bot/app.ts';
import { readConfig } from '../../services/core/config.ts';
import { silentLog } from '../../services/core/log.ts';
import { crowded, voterOf } from '../crowd.ts';
import { type House, openHouse } from '../house.ts';
import { testDatabase } from '../support.ts';

const VOTERS = 500;
/** So many of the votes reach all three, as a message does that is delivered again. */
const REPEATED = 40;

let home: string;
let house: House;
let all: App[] = [];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  const env = {
    DATABASE_URL: (await testDatabase(`votes_${process.pid}`)) ?? '',
    WARDROOM_CONFIG: crowded(home, VOTERS),
  };
  house = await openHouse({ home, env });
  const follower = (n: number) =>
    startApp(
      readConfig({
        ...env,
        PORT: '0',
        WARDROOM_HOME: join(home, `follower-${n}`),
        WARDROOM_SANDBOX_URL: house.url,
        LOG_LEVEL: 'warn',
      }),
      { log: silentLog },
    );
  all = [house.app, ...(await Promise.all([1, 2].map(follower)))];
}, 120_000);
afterAll(async () => {
  for (const each of all.slice(1)) await each.stop();
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Who waits too long for the database is told that nothing was changed; Teams then delivers the same message again. */
async function heard(app: App, said: { as: string; text: string; key: string }) {
  for (let tries = 0; ; tries += 1) {
    const answer = await app.console.ask(said);
    if (tries === 20 || !('kind' in answer.body) || answer.body.kind !== 'failed') return answer;
  }
}

it(`counts ${VOTERS} votes that three replicas take in the same second once each`, { timeout: 240_000 }, async () => {
  const { rooms, console: terminal } = house.app;
  const asked = await terminal.ask({ as: 'ben', text: 'rollback ep-fraud because v7 drifts', yes: true });
  expect(asked.body).toMatchObject({ kind: 'answer' });
  const began = performance.now();
  const keys = Array.from({ length: VOTERS }, () => randomUUID());
  const ballots = Array.from({ length: VOTERS }, (_, n) => {
    const at = n < REPEATED ? all : [all[n % all.length] as App];
    return at.map((app) => heard(app, { as: voterOf(n), text: 'approve REQ-101', key: keys[n] ?? '' }));
  });
  const answers = await Promise.all(ballots.flat());
  const ms = Math.round(performance.now() - began);
  expect(answers.filter(({ body }) => !('kind' in body) || !['answer', 'duplicate'].includes(body.kind))).toEqual([]);
  const votes = await rooms.db.selectFrom('votes').select('voter').where('request', '=', 'REQ-101').execute();
  expect(votes.map(({ voter }) => voter).sort()).toEqual(Array.from({ length: VOTERS }, (_, n) => voterOf(n)).sort());
  const record = await rooms.audit.about(rooms.db, 'REQ-101', 2_000);
  expect(record.filter(({ action }) => action === 'approvals.vote')).toHaveLength(VOTERS);
  expect(record.filter(({ action }) => action === 'approvals.approved').map(({ why }) => why)).toEqual([
    `Approved, ${VOTERS} for, 0 against.`,
  ]);
  const changes = await rooms.db.selectFrom('changes').select('id').where('request', '=', 'REQ-101').execute();
  expect(changes, 'the last vote alone starts the change').toHaveLength(1);
  expect(await rooms.audit.verify(rooms.db)).toMatchObject({ ok: true });
  process.stdout.write(`${VOTERS} votes over three replicas in ${ms} ms\n`);
});
