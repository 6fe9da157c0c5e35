import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEND_LIMITS } from '../../../infra/sandbox/teams/limits.ts';
import { movableClock } from '../../../services/core/clock.ts';
import { FRAUD, post, START, type Stage, startStage } from './stage.ts';

const quiet = async () => undefined;

describe('faults on demand', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage(quiet);
  });
  afterEach(() => stage.stop());
  const send = (text = 'hello', conversation = 'a:ann') =>
    stage.client.conversations.sendToConversation(conversation, { type: 'message', text });
  const arrived = (conversation = 'a:ann') => stage.teams.messages(conversation).map(({ text }) => text);

  it.each([
    { answer: 429, delivered: false },
    { answer: 502, delivered: true },
    { answer: 504, delivered: true },
    { answer: 504, delivered: false },
    { answer: 500, delivered: false },
    { answer: 413, delivered: false },
    { answer: 403, delivered: false },
  ] as const)('answers $answer once, delivered: $delivered', async ({ answer, delivered }) => {
    stage.teams.fault({ answer, delivered });
    await expect(send('first')).rejects.toMatchObject({ statusCode: answer });
    expect(arrived()).toEqual(delivered ? ['first'] : []);
    expect(stage.teams.transcript().at(-1)).toMatchObject({ operation: 'create', status: answer, delivered });
    await send('second');
    expect(arrived()).toEqual(delivered ? ['first', 'second'] : ['second']);
  });

  it('says when to come back, or does not', async () => {
    const url = `${stage.base}/connector/v3/conversations/a:ann/activities`;
    stage.teams.fault({ answer: 429, retryAfter: 7 });
    stage.teams.fault({ answer: 429 });
    const [first, second] = [await post(url, { type: 'message' }), await post(url, { type: 'message' })];
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('cuts the connection after the message was delivered', async () => {
    stage.teams.fault({ answer: 'reset', delivered: true });
    await expect(send('delivered all the same')).rejects.not.toHaveProperty('statusCode', 201);
    expect(arrived()).toEqual(['delivered all the same']);
    expect(stage.teams.transcript()).toMatchObject([{ status: 0, delivered: true }]);
  });

  it('does not answer at all', async () => {
    stage.teams.fault({ answer: 'hang' });
    const url = `${stage.base}/connector/v3/conversations/a:ann/activities`;
    const waiting = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"type":"message","text":"x"}',
      signal: AbortSignal.timeout(200),
    });
    await expect(waiting).rejects.toThrow();
    expect(arrived()).toEqual([]);
  });

  it('strikes where and what it is told to, as often as it is told to', async () => {
    stage.teams.fault({ answer: 500, on: 'edit', conversation: 'fraud-ops', count: 2 });
    const inChannel = await send('a', FRAUD);
    const inChat = await send('b');
    const edit = (conversation: string, id = '') =>
      stage.client.conversations.updateActivity(conversation, id, { type: 'message', text: 'edited' });
    await edit('a:ann', inChat.id);
    await expect(edit(FRAUD, inChannel.id)).rejects.toMatchObject({ statusCode: 500 });
    await expect(edit(FRAUD, inChannel.id)).rejects.toMatchObject({ statusCode: 500 });
    await edit(FRAUD, inChannel.id);
    expect([arrived('a:ann'), arrived(FRAUD)]).toEqual([['edited'], ['edited']]);
  });

  it('lasts until a time on the clock', async () => {
    stage.teams.fault({ answer: 503, until: START.add({ minutes: 5 }).toString() });
    await expect(send()).rejects.toMatchObject({ statusCode: 503 });
    await expect(send()).rejects.toMatchObject({ statusCode: 503 });
    await stage.clock.moveTo(START.add({ minutes: 5 }));
    await send();
    expect(arrived()).toEqual(['hello']);
  });

  it('is taken back', async () => {
    stage.teams.fault({ answer: 500, count: 100 });
    stage.teams.clearFaults();
    await send();
    expect(arrived()).toEqual(['hello']);
  });
});

describe('the rate limits of Teams', () => {
  /** A clock whose two hands move only by hand, so that a slow machine changes nothing. */
  const handClock = () => {
    const clock = movableClock({ start: START, frozen: true });
    let real = 0;
    return {
      clock: { ...clock, monotonic: () => real },
      wait: (ms: number) => {
        real += ms;
      },
    };
  };

  it('let seven messages into one conversation within a second and answer 429 to the eighth', async () => {
    const { clock, wait } = handClock();
    const stage = await startStage(quiet, { limits: 'documented', clock });
    const url = (id: string) => `${stage.base}/connector/v3/conversations/${encodeURIComponent(id)}/activities`;
    const message = { type: 'message', text: 'x' };
    for (let i = 0; i < 7; i += 1) expect(await post(url(FRAUD), message)).toMatchObject({ status: 201 });
    const refused = await post(url(FRAUD), message);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'Throttled' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await post(url('a:ann'), message)).toMatchObject({ status: 201 });
    wait(1000);
    expect(await post(url(FRAUD), message)).toMatchObject({ status: 201 });
    // 8 in 2 s: seven, then one a second later; the ninth has to wait for the first seven to age.
    expect((await post(url(FRAUD), message)).status).toBe(429);
    expect(stage.teams.transcript().filter(({ status }) => status === 429)).toHaveLength(2);
    await stage.stop();
  });

  it('let sixty through in half a minute', async () => {
    const { clock, wait } = handClock();
    const stage = await startStage(quiet, { limits: 'documented', clock });
    const url = `${stage.base}/connector/v3/conversations/a:ann/activities`;
    let sent = 0;
    for (let step = 0; step < 70; step += 1) {
      if ((await post(url, { type: 'message', text: 'x' })).status === 201) sent += 1;
      wait(260);
    }
    expect(sent).toBe(SEND_LIMITS.find(({ withinSeconds }) => withinSeconds === 30)?.most);
    wait(12_000);
    expect(await post(url, { type: 'message', text: 'x' })).toMatchObject({ status: 201 });
    await stage.stop();
  });

  it('let fifty requests a second through for the whole tenant', async () => {
    const { clock } = handClock();
    const stage = await startStage(quiet, { limits: 'documented', clock });
    const statuses: number[] = [];
    for (const place of ['a:ann', 'a:ben', 'a:cara', 'a:dev'])
      for (let i = 0; i < 14; i += 1)
        statuses.push((await fetch(`${stage.base}/connector/v3/conversations/${place}/members`)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.lastIndexOf(200)).toBe(49);
    await stage.stop();
  });
});

describe('an activity the bot does not take', () => {
  it('is sent once more with the same id', async () => {
    const stage = await startStage(quiet);
    stage.bot.refusals.push(500);
    expect(await stage.teams.say('ann', 'personal', 'hello')).toMatchObject({ heard: true });
    expect(stage.bot.heard).toHaveLength(2);
    expect(stage.bot.heard[0]?.id).toBe(stage.bot.heard[1]?.id);
    await stage.stop();
  });

  it('is given up after the second time, and the sender sees that', async () => {
    const stage = await startStage(quiet);
    stage.bot.refusals.push(503, 503);
    expect(await stage.teams.say('ann', 'personal', 'hello')).toMatchObject({ heard: false });
    expect(stage.teams.messages('a:ann')).toMatchObject([{ text: 'hello', failed: 'it answered 503' }]);
    await stage.stop();
  });
});
