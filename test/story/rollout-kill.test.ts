import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { approved, quickPlan } from '../dialogs/approvals/promotions.ts';
import { type House, openHouse } from '../house.ts';
import { onPostgres } from '../support.ts';
import { stubborn, told } from './killed.ts';

/** The deployment, a tenth of the traffic, all of it. */
const PLAN = quickPlan({
  steps: [
    { kind: 'live', percent: 10, minutes: 6 },
    { kind: 'live', percent: 100, minutes: 0 },
  ],
});
const LASTS = Array.from({ length: 11 }, () => 'PT3M');
/** Moments of bot/app.points.ts: between Azure's taking of each write and our knowing of it, and of messages. */
const BETWEEN = [
  { at: 'put-claimed', about: 'deployments/violet' },
  { at: 'put-accepted', about: 'deployments/violet' },
  { at: 'put-claimed', about: 'onlineEndpoints/ep-fraud' },
  { at: 'put-accepted', about: 'onlineEndpoints/ep-fraud' },
  { at: 'create-accepted', about: '19:fraud-ops@thread.tacv2' },
  { at: 'edit-accepted', about: '19:fraud-ops@thread.tacv2' },
];

const begin = async (house: House) => {
  await house.event('model-registered', { model: 'fraud-detector', version: '8' });
  await approved(house, PLAN);
};
/** What Azure took, in order. */
const taken = (home: string): string[] =>
  readFileSync(join(home, 'sandbox', 'estate.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => /"type":"(endpoint|deployment)"/.test(line))
    .map((line) => {
      const { type, resource } = JSON.parse(line) as { type: string; resource?: { traffic: object } };
      return resource ? `${type} ${JSON.stringify(resource.traffic)}` : type;
    });
/** A card is posted as it stands when it is posted: which step that was depends on the moment of death. */
const said = async (drive: Driven) =>
  told(await drive.transcript()).map((words) => words.replace(/ROL-101 [a-z ]+: .*/, 'ROL-101'));

let house: (Child & { drive: Driven }) | undefined;
afterAll(() => house?.end());

it.skipIf(onPostgres())(
  'a promotion is carried out once, killed after every step and in the midst of each',
  { timeout: 300_000 },
  async () => {
    const calm = await openHouse();
    await begin(calm);
    for (const by of LASTS) await calm.advance(by);
    const [expected, writes] = [await said(calm), taken(calm.home)];
    expect(writes).toEqual([
      'deployment',
      'endpoint {"blue":81,"green":9,"violet":10}',
      'endpoint {"blue":0,"green":0,"violet":100}',
    ]);
    await calm.stop();

    house = await child();
    // Approved in a house of its own, which then went down: the rest is the killed one's.
    const before = await openHouse({ home: house.home });
    await begin(before);
    await before.stop();
    const restarts: number[] = [];
    await house.start();
    for (const kill of BETWEEN) await house.drive.fault({ where: 'process', ...kill });
    const person = stubborn(house, (ms) => restarts.push(ms));
    for (const by of LASTS) {
      await person.advance(by);
      await house.kill();
      restarts.push(await house.start());
    }
    await person.advance('PT3M');
    expect(JSON.parse(readFileSync(join(house.home, 'sandbox', 'kill.json'), 'utf8')), 'every moment was met').toEqual(
      [],
    );
    expect(taken(house.home), 'Azure took each write once').toEqual(writes);
    expect(await said(house.drive), 'everything was said once').toEqual(expected);
    process.stdout.write(
      `${restarts.length} restarts, ${Math.round(restarts.reduce((a, b) => a + b, 0) / restarts.length)} ms each\n`,
    );
  },
);
