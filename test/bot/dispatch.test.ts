import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Message, type Outcome, openHouse, textOf } from '../house.ts';
import { activity, deliver, from, press } from './raw.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
/** A test that leaves something behind says so; only after it is the house as on its first run again. */
let used = false;
beforeEach(async () => {
  await fetch(`${house.url}/sandbox/fault`, { method: 'DELETE' });
  if (used) await post('/sandbox/reset', {});
  if (used || (await states()).length === 0) await incident();
  used = false;
});
afterAll(() => house.stop());

async function post(path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status, path).toBe(200);
  return answer.json();
}
const last = async (who: string, conversation = 'personal') => (await house.messages(who, conversation)).at(-1);
const bots = async (who: string, conversation = 'personal') =>
  (await house.messages(who, conversation)).filter((message) => message.from.kind === 'bot');
const cardOf = async (id: string, conversation = 'fraud-ops') =>
  (await bots('ann', conversation)).find((message) => textOf(message).includes(` ${id} `)) as Message;
/** A press with a ready action, as only a forger can send it. */
const forge = async (who: string, message: Message, verb: string, data: unknown) =>
  (
    (await post('/sandbox/click', {
      as: who,
      message: message.id,
      action: { type: 'Action.Execute', verb, data },
    })) as Outcome
  ).outcome;
const incident = async (endpoint = 'ep-fraud') => {
  await house.event('latency', { endpoint });
  await house.advance('PT7M');
};
const states = async () =>
  (await house.app.rooms.db.selectFrom('incidents').select(['id', 'state']).orderBy('id').execute()).map(
    ({ id, state }) => `${id} ${state}`,
  );

describe('a command that lacks something', () => {
  it('becomes a form that asks for it, and the form does it', async () => {
    used = true;
    await house.say('ann', 'personal', 'resolve INC-101');
    const form = (await last('ann')) as Message;
    expect(textOf(form)).toMatch(/I still need the reason/);
    expect(textOf(form)).toMatch(/Input.Text \| reason/);
    expect(await states()).toEqual(['INC-101 open']);
    const { outcome } = await house.click('ann', form.id, 'Send', { reason: 'traffic is back on blue' });
    expect(outcome.kind).toBe('card');
    expect(await states()).toEqual(['INC-101 resolved']);
  });

  it('keeps what was typed and says at the field what is wrong', async () => {
    const card = await cardOf('INC-101');
    const outcome = await forge('ann', card, 'alerts.resolve', { incident: 'INC-101', reason: 'z'.repeat(9_000) });
    expect(outcome.kind).toBe('card');
    const again = textOf(outcome.message);
    expect(again).toMatch(/One answer needs another look/);
    expect(again).toMatch(/is not text, up to 500 characters/);
    expect(again).toMatch(/z{900}/);
    expect(again).not.toMatch(/z{1100}/);
    expect(await states()).toEqual(['INC-101 open']);
  });

  it('shows no form to somebody who may not do it', async () => {
    await house.say('jon', 'personal', 'resolve INC-101');
    expect(textOf(await last('jon'))).not.toMatch(/Input.Text/);
    const outcome = await forge('jon', await cardOf('INC-101'), 'alerts.resolve', { incident: 'INC-101' });
    expect(outcome.kind).toBe('toast');
    expect(outcome.text).toMatch(/is for responders/);
  });

  it('reads what is written into a form as it reads words: a number without its prefix', async () => {
    used = true;
    const outcome = await forge('ann', await cardOf('INC-101'), 'alerts.acknowledge', { incident: 'inc-101' });
    expect(outcome.kind).toBe('card');
    expect(await states()).toEqual(['INC-101 acknowledged']);
  });
});

describe('a click', () => {
  it('on a card of something finished changes nothing and says that it is over', async () => {
    used = true;
    await house.say('ann', 'personal', 'resolve INC-101 because it was a drill');
    const card = await cardOf('INC-101');
    expect(textOf(card)).not.toMatch(/alerts.acknowledge/);
    const outcome = await forge('ben', card, 'alerts.acknowledge', { incident: 'INC-101' });
    expect(outcome.text).toMatch(/INC-101 is resolved already/);
    expect(await states()).toEqual(['INC-101 resolved']);
  });

  it('on a request that was withdrawn casts no vote', async () => {
    used = true;
    await house.say('ann', 'personal', 'rollback ep-fraud because v7 drifts');
    const request = await cardOf('REQ-101');
    await house.say('ann', 'personal', 'withdraw REQ-101');
    const outcome = await forge('cara', request, 'approvals.vote', { request: 'REQ-101', choice: 'approve' });
    expect(outcome.kind).toBe('toast');
    expect(outcome.text).toMatch(/REQ-101 (is|was) withdrawn/);
    expect(await house.app.rooms.db.selectFrom('votes').selectAll().execute()).toEqual([]);
  });

  it('by somebody without the role is refused and names who can', async () => {
    const { outcome } = await house.click('jon', (await cardOf('INC-101')).id, 'Acknowledge');
    expect(outcome.kind).toBe('toast');
    expect(outcome.text).toMatch(/is for responders\. Ask /);
    expect(await states()).toEqual(['INC-101 open']);
  });

  it('by somebody who left, or whom nobody knows, is refused', async () => {
    for (const [person, words] of [
      ['max', /Your access to Wardroom has ended/],
      ['nobody', /I do not know you/],
    ] as const) {
      const pressed = { ...press('alerts.acknowledge', { incident: 'INC-101' }), ...from(person), id: `by-${person}` };
      const { status, body } = await deliver(house, activity(house, pressed));
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 200, value: expect.stringMatching(words) });
    }
    expect(await states()).toEqual(['INC-101 open']);
  });

  it('with a forged id does nothing, whatever the id is', async () => {
    const card = await cardOf('INC-101');
    const forged: unknown[] = [
      'INC-999',
      "INC-101'; drop table incidents; --",
      `INC-101${'1'.repeat(10_000)}`,
      'x'.repeat(10_000),
      { $ne: null },
      ['INC-101'],
      Number.NaN,
      true,
      '',
    ];
    for (const id of forged) {
      const outcome = await forge('ann', card, 'alerts.acknowledge', { incident: id });
      expect(outcome.kind, String(id).slice(0, 40)).toBe('toast');
      expect(outcome.text?.length).toBeLessThan(300);
    }
    expect(await states()).toEqual(['INC-101 open']);
  });

  it('with a forged verb or with keys of the prototype does nothing', async () => {
    const card = await cardOf('INC-101');
    for (const verb of ['constructor', '__proto__', 'toString', 'alerts.', '', 'ALERTS.ACKNOWLEDGE'])
      expect((await forge('ann', card, verb, { incident: 'INC-101' })).text).toMatch(/older version of the card/);
    const data = JSON.parse('{"__proto__":{"incident":"INC-101"},"constructor":{"incident":"INC-101"}}');
    const { body } = await deliver(house, activity(house, { ...press('alerts.acknowledge', data), id: 'prototype' }));
    expect(body.value).toMatch(/incident/);
    expect(await states()).toEqual(['INC-101 open']);
  });

  it('with the id of another incident is about that one, and what does not belong together is refused', async () => {
    used = true;
    await incident('ep-churn');
    const card = await cardOf('INC-101');
    const outcome = await forge('ann', card, 'approvals.rollback', { endpoint: 'ep-fraud', incident: 'INC-102' });
    expect(outcome.text).toMatch(/INC-102 is not about ep-fraud/);
    expect(await house.app.rooms.db.selectFrom('requests').selectAll().execute()).toEqual([]);
  });

  it('is taken once when two people click at the same time; the second sees who was first', async () => {
    used = true;
    const card = await cardOf('INC-101');
    const both = await Promise.all(['ann', 'dev'].map((who) => house.click(who, card.id, 'Acknowledge')));
    expect(both.map(({ outcome }) => outcome.kind)).toEqual(['card', 'card']);
    const rows = await house.app.rooms.db.selectFrom('incidents').selectAll().execute();
    const first = rows[0]?.acknowledged_by;
    expect(['ann', 'dev']).toContain(first);
    const said = (await bots('ann', 'fraud-ops')).filter((message) =>
      /acknowledged INC-101 after/.test(textOf(message)),
    );
    expect(said).toHaveLength(1);
    const answers = await house.app.rooms.db
      .selectFrom('turns')
      .select(['actor', 'answer'])
      .where('capability', '=', 'alerts.acknowledge')
      .execute();
    const second = answers.find(({ actor }) => actor !== first);
    expect(JSON.stringify(second?.answer)).toMatch(/was first: acknowledged INC-101/);
  });

  it('delivered twice is one click with one answer', async () => {
    used = true;
    const pressed = activity(house, { ...press('alerts.acknowledge', { incident: 'INC-101' }), id: 'same-click' });
    const answers = await Promise.all([deliver(house, pressed), deliver(house, pressed)]);
    answers.push(await deliver(house, pressed));
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    const entries = await house.app.rooms.db
      .selectFrom('audit')
      .select('seq')
      .where('action', '=', 'alerts.acknowledge')
      .execute();
    expect(entries).toHaveLength(1);
  });
});

describe('a message', () => {
  it('delivered twice is answered once: a question', async () => {
    const asked = activity(house, { id: 'same-question', text: 'incidents' });
    const before = (await bots('ann')).length;
    await Promise.all([deliver(house, asked), deliver(house, asked)]);
    await deliver(house, asked);
    await post('/sandbox/settle', {});
    expect((await bots('ann')).length).toBe(before + 1);
  });

  it('delivered twice is carried out and answered once: a change', async () => {
    used = true;
    const asked = activity(house, { id: 'same-change', text: 'ack INC-101' });
    const before = (await bots('ann')).length;
    await Promise.all([deliver(house, asked), deliver(house, asked)]);
    await deliver(house, asked);
    await post('/sandbox/settle', {});
    expect((await bots('ann')).length).toBe(before + 1);
    const entries = await house.app.rooms.db
      .selectFrom('audit')
      .select('seq')
      .where('action', '=', 'alerts.acknowledge')
      .execute();
    expect(entries).toHaveLength(1);
  });

  it('of 200 KB gets a short answer', async () => {
    const { status } = await deliver(house, activity(house, { id: 'long', text: 'lorem '.repeat(34_000) }));
    expect(status).toBe(200);
    expect((await last('ann'))?.text).toMatch(/204,000 characters; I read up to/);
  });

  it('may hold what a database cannot keep', async () => {
    used = true;
    const reason = 'back on blue \u0000\ud800 again';
    const pressed = press('alerts.resolve', { incident: 'INC-101', reason, 'a\u0000': { deep: ['\u0000'] } });
    const { body } = await deliver(house, activity(house, { ...pressed, id: 'unkeepable' }));
    expect(body).toMatchObject({ statusCode: 200 });
    expect(await states()).toEqual(['INC-101 resolved']);
    await deliver(house, activity(house, { id: 'unkeepable-text', text: 'help \u0000\udfff' }));
    await post('/sandbox/settle', {});
    expect(textOf(await last('ann'))).not.toMatch(/went wrong/);
  });

  it('that is not understood is answered, never ignored', async () => {
    for (const text of [
      '',
      '😀',
      '\u202egnihtyna',
      '<at></at>',
      '{"a":1}',
      '$(rm -rf /)',
      '\u0000\u0001',
      'ack '.repeat(900),
    ]) {
      const before = (await bots('ann')).length;
      const { status } = await deliver(house, activity(house, { id: `odd-${before}`, text }));
      expect(status).toBe(200);
      await post('/sandbox/settle', {});
      expect((await bots('ann')).length, JSON.stringify(text.slice(0, 30))).toBe(before + 1);
      // What is understood ends a row of nonsense, of which five lines are answered.
      await deliver(house, activity(house, { id: `odd-help-${before}`, text: 'help' }));
      await post('/sandbox/settle', {});
    }
  });
});
