import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, textOf } from '../house.ts';
import { activity, deliver, from, press } from './raw.ts';

/** Two people for what is dangerous: an emergency rollback, asked for in the channel of fraud. */
let house: House;
const home = mkdtempSync(join(tmpdir(), 'wardroom-confirm-'));
beforeAll(async () => {
  house = await openHouse({ home });
});
beforeEach(async () => {
  await post('/sandbox/reset', {});
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: object) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = () =>
  house.say('ann', 'fraud-ops', '@Wardroom emergency rollback ep-fraud because good payments are declined');
const question = async (who = 'dev', conversation = 'fraud-ops') => {
  const found = (await house.messages(who, conversation)).filter((message) => /\| CNF-/.test(textOf(message)));
  return found.at(-1) as Message;
};
const idIn = (message: Message) => /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(textOf(message))?.[0] ?? '';
const changes = () => house.app.rooms.db.selectFrom('changes').selectAll().execute();
const confirm = async (who: string, message: Message, verb = 'wardroom.confirm') => {
  const pressed = { type: 'Action.Execute', verb, data: { confirmation: idIn(message) } };
  const answer = await post('/sandbox/click', { as: who, message: message.id, action: pressed });
  return ((await answer.json()) as { outcome: { kind: string; text?: string } }).outcome;
};

describe('a question that needs a second person', () => {
  it('is asked where the others see it, says what would happen, and nothing has happened yet', async () => {
    await ask();
    const card = textOf(await question());
    expect(card).toMatch(/all traffic of ep-fraud goes to blue/);
    expect(card).toMatch(/a second person: Ann Berg cannot confirm it/);
    expect(idIn(await question('dev', 'personal'))).toBe(idIn(await question()));
    expect(await changes()).toEqual([]);
  });

  it('is not answered by the one who asked', async () => {
    await ask();
    const outcome = await confirm('ann', await question());
    expect(outcome.kind).toBe('toast');
    expect(outcome.text).toMatch(/needs a second person/);
    expect(await changes()).toEqual([]);
  });

  it('is not answered by somebody who could not have asked', async () => {
    await ask();
    expect((await confirm('jon', await question())).kind).toBe('toast');
    expect(await changes()).toEqual([]);
  });

  it('is carried out once when another one says yes, and every copy shows who', async () => {
    await ask();
    await confirm('dev', await question());
    expect(await changes()).toHaveLength(1);
    for (const [who, place] of [
      ['ann', 'fraud-ops'],
      ['dev', 'personal'],
      ['ben', 'personal'],
    ] as const)
      expect(textOf(await question(who, place)), `${who} in ${place}`).toMatch(/confirmed.*Dev Patel/s);
    expect((await confirm('ben', await question('ben', 'personal'))).text).toMatch(/confirmed already by Dev Patel/);
    expect(await changes()).toHaveLength(1);
  });

  it('is carried out once when two people say yes at the same time, or one of them twice', async () => {
    await ask();
    const card = await question();
    const yes = (who: string, id: string) =>
      deliver(
        house,
        activity(house, {
          ...press('wardroom.confirm', { confirmation: idIn(card) }),
          ...from(who),
          id,
          replyToId: card.id,
        }),
      );
    const answers = await Promise.all([yes('dev', 'first'), yes('ben', 'second'), yes('dev', 'first')]);
    for (const { status } of answers) expect(status).toBe(200);
    await post('/sandbox/settle', {});
    expect(await changes()).toHaveLength(1);
    const entries = await house.app.rooms.db
      .selectFrom('audit')
      .select('seq')
      .where('action', '=', 'approvals.emergency')
      .where('outcome', '=', 'ok')
      .where('actor', '<>', 'wardroom')
      .execute();
    expect(entries).toHaveLength(1);
  });

  it('can be typed instead of clicked', async () => {
    await ask();
    await house.say('dev', 'personal', `confirm ${idIn(await question())}`);
    expect(await changes()).toHaveLength(1);
  });

  it('can be taken back by the one who asked, and is then over', async () => {
    await ask();
    const card = await question();
    await confirm('ann', card, 'wardroom.cancel');
    expect((await confirm('dev', card)).text).toMatch(/cancelled already by Ann Berg/);
    expect(textOf(await question())).toMatch(/cancelled/);
    expect(await changes()).toEqual([]);
  });

  it('expires after a quarter of an hour', async () => {
    await ask();
    const card = await question();
    await house.advance('PT16M');
    expect(textOf(await question())).toMatch(/expired/);
    expect((await confirm('dev', card)).text).toMatch(/expired/);
    expect(await changes()).toEqual([]);
  });

  it('survives a restart', async () => {
    await ask();
    await house.stop();
    house = await openHouse({ home, env: { PORT: new URL(house.url).port } });
    await confirm('dev', await question());
    expect(await changes()).toHaveLength(1);
  });

  it('is not answered by a forged id', async () => {
    await ask();
    const card = await question();
    for (const id of ['CNF-AAAA-AA', '', "'; drop table confirmations; --", 'x'.repeat(10_000), { a: 1 }, null]) {
      const pressed = { type: 'Action.Execute', verb: 'wardroom.confirm', data: { confirmation: id } };
      const answer = await post('/sandbox/click', { as: 'dev', message: card.id, action: pressed });
      const { outcome } = (await answer.json()) as { outcome: { kind: string; text: string } };
      expect(outcome.kind).toBe('toast');
      expect(outcome.text.length).toBeLessThan(200);
    }
    expect(await changes()).toEqual([]);
  });
});
