import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { POINTS } from '../../bot/app.points.ts';
import { seededIds } from '../../services/core/ids.ts';
import { type Child, child, type Driven } from '../child.ts';
import { openHouse } from '../house.ts';
import { onPostgres } from '../support.ts';
import { eventually, pause, stubborn, told } from './killed.ts';
import { only, STORY } from './script.ts';

/** A moment of bot/app.points.ts. */
type Kill = { at: string; about?: string | string[]; skip?: number };

const FRAUD = '19:fraud-ops@thread.tacv2';
const PLATFORM = '19:ml-platform@thread.tacv2';
const BETWEEN: readonly Kill[] = [
  { at: 'hook-committed' },
  { at: 'hook-answered' },
  { at: 'create-claimed', about: FRAUD },
  { at: 'create-accepted', about: FRAUD },
  { at: 'create-accepted', about: 'a:ben' },
  { at: 'turn-committed', about: ['alerts.acknowledge', '29:ben'] },
  { at: 'create-claimed', about: 'a:eva' },
  { at: 'turn-committed', about: ['approvals.vote', '29:cara'] },
  { at: 'put-claimed' },
  { at: 'put-accepted' },
  { at: 'edit-accepted', about: FRAUD },
  { at: 'create-claimed', about: 'a:ann' },
  { at: 'create-accepted', about: 'a:ann' },
];

/**
 * Every kind of moment once, at a passing that chance chooses. `WARDROOM_KILL_SEEDS=50 npx vitest run test/story/kill.test.ts`
 * tries fifty such lives, `WARDROOM_KILL_FIRST=17` begins with another one: a life that failed is lived again by its number.
 */
const SEEDS = Number(process.env['WARDROOM_KILL_SEEDS'] ?? 1);
const FIRST = Number(process.env['WARDROOM_KILL_FIRST'] ?? 1);
const MOST_PASSED = 12;
const chosenBy = (seed: number): Kill[] => {
  const { random } = seededIds(seed);
  return Object.keys(POINTS).map((at) => ({ at, skip: Math.floor(random() * MOST_PASSED) }));
};

describe('the story of ep-fraud in a house that is killed', () => {
  let expected: string[] = [];
  let house: Child & { drive: Driven };
  const restarts: number[] = [];

  beforeAll(async () => {
    const calm = await openHouse();
    for (const step of STORY) await step.play(calm);
    expected = told(await calm.transcript());
    await calm.stop();
    expect(expected.length).toBeGreaterThan(20);
  });
  afterEach(() => house?.end());
  afterAll(() => {
    const mean = restarts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, restarts.length);
    process.stdout.write(`${restarts.length} restarts, ${Math.round(mean)} ms each\n`);
  });

  /** Everything that was said in the calm house was said here, once; the record is whole. */
  async function judge(): Promise<void> {
    expect(told(await house.drive.transcript())).toEqual(expected);
    await house.drive.say('finn', 'personal', 'audit verify');
    await only(house.drive, 'finn', 'personal', /The audit log is whole/);
  }

  it.skipIf(onPostgres())('says everything once, killed after every step', { timeout: 180_000 }, async () => {
    house = await child();
    await house.start();
    for (const step of STORY) {
      await step.play(house.drive);
      await house.kill();
      restarts.push(await house.start());
    }
    await judge();
  });

  it.skipIf(onPostgres())('starts after it was killed while it made its database', { timeout: 120_000 }, async () => {
    house = await child({}, 'none');
    const unfinished = join(house.home, 'pgdata.unfinished');
    const first = house.start().catch(() => 0);
    await eventually(async () => expect(existsSync(unfinished)).toBe(true));
    await pause(150);
    await house.kill();
    expect(await first, 'it was not yet open').toBe(0);
    await house.start();
    await house.drive.say('finn', 'personal', 'audit verify');
    await only(house.drive, 'finn', 'personal', /The audit log is whole/);
    expect(existsSync(unfinished)).toBe(false);
  });

  it('says everything once, killed in the midst of what it does', { timeout: 480_000 }, async () => {
    house = await child();
    await house.start();
    for (const kill of BETWEEN) await house.drive.fault({ where: 'process', ...kill });
    const person = stubborn(house, (ms) => restarts.push(ms));
    for (const step of STORY) await step.play(person);
    const left = JSON.parse(readFileSync(join(house.home, 'sandbox', 'kill.json'), 'utf8'));
    expect(left, 'every moment was met').toEqual([]);
    await judge();
    // What a policy calls by chat: committed and not answered. It holds once, and the next incident pages by it, once.
    await house.drive.say('finn', 'personal', 'call fraud-secondary at step 1 of default-oncall');
    const question = await only(house.drive, 'finn', 'personal', /will call fraud-secondary as well/);
    await house.drive.fault({ where: 'process', at: 'turn-committed', about: '29:finn' });
    await person.click('finn', question.id, 'Yes, go ahead');
    // C1 and C2 of a group that speaks at a pace: killed with the event answered and not grouped, then with the card claimed.
    await house.drive.fault({ where: 'process', at: 'hook-answered' });
    await house.drive.fault({ where: 'process', at: 'create-claimed', about: PLATFORM });
    const before = restarts.length;
    const node = { status: 'firing', labels: { alertname: 'NodeLost', cluster: 'aks-1' }, fingerprint: 'node-lost' };
    const slow = { status: 'firing', labels: { alertname: 'DemandSlow', endpoint: 'ep-demand' }, fingerprint: 'slow' };
    const body = { version: '4', groupKey: 'g', receiver: 'r', alerts: [node, slow] };
    // It may die before its answer is on its way: the event is committed all the same.
    const answer = await house.drive.hook('/hooks/alertmanager', body).catch(() => undefined);
    expect(answer?.status ?? 200).toBe(200);
    await person.advance('PT40S');
    await person.advance('PT10M');
    expect(restarts.length - before).toBe(2);
    const said = (await house.drive.transcript()).filter(
      (call) =>
        call.operation === 'create' && call['delivered'] === true && JSON.stringify(call['body']).includes('NodeLost'),
    );
    expect(said.map(({ place }) => place)).toEqual([PLATFORM]);
    const called = (await house.drive.transcript()).filter(
      ({ operation, delivered, mentions, ...call }) =>
        operation === 'create' &&
        delivered === true &&
        JSON.stringify(call['body']).includes('DemandSlow') &&
        (mentions as string[]).includes('ben'),
    );
    expect(called.map(({ place }) => place)).toEqual(['19:retail-ml@thread.tacv2']);
  });

  const seeds = onPostgres() ? [] : Array.from({ length: SEEDS }, (_, index) => FIRST + index);
  it.each(seeds)('says everything once, killed by chance, life %i', { timeout: 300_000 }, async (seed) => {
    house = await child();
    await house.start();
    const before = restarts.length;
    for (const kill of chosenBy(seed)) await house.drive.fault({ where: 'process', ...kill });
    const person = stubborn(house, (ms) => restarts.push(ms));
    for (const step of STORY) await step.play(person);
    // Some may lie beyond the end of the story.
    expect(restarts.length - before).toBeGreaterThan(0);
    // The lives that are left are not for judging.
    await fetch(`${house.url}/sandbox/fault`, { method: 'DELETE' });
    await judge();
  });
});
