import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { asked, writeCard } from '../dialogs/approvals/promotions.ts';
import { type Message, openHouse, textOf } from '../house.ts';
import { stubborn } from './killed.ts';

/** A promotion in a house that dies at every boundary of it, and between what Azure took and our knowing of it. */
const ENDPOINT = '/onlineEndpoints/ep-fraud?';
const LOGS = 'DeploymentName';
const VOTERS = ['dev', 'eva', 'lea', 'cara', 'ines'] as const;

const question = (version: string, plan: string) =>
  `request approval for fraud-detector:${version} on ep-fraud with plan ${plan} because it finds more`;

type Kill = { at: string; about: string | string[]; skip?: number };
interface Said {
  kind: string;
  text: string;
  data: unknown;
}

describe('a promotion in a house that is killed', () => {
  let house: Child & { drive: Driven };
  let person: Driven;
  const restarts: number[] = [];

  beforeAll(async () => {
    house = await child();
    const calm = await openHouse({ home: house.home, env: { PORT: new URL(house.url).port } });
    await writeCard(calm);
    await calm.event('model-registered', { model: 'fraud-detector', version: '8' });
    expect((await asked(calm, 'ann', question('8', '10 for 10m, 100'), true)).text).toMatch(/REQ-102/);
    await calm.advance('PT1S');
    for (const who of VOTERS.slice(0, -1)) await asked(calm, who, 'approve REQ-102', true);
    await calm.stop();
    await house.start();
    person = stubborn(house, (ms) => restarts.push(ms));
  }, 120_000);
  afterAll(async () => {
    const mean = restarts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, restarts.length);
    process.stdout.write(`${restarts.length} restarts of a promotion, ${Math.round(mean)} ms each\n`);
    await house?.end();
  });

  const ask = async (as: string, text: string): Promise<Said> => {
    const answer = await fetch(`${house.url}/console`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as, text, yes: true }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Said;
  };
  const rolloutOf = async (id: string) => (await ask('jon', `rollout ${id}`)).data as { state: string; step: number };
  const stateOf = async (id: string) => ((await ask('jon', `request ${id}`)).data as { state: string }).state;
  const cardOf = async (id: string): Promise<Message> => {
    const found = (await house.drive.messages('ann', 'fraud-ops')).filter((message) =>
      // Its headline; the request's card names it, too.
      textOf(message).includes(`adaptive-card.json | ${id} `),
    );
    expect(found, `one card of ${id}`).toHaveLength(1);
    return found[0] as Message;
  };

  /** Goes on until the rollout is there, minute by minute, through every death that was ordered. */
  async function until(id: string, wanted: { state: string; step?: number }, minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 2) {
      const now = await rolloutOf(id);
      if (now.state === wanted.state && (wanted.step === undefined || now.step === wanted.step)) return;
      await person.advance('PT2M');
    }
    expect(await rolloutOf(id), `${id} within ${minutes} minutes`).toMatchObject(wanted);
  }
  const kills = async (...orders: Kill[]) => {
    for (const order of orders) await house.drive.fault({ where: 'process', ...order });
  };
  /** What Azure took since, by the estate's own journal: each PUT once, although the process died around it. */
  const puts = (): string[] =>
    readFileSync(join(house.home, 'sandbox', 'estate.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => /"type":"(endpoint|deployment)"/.test(line))
      .map((line) => (JSON.parse(line) as { type: string }).type);
  const traffic = async () =>
    ((await ask('jon', 'endpoint ep-fraud')).data as { traffic: Record<string, number> }).traffic;
  const left = () => JSON.parse(readFileSync(join(house.home, 'sandbox', 'kill.json'), 'utf8')) as unknown[];
  const saidOnce = async (words: RegExp) => {
    const said = (await house.drive.messages('ann', 'fraud-ops')).map(textOf).filter((text) => words.test(text));
    expect(said, `${words} was said once`).toHaveLength(1);
  };
  /** What was written down about it, as an auditor gets it. */
  const record = async (request: string, object: string): Promise<string[]> => {
    const file = (await ask('cara', `export decision ${request}`)).data as {
      record: { action: string; objects: string[] }[][];
    };
    const about = file.record.flat().filter(({ objects }) => objects.includes(object));
    return about.map(({ action }) => action.replace('approvals.rollout-', ''));
  };

  it('goes back by itself once, also when it dies on the way back', { timeout: 300_000 }, async () => {
    await kills(
      { at: 'turn-committed', about: ['approve REQ-102', '29:ines'] },
      { at: 'put-accepted', about: '/deployments/version-8' },
    );
    await person.say('ines', 'personal', 'approve REQ-102');
    await until('ROL-101', { state: 'baking', step: 0 }, 40);
    expect(puts()).toEqual(['deployment', 'endpoint']);
    await house.drive.event('regression', {
      endpoint: 'ep-fraud',
      deployment: 'version-8',
      errorPoints: 3,
      latencyFactor: 1,
    });
    // In the midst of the look that finds it, and when Azure has taken the way back.
    await kills({ at: 'read-answered', about: LOGS }, { at: 'put-accepted', about: ENDPOINT });
    await until('ROL-101', { state: 'rolled-back' }, 60);
    expect(left(), 'every death was met').toEqual([]);
    expect(puts(), 'one way back').toEqual(['deployment', 'endpoint', 'endpoint']);
    expect(await traffic()).toMatchObject({ blue: 90, green: 10, 'version-8': 0 });
    expect(await stateOf('REQ-102')).toBe('rolled-back');
    await saidOnce(/ROL-101: Rolled back by itself/);
  });

  it('is carried out once, step by step, also when it is held and goes on', { timeout: 300_000 }, async () => {
    await house.drive.event('model-registered', { model: 'fraud-detector', version: '9' });
    const asked = await ask('ann', question('9', 'mirror 20 for 35m, 10 for 10m, 50 for 10m, 100'));
    const id = /REQ-\d+/.exec(asked.text)?.[0] ?? '';
    await person.advance('PT1S');
    for (const who of VOTERS) {
      const cast = await ask(who, `approve ${id}`);
      expect(cast.kind, cast.text).toBe('answer');
    }
    const before = puts().length;
    await kills({ at: 'put-claimed', about: ENDPOINT });
    await until('ROL-102', { state: 'baking', step: 0 }, 40);
    await kills({ at: 'read-answered', about: LOGS }, { at: 'put-accepted', about: ENDPOINT });
    await until('ROL-102', { state: 'baking', step: 1 }, 120);
    await kills({ at: 'turn-committed', about: ['approvals.hold', '29:ben'] });
    await person.click('ben', (await cardOf('ROL-102')).id, 'Hold', { reason: 'a customer complained' });
    expect(await rolloutOf('ROL-102')).toMatchObject({ state: 'held', step: 1 });
    await person.advance('PT6M');
    expect(await rolloutOf('ROL-102'), 'it stands still').toMatchObject({ state: 'held', step: 1 });
    await person.click('ben', (await cardOf('ROL-102')).id, 'Go on', { reason: 'it was something else' });
    await kills({ at: 'put-claimed', about: ENDPOINT });
    await until('ROL-102', { state: 'baking', step: 2 }, 90);
    await kills({ at: 'put-accepted', about: ENDPOINT });
    await until('ROL-102', { state: 'succeeded', step: 3 }, 90);

    expect(left(), 'every death was met').toEqual([]);
    expect(puts().slice(before), 'one deployment and four moves').toEqual(['deployment', ...Array(4).fill('endpoint')]);
    expect(await traffic()).toMatchObject({ blue: 0, green: 0, 'version-9': 100 });
    expect(await stateOf(id)).toBe('deployed');
    for (const words of [/has 20.% mirrored of/, /has 10.% live of/, /has 50.% live of/, /serves all of ep-fraud/])
      await saidOnce(new RegExp(`ROL-102: .*${words.source}`));
    const steps = await record(id, 'ROL-102');
    expect(
      steps.filter((step) => step === 'step'),
      'the deployment and four moves',
    ).toHaveLength(5);
    expect(steps.filter((step) => /^(passed|held|continued|succeeded)$/.test(step)).sort()).toEqual(
      ['continued', 'held', 'passed', 'passed', 'passed', 'succeeded'].sort(),
    );
    expect((await ask('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });
});
