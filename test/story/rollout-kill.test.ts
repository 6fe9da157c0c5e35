import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { asked, writeCard } from '../dialogs/approvals/promotions.ts';
import { type Message, openHouse, textOf } from '../house.ts';
import { stubborn } from './killed.ts';

/** A promotion in a house that dies at every boundary of it, and between what Azure took and our knowing of it. */
const FRAUD = '19:fraud-ops@thread.tacv2';
const ENDPOINT = '/onlineEndpoints/ep-fraud?';
const LOGS = 'DeploymentName';
const VOTERS = ['dev', 'eva', 'lea', 'cara', 'ines'] as const;

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
    const plan = 'mirror 20 for 35m, 10 for 10m, 50 for 10m, 100';
    const words = `request approval for fraud-detector:8 on ep-fraud with plan ${plan} because it finds more`;
    expect((await asked(calm, 'ann', words, true)).text).toMatch(/REQ-102/);
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
      textOf(message).includes(`| ${id} |`),
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
  const left = () => JSON.parse(readFileSync(join(house.home, 'sandbox', 'kill.json'), 'utf8')) as unknown[];
  const saidOnce = async (words: RegExp, times = 1) => {
    const said = (await house.drive.messages('ann', 'fraud-ops')).map(textOf).filter((text) => words.test(text));
    expect(said, `${words} was said once`).toHaveLength(times);
  };
  /** What was written down about it, as an auditor gets it. */
  const record = async (request: string, object: string): Promise<string[]> => {
    const file = (await ask('cara', `export decision ${request}`)).data as {
      record: { action: string; objects: string[] }[][];
    };
    const about = file.record.flat().filter(({ objects }) => objects.includes(object));
    return about.map(({ action }) => action.replace('approvals.rollout-', ''));
  };

  it('is carried out once, step by step, also when it is held and goes on', { timeout: 300_000 }, async () => {
    await kills(
      { at: 'turn-committed', about: ['approve REQ-102', '29:ines'] },
      { at: 'put-accepted', about: '/deployments/version-8' },
      { at: 'put-claimed', about: ENDPOINT },
      { at: 'create-accepted', about: FRAUD },
    );
    await person.say('ines', 'personal', 'approve REQ-102');
    await until('ROL-101', { state: 'baking', step: 0 }, 40);
    expect(puts()).toEqual(['deployment', 'endpoint']);
    // In the midst of a look: Azure has answered, and what follows was not written.
    await kills(
      { at: 'read-answered', about: LOGS },
      { at: 'put-accepted', about: ENDPOINT },
    );
    await until('ROL-101', { state: 'baking', step: 1 }, 120);
    await kills({ at: 'turn-committed', about: ['approvals.hold', '29:ben'] });
    await person.click('ben', (await cardOf('ROL-101')).id, 'Hold', { reason: 'a customer complained' });
    expect(await rolloutOf('ROL-101')).toMatchObject({ state: 'held', step: 1 });
    await person.advance('PT6M');
    expect(await rolloutOf('ROL-101'), 'it stands still').toMatchObject({ state: 'held', step: 1 });
    await person.click('ben', (await cardOf('ROL-101')).id, 'Go on', { reason: 'it was something else' });
    await kills({ at: 'edit-accepted', about: FRAUD }, { at: 'put-claimed', about: ENDPOINT });
    await until('ROL-101', { state: 'baking', step: 2 }, 90);
    await kills({ at: 'put-accepted', about: ENDPOINT });
    await until('ROL-101', { state: 'succeeded', step: 3 }, 90);

    expect(left(), 'every death was met').toEqual([]);
    expect(puts(), 'Azure took one deployment and four moves').toEqual(['deployment', ...Array(4).fill('endpoint')]);
    const { traffic } = (await ask('jon', 'endpoint ep-fraud')).data as { traffic: Record<string, number> };
    expect(traffic).toMatchObject({ blue: 0, green: 0, 'version-8': 100 });
    expect(await stateOf('REQ-102')).toBe('deployed');
    for (const words of [/has 20 % mirrored of/, /has 10 % live of/, /has 50 % live of/, /serves all of ep-fraud/])
      await saidOnce(new RegExp(`ROL-101: .*${words.source}`));
    const steps = await record('REQ-102', 'ROL-101');
    expect(
      steps.filter((step) => step === 'step'),
      'the deployment and four moves',
    ).toHaveLength(5);
    expect(steps.filter((step) => /^(passed|held|continued|succeeded)$/.test(step)).sort()).toEqual(
      ['continued', 'held', 'passed', 'passed', 'passed', 'succeeded'].sort(),
    );
    expect((await ask('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });

  it('goes back by itself once, also when it dies on the way back', { timeout: 300_000 }, async () => {
    await house.drive.event('model-registered', { model: 'fraud-detector', version: '9' });
    const words = 'request approval for fraud-detector:9 on ep-fraud with plan 10 for 10m, 100 because it is better';
    const id = /REQ-\d+/.exec((await ask('ann', words)).text)?.[0] ?? '';
    await person.advance('PT1S');
    for (const who of VOTERS) {
      const cast = await ask(who, `approve ${id}`);
      expect(cast.kind, cast.text).toBe('answer');
    }
    expect(await stateOf(id)).toBe('executing');
    await until('ROL-102', { state: 'baking', step: 0 }, 40);
    const before = puts().length;
    await house.drive.event('regression', {
      endpoint: 'ep-fraud',
      deployment: 'version-9',
      errorPoints: 3,
      latencyFactor: 1,
    });
    await kills(
      { at: 'read-answered', about: LOGS },
      { at: 'put-accepted', about: ENDPOINT },
    );
    await until('ROL-102', { state: 'rolled-back' }, 60);
    expect(left(), 'every death was met').toEqual([]);
    expect(puts().slice(before), 'one way back').toEqual(['endpoint']);
    const { traffic } = (await ask('jon', 'endpoint ep-fraud')).data as { traffic: Record<string, number> };
    expect(traffic).toMatchObject({ 'version-8': 100, 'version-9': 0 });
    expect([await stateOf(id), await stateOf('REQ-102')]).toEqual(['rolled-back', 'deployed']);
    await saidOnce(/ROL-102: Rolled back by itself/);
    expect((await ask('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });
});
