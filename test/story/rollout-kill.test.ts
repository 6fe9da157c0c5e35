import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child } from '../child.ts';
import { PARTS } from '../dialogs/approvals/promotions.ts';
import { type Driven, type Message, textOf } from '../driver.ts';
import { onPostgres } from '../support.ts';
import { stubborn } from './killed.ts';

/**
 * A promotion in a house that dies at every boundary of it, and between what Azure took and our knowing of it. On PostgreSQL,
 * where coming back costs least, it is carried out to its end; on PGlite it goes back by itself. No boundary is paid for twice.
 */
const ENDPOINT = '/onlineEndpoints/ep-fraud?';
const LOGS = 'DeploymentName';
const VOTERS = ['dev', 'eva', 'lea', 'cara', 'ines'] as const;
const PLAN = onPostgres() ? 'mirror 20 for 35m, 10 for 10m, 100' : '10 for 10m, 100';

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
    await house.start();
    person = stubborn(house, (ms) => restarts.push(ms));
    await writeCard();
    await house.drive.event('model-registered', { model: 'fraud-detector', version: '8' });
    const request = `request approval for fraud-detector:8 on ep-fraud with plan ${PLAN} because it finds more`;
    expect((await ask('ann', request)).text).toMatch(/REQ-102/);
    await house.drive.advance('PT1S');
    for (const who of VOTERS.slice(0, -1)) {
      const cast = await ask(who, 'approve REQ-102');
      expect(cast.kind, cast.text).toBe('answer');
    }
  });
  afterAll(async () => {
    const mean = restarts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, restarts.length);
    process.stdout.write(`${restarts.length} restarts of a promotion, ${Math.round(mean)} ms each\n`);
    await house?.end();
  });

  const ask = async (as: string, text: string, set?: Record<string, string>): Promise<Said> => {
    const answer = await fetch(`${house.url}/console`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as, text, yes: true, ...(set ? { set } : {}) }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Said;
  };
  async function writeCard(): Promise<void> {
    const { draft } = (await ask('ann', 'edit model card of fraud-detector')).data as { draft: string };
    const { purpose, users, assumptions, limits, edgeCases, decisionLogic, oversight } = PARTS;
    const steps: Record<string, string>[] = [
      { purpose, users },
      { assumptions, limits, edgeCases },
      { decisionLogic, oversight },
    ];
    for (const [at, parts] of steps.entries())
      await ask('ann', `continue model card ${draft}`, { sent: 'yes', at: String(at), ...parts });
  }
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

  /** Goes on until the rollout is there, through every death that was ordered; a step lasts longer than five minutes. */
  async function until(id: string, wanted: { state: string; step?: number }, minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 5) {
      const now = await rolloutOf(id);
      if (now.state === wanted.state && (wanted.step === undefined || now.step === wanted.step)) return;
      await person.advance('PT5M');
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
  const record = async (): Promise<string[]> => {
    const file = (await ask('cara', 'export decision REQ-102')).data as {
      record: { action: string; objects: string[] }[][];
    };
    const about = file.record.flat().filter(({ objects }) => objects.includes('ROL-101'));
    return about
      .flatMap(({ action }) =>
        action.startsWith('approvals.rollout-') ? [action.slice('approvals.rollout-'.length)] : [],
      )
      .sort();
  };

  it.runIf(onPostgres())('is carried out once, step by step, also when it is held', { timeout: 300_000 }, async () => {
    await kills({ at: 'put-accepted', about: '/deployments/version-8' }, { at: 'put-claimed', about: ENDPOINT });
    await person.say('ines', 'personal', 'approve REQ-102');
    await until('ROL-101', { state: 'baking', step: 0 }, 40);
    await kills({ at: 'read-answered', about: LOGS });
    await until('ROL-101', { state: 'baking', step: 1 }, 120);
    await kills({ at: 'turn-committed', about: ['approvals.hold', '29:ben'] });
    await person.click('ben', (await cardOf('ROL-101')).id, 'Hold', { reason: 'a customer complained' });
    expect(await rolloutOf('ROL-101')).toMatchObject({ state: 'held', step: 1 });
    await person.advance('PT6M');
    expect(await rolloutOf('ROL-101'), 'it stands still').toMatchObject({ state: 'held', step: 1 });
    await person.click('ben', (await cardOf('ROL-101')).id, 'Go on', { reason: 'it was something else' });
    await kills({ at: 'put-accepted', about: ENDPOINT });
    await until('ROL-101', { state: 'succeeded', step: 2 }, 90);

    expect(left(), 'every death was met').toEqual([]);
    expect(puts(), 'one deployment and three moves').toEqual(['deployment', ...Array(3).fill('endpoint')]);
    expect(await traffic()).toMatchObject({ blue: 0, green: 0, 'version-8': 100 });
    expect(await stateOf('REQ-102')).toBe('deployed');
    for (const words of [/has 20.% mirrored of/, /has 10.% live of/, /serves all of ep-fraud/])
      await saidOnce(new RegExp(`ROL-101: .*${words.source}`));
    const steps = ['passed', 'passed', 'step', 'step', 'step', 'step', 'succeeded'];
    expect(await record()).toEqual(['continued', 'held', ...steps]);
    expect((await ask('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });

  it.skipIf(onPostgres())(
    'goes back by itself once, also when it dies on the way back',
    { timeout: 300_000 },
    async () => {
      await kills({ at: 'turn-committed', about: ['approve REQ-102', '29:ines'] });
      await person.say('ines', 'personal', 'approve REQ-102');
      await until('ROL-101', { state: 'baking', step: 0 }, 40);
      await house.drive.event('regression', {
        endpoint: 'ep-fraud',
        deployment: 'version-8',
        errorPoints: 3,
        latencyFactor: 1,
      });
      await kills({ at: 'put-accepted', about: ENDPOINT });
      await until('ROL-101', { state: 'rolled-back' }, 60);

      expect(left(), 'every death was met').toEqual([]);
      expect(puts(), 'one way there and one way back').toEqual(['deployment', 'endpoint', 'endpoint']);
      expect(await traffic()).toMatchObject({ blue: 90, green: 10, 'version-8': 0 });
      expect(await stateOf('REQ-102')).toBe('rolled-back');
      await saidOnce(/ROL-101: Rolled back by itself/);
      expect(await record()).toEqual(['rolled-back', 'step', 'step', 'tripped']);
      expect((await ask('finn', 'audit verify')).data).toMatchObject({ ok: true });
    },
  );
});
