import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { movableClock } from '../../services/core/clock.ts';
import { type Message as Notice, outbox } from '../../services/core/outbox.ts';
import { type Call, type House, openHouse, START, textOf } from '../house.ts';

/** Against the sandbox's Connector over real HTTP: what Teams may answer, and what has to come of it. */
const clock = movableClock({ start: Temporal.Instant.from(START), frozen: true });
const messages = () => outbox({ db: house.app.rooms.db, clock });

let house: House;
const home = mkdtempSync(join(tmpdir(), 'wardroom-delivery-'));
beforeAll(async () => {
  house = await openHouse({ home });
});
/** An incident stays in the estate; only after one is the house as on its first run again. */
let used = false;
beforeEach(async () => {
  await fetch(`${house.url}/sandbox/fault`, { method: 'DELETE' });
  if (used) expect((await post('/sandbox/reset')).status).toBe(200);
  used = false;
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: object = {}) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const settle = async () => expect((await post('/sandbox/settle')).status).toBe(200);

const queue = (...notices: (Partial<Notice> & { text: string; conversation: string })[]) =>
  house.app.rooms.db.transaction().execute(async (tx) => {
    for (const { text, ...notice } of notices)
      await messages().say(tx, { key: text, kind: 'wardroom.answer', ids: { text }, ...notice });
  });

const calls = async (operation: string, words: RegExp): Promise<Call[]> =>
  (await house.transcript()).filter((call) => call.operation === operation && words.test(JSON.stringify(call)));
const row = (key: string) =>
  house.app.rooms.db.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
const seen = async (words: RegExp, conversation = 'fraud-ops') =>
  (await house.messages('ann', conversation)).filter((message) => words.test(textOf(message)));
const ms = ({ at }: Call) => Date.parse(at) - Date.parse(START);

const incidentOn = async () => {
  used = true;
  await house.event('latency', { endpoint: 'ep-fraud' });
  await house.advance('PT7M');
};

it('a reset of the sandbox begins every round that a start begins', async () => {
  const rounds = async () => {
    await settle();
    const { rows } = await sql<{ name: string }>`
      select distinct name from pgboss.job where state < 'active' order by name`.execute(house.app.rooms.db);
    return rows.map(({ name }) => name);
  };
  const begun = await rounds();
  expect(begun).toContain('wardroom-housekeeping');
  expect((await post('/sandbox/reset')).status).toBe(200);
  expect(await rounds()).toEqual(begun);
});

describe('when Teams says 429', () => {
  it('waits as long as Retry-After says, also when the process was restarted meanwhile', async () => {
    await house.fault({ answer: 429, retryAfter: 5, on: 'create', conversation: 'fraud-ops' });
    await queue({ text: 'throttled note', conversation: 'channel:fraud-ops' });
    await settle();
    const refused = (await calls('create', /throttled note/)).map(ms);
    expect(refused).toHaveLength(1);
    await house.stop();
    house = await openHouse({ home, env: { PORT: new URL(house.url).port } });
    await house.advance('PT2S');
    expect(await calls('create', /throttled note/)).toHaveLength(1);
    await house.advance('PT4S');
    const [first, second, ...others] = await calls('create', /throttled note/);
    expect(others).toEqual([]);
    expect([first?.status, second?.status]).toEqual([429, 201]);
    expect(ms(second as Call) - (refused[0] as number)).toBeGreaterThanOrEqual(5_000);
  });

  it('backs off by itself without Retry-After and sends it once', async () => {
    await house.fault({ answer: 429, on: 'create', conversation: 'fraud-ops', count: 3 });
    await queue({ text: 'backing off', conversation: 'channel:fraud-ops' });
    await house.advance('PT1M');
    const tries = await calls('create', /backing off/);
    expect(tries.map(({ status }) => status)).toEqual([429, 429, 429, 201]);
    const at = tries.map(ms);
    const waits = at.slice(1).map((later, index) => later - (at[index] as number));
    expect(waits[0]).toBeGreaterThanOrEqual(900);
    expect(waits[1]).toBeGreaterThanOrEqual(1_800);
    expect(waits[2]).toBeGreaterThanOrEqual(3_600);
  });
});

describe('when nobody knows whether a message was posted', () => {
  for (const answer of [502, 504, 'reset'] as const)
    it(`looks before it posts again after ${answer}: one create, found by its key`, async () => {
      await house.fault({ answer, delivered: true, on: 'create', conversation: 'fraud-ops' });
      await queue({ text: 'perhaps posted', conversation: 'channel:fraud-ops' });
      await house.advance('PT30S');
      expect(await calls('create', /perhaps posted/)).toHaveLength(1);
      const [message, ...copies] = await seen(/perhaps posted/);
      expect(copies).toEqual([]);
      expect(await row('perhaps posted')).toMatchObject({ activity_id: message?.id, creating: false, state: 'open' });
    });

  it('posts it once more when it is not there', async () => {
    await house.fault({ answer: 502, delivered: false, on: 'create', conversation: 'fraud-ops' });
    await queue({ text: 'not there', conversation: 'channel:fraud-ops' });
    await house.advance('PT30S');
    expect(await calls('create', /not there/)).toHaveLength(2);
    expect(await seen(/not there/)).toHaveLength(1);
    expect(await seen(/repeat/)).toEqual([]);
  });

  it('marks the one copy it may post where it may not look, and the first click retires the other', async () => {
    await house.fault({ where: 'graph', refuse: true });
    await house.fault({ answer: 502, delivered: true, on: 'create', conversation: 'fraud-ops' });
    await incidentOn();
    const [first, second, ...more] = await seen(/\| INC-101 \|/);
    expect(more).toEqual([]);
    expect(textOf(first)).not.toMatch(/Possibly a repeat/);
    expect(textOf(second)).toMatch(/firing/);
    await house.click('ann', first?.id ?? '', 'Acknowledge');
    const [alive, pointer] = [...(await seen(/INC-101|posted twice/))].filter(({ id }) =>
      [first?.id, second?.id].includes(id),
    );
    expect(alive?.id).toBe(first?.id);
    expect(textOf(alive)).toMatch(/acknowledged/);
    expect(pointer?.id).toBe(second?.id);
    expect(textOf(pointer)).toMatch(/posted twice/);
    expect(textOf(pointer)).not.toMatch(/INC-101/);
    // From here on it is one card again.
    await house.say('dev', 'personal', 'resolve INC-101 because it was a drill');
    expect(textOf((await seen(/\| INC-101 \|/))[0])).toMatch(/resolved/);
    expect(textOf((await seen(/posted twice/))[0])).toMatch(/The other one goes on/);
  });

  it('says on the copy that it may be one', async () => {
    await house.fault({ where: 'graph', refuse: true });
    await house.fault({ answer: 504, delivered: true, on: 'create', conversation: 'fraud-ops' });
    await queue({ text: 'blind copy', conversation: 'channel:fraud-ops' });
    await house.advance('PT30S');
    const copies = await seen(/blind copy/);
    expect(copies.map((copy) => /Possibly a repeat/.test(textOf(copy)))).toEqual([false, true]);
  });

  it('never posts a third copy: an administrator is told instead and can have it tried again', async () => {
    await house.fault({ where: 'graph', refuse: true });
    await house.fault({ answer: 504, delivered: true, on: 'create', conversation: 'fraud-ops', count: 2 });
    await queue({ text: 'twice unknown', conversation: 'channel:fraud-ops' });
    await house.advance('PT2M');
    expect(await calls('create', /twice unknown/)).toHaveLength(2);
    expect(await row('twice unknown')).toMatchObject({ state: 'dead' });
    await house.say('finn', 'personal', 'dead letters');
    const letters = (await house.messages('finn', 'personal')).map(textOf).join();
    expect(letters).toMatch(/given up.*Teams did not say whether it was posted/s);
    await house.fault({ where: 'graph', refuse: false });
    await house.say('finn', 'personal', 'redeliver dead letters');
    await house.advance('PT10S');
    expect(await calls('create', /twice unknown/)).toHaveLength(2);
    expect(await row('twice unknown')).toMatchObject({ state: 'open', creating: false });
  });

  it('posts an answer itself once: the card of a question is found again after 502', async () => {
    await house.fault({ answer: 502, delivered: true, on: 'create', conversation: 'a:ann' });
    await house.say('ann', 'personal', 'endpoints');
    await house.advance('PT30S');
    const cards = (await house.messages('ann', 'personal')).filter(
      (message) => message.from.kind === 'bot' && /ep-credit/.test(textOf(message)),
    );
    expect(cards).toHaveLength(1);
  });

  it('answers a question all the same when Teams says 429', async () => {
    await house.fault({ answer: 429, retryAfter: 3, on: 'create', conversation: 'a:ann' });
    await house.say('ann', 'personal', 'incidents');
    await house.advance('PT10S');
    const answers = (await house.messages('ann', 'personal')).filter((message) =>
      /No open incident/.test(textOf(message)),
    );
    expect(answers).toHaveLength(1);
  });
});

describe('when a message cannot stand where it should', () => {
  it('drops the reference after 403 and keeps the message until Wardroom is installed again', async () => {
    await house.fault({ answer: 403, on: 'create', conversation: 'fraud-ops' });
    await queue({ text: 'kept for later', conversation: 'channel:fraud-ops' });
    await house.advance('PT2H');
    expect(await calls('create', /kept for later/)).toHaveLength(1);
    const place = await house.app.rooms.db
      .selectFrom('conversations')
      .select('installed')
      .where('key', '=', 'channel:fraud-ops')
      .executeTakeFirst();
    expect(place?.installed).toBe(false);
    await post('/sandbox/install', { conversation: 'fraud-ops', action: 'add' });
    await settle();
    expect(await seen(/kept for later/)).toHaveLength(1);
  });

  it('is heard from there: what somebody says makes the reference good again', async () => {
    await house.fault({ answer: 403, on: 'create', conversation: 'a:ann' });
    await queue({ text: 'waiting for Ann', conversation: 'person:ann' });
    await settle();
    await house.say('ann', 'personal', 'incidents');
    expect(await seen(/waiting for Ann/, 'personal')).toHaveLength(1);
  });

  it('sends less after 413', async () => {
    await house.fault({ answer: 413, on: 'create', conversation: 'fraud-ops' });
    await incidentOn();
    const [whole, less, ...others] = await calls('create', /INC-101/);
    expect(whole?.status).toBe(413);
    expect(less?.status).toBe(201);
    expect(others).toEqual([]);
    expect(JSON.stringify(less?.['body']).length).toBeLessThan(JSON.stringify(whole?.['body']).length);
  });

  it('posts a living card anew, once, when the message was deleted', async () => {
    await incidentOn();
    const [old] = await seen(/\| INC-101 \|/);
    await house.fault({ answer: 404, on: 'edit', conversation: 'fraud-ops' });
    await house.say('ann', 'personal', 'ack INC-101');
    await house.advance('PT10S');
    const cards = await seen(/\| INC-101 \|/);
    expect(cards).toHaveLength(2);
    expect(cards[1]?.id).not.toBe(old?.id);
    expect(await row('incident:INC-101@channel:fraud-ops')).toMatchObject({ activity_id: cards[1]?.id });
    await house.say('ann', 'personal', 'resolve INC-101 because it was a drill');
    expect((await calls('edit', /resolved/)).map(({ message }) => message)).not.toContain(old?.id);
  });

  it('says it in the conversation when the message it replies to is gone', async () => {
    await queue({ text: 'orphan', conversation: 'channel:fraud-ops', replyTo: '1700000000000' });
    await house.advance('PT5S');
    expect(await seen(/orphan/)).toHaveLength(1);
    const place = await house.app.rooms.db.selectFrom('conversations').selectAll().execute();
    expect(place.find(({ key }) => key === 'channel:fraud-ops')?.installed).toBe(true);
  });

  it('lets no card that cannot be drawn hold back the others', async () => {
    await queue(
      { text: 'poison', conversation: 'channel:fraud-ops', kind: 'nobody.draws', priority: 0 },
      { text: 'after the poison', conversation: 'channel:fraud-ops' },
    );
    await settle();
    expect(await seen(/after the poison/)).toHaveLength(1);
    await house.advance('PT30M');
    expect(await row('poison')).toMatchObject({ state: 'dead', last_error: expect.stringMatching(/nobody draws/) });
  });
});

describe('when much is to be sent', () => {
  it('draws and sends only the newest state of a card', async () => {
    await incidentOn();
    const before = (await calls('edit', /./)).length;
    await house.app.rooms.db.transaction().execute(async (tx) => {
      for (let round = 0; round < 50; round += 1) await messages().refresh(tx, 'incident:INC-101');
    });
    await settle();
    expect((await calls('edit', /./)).length).toBe(before + 1);
  });

  it('draws the copies of a card that everybody has once for any number of changes, also after a restart', async () => {
    await incidentOn();
    const ask = () =>
      house.app.rooms.db.transaction().execute(async (tx) => {
        for (let n = 0; n < 50; n += 1) await messages().refreshMany(tx, 'incident:INC-101');
      });
    const wanted = async () => Number((await row('incident:INC-101@channel:fraud-ops')).wanted);
    const [edits, before] = [(await calls('edit', /./)).length, await wanted()];
    await ask();
    expect(await wanted(), 'a change writes one row, whatever the number of copies').toBe(before);
    await house.stop();
    house = await openHouse({ home, env: { PORT: new URL(house.url).port } });
    await settle();
    expect([(await calls('edit', /./)).length, await wanted()]).toEqual([edits + 1, before + 1]);
    await ask();
    await settle();
    expect(await wanted()).toBe(before + 2);
  });

  it('sends the most urgent first, wherever it is to be said', async () => {
    const places = ['retail-ml', 'risk-ml', 'ml-platform', 'change-board', 'fraud-ops'];
    await queue(
      ...places.flatMap((place) =>
        [1, 2].map((number) => ({ text: `calm ${place} ${number}`, conversation: `channel:${place}` })),
      ),
      { text: 'urgent page', conversation: 'person:ben', priority: 0 },
    );
    await settle();
    const sent = await calls('create', /calm|urgent page/);
    expect(sent).toHaveLength(11);
    // Up to eight conversations are served at the same time: the urgent one is among the first.
    expect(sent.slice(0, 8).some((call) => /urgent page/.test(JSON.stringify(call)))).toBe(true);
  });

  it('keeps within every limit in a storm of 300 and delays no other conversation', async () => {
    await queue(
      ...Array.from({ length: 300 }, (_, number) => ({
        text: `storm ${number}`,
        conversation: 'channel:fraud-ops',
      })),
      { text: 'a word to risk', conversation: 'channel:risk-ml' },
    );
    await house.advance('PT4M');
    const sent = await calls('create', /storm|a word to risk/);
    expect(sent.every(({ status }) => status === 201)).toBe(true);
    expect(sent).toHaveLength(301);
    expect(sent.findIndex((call) => /a word to risk/.test(JSON.stringify(call)))).toBeLessThan(8);
    const at = sent.filter((call) => /storm/.test(JSON.stringify(call))).map(ms);
    for (const [most, within] of [
      [7, 1],
      [8, 2],
      [60, 30],
    ] as const)
      for (const [index, first] of at.entries()) {
        const last = at[index + most];
        if (last !== undefined) expect(last - first, `${most} in ${within} s`).toBeGreaterThanOrEqual(within * 1_000);
      }
    const last = sent.at(-1) as Call;
    expect(ms(last) - ms(sent[0] as Call)).toBeLessThan(220_000);
  });
});
