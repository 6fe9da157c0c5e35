import { request } from 'node:http';
import type { TurnContext } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomEvent, RoomMessage, RoomMessages, RoomState } from '../../../infra/sandbox/teams/room-types.ts';
import { cardOf, FRAUD, get, post, type Stage, startStage, WAR_ROOM } from './stage.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const bot = async (context: TurnContext) => {
  if (context.activity.type === 'message') {
    await context.sendActivity({ type: 'typing' });
    await context.sendActivity(`echo ${context.activity.text}`);
  }
  if (context.activity.type === 'invoke')
    await context.sendActivity({
      type: 'invokeResponse',
      value: { status: 200, body: { statusCode: 200, type: CARD, value: cardOf('mine').content } },
    });
};

/** Reads a stream of server-sent events like a browser. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const answer = await fetch(url, { headers, signal: stop.signal });
  const events: (RoomEvent & { id?: number })[] = [];
  const reading = (async () => {
    let rest = '';
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + part).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        if (data) events.push({ ...(JSON.parse(data) as RoomEvent), ...(id ? { id: Number(id) } : {}) });
      }
    }
  })().catch(() => undefined);
  return {
    events,
    type: answer.headers.get('content-type'),
    messages: () => events.flatMap((event) => (event.kind === 'message' ? [event.message.text] : [])),
    stop: async () => {
      stop.abort();
      await reading;
    },
  };
}

describe('the Room API', () => {
  let stage: Stage;
  let api: string;
  beforeEach(async () => {
    stage = await startStage(bot);
    api = `${stage.base}/room/api`;
  });
  afterEach(() => stage.stop());
  const stateOf = async (as: string) => (await get(`${api}/state?as=${as}`)).body as unknown as RoomState;

  it('tells a person who and where they are', async () => {
    const state = await stateOf('ann');
    expect(state.me).toEqual({
      id: 'ann',
      name: 'Ann Berg',
      mri: '29:ann',
      entraId: '00000000-0000-4000-8000-000000000001',
      zone: 'Europe/Amsterdam',
      active: true,
      roles: [],
    });
    expect(state.people.map(({ id, active }) => `${id} ${active}`)).toContain('max false');
    expect(state.conversations.map(({ id, kind }) => [id, kind])).toEqual([
      [FRAUD, 'channel'],
      ['19:ml-platform@thread.tacv2', 'channel'],
      [WAR_ROOM, 'group'],
      ['a:ann', 'personal'],
    ]);
    expect((await stateOf('dev')).conversations.map(({ kind }) => kind)).not.toContain('group');
    expect(state.clock).toEqual({ now: '2026-11-23T14:00:00Z', frozen: true });
    expect((await get(`${api}/state?as=max`)).status).toBe(404);
  });

  it('takes a message, and the answer comes as an event', async () => {
    const { sequence } = await stateOf('ann');
    const room = await listen(`${api}/events?as=ann&after=${sequence}`);
    const stranger = await listen(`${api}/events?as=ben&after=${sequence}`);
    expect(room.type).toMatch(/^text\/event-stream/);
    const said = await post(`${api}/say`, { as: 'ann', conversation: 'personal', text: 'hello' });
    expect(said).toMatchObject({
      status: 202,
      body: { message: { text: 'hello', from: { kind: 'person', id: 'ann' } } },
    });
    await expect.poll(room.messages).toEqual(['hello', 'echo hello']);
    expect(room.events.map(({ kind }) => kind)).toEqual(['message', 'typing', 'message']);
    expect(room.events.at(-1)).toMatchObject({ conversation: { unread: 1, last: { preview: 'echo hello' } } });
    const { body } = await post(`${api}/read`, { as: 'ann', conversation: 'a:ann' });
    expect(body).toMatchObject({ conversation: { unread: 0 } });
    await expect.poll(() => room.events.at(-1)).toMatchObject({ kind: 'conversation', conversation: { unread: 0 } });
    expect(stranger.events).toEqual([]);
    await room.stop();
    await stranger.stop();
  });

  it('goes on where a lost connection ended', async () => {
    const { sequence } = await stateOf('ann');
    const first = await listen(`${api}/events?as=ann&after=${sequence}`);
    await stage.teams.say('ann', 'fraud-ops', 'one');
    await expect.poll(first.messages).toEqual(['one']);
    const last = String(first.events.at(-1)?.id);
    await first.stop();
    await stage.teams.say('ben', 'fraud-ops', 'two');
    const second = await listen(`${api}/events?as=ann&after=${sequence}`, { 'last-event-id': last });
    await stage.teams.say('ben', 'fraud-ops', 'three');
    await expect.poll(second.messages).toEqual(['two', 'three']);
    await second.stop();
  });

  it('asks to load again when the past is gone', async () => {
    const room = await listen(`${api}/events?as=ann&after=999999`);
    await expect.poll(() => room.events).toMatchObject([{ kind: 'reset' }]);
    await stage.teams.reset();
    await expect.poll(() => room.events.filter(({ kind }) => kind === 'reset')).toHaveLength(2);
    await room.stop();
  });

  it('shows an own view only to its owner, live', async () => {
    const ann = await listen(`${api}/events?as=ann`);
    const ben = await listen(`${api}/events?as=ben`);
    const { id = '' } = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      attachments: [cardOf('all', { actions: [{ type: 'Action.Execute', title: 'Mine', verb: 'mine' }] })],
    });
    const clicked = await post(`${api}/click`, { as: 'ann', message: id, action: 'Mine' });
    expect(clicked.body).toMatchObject({ kind: 'card', message: { id, view: 'own' } });
    await expect.poll(() => ann.events.length).toBe(2);
    expect(ben.events).toMatchObject([{ kind: 'message', message: { view: 'everybody' } }]);
    await ann.stop();
    await ben.stop();
  });

  it('pages whole threads of a channel', async () => {
    const roots: string[] = [];
    for (const text of ['a', 'b', 'c']) roots.push((await stage.teams.say('ann', 'fraud-ops', text)).id);
    await stage.teams.say('ben', 'fraud-ops', 'reply to a', { thread: roots[0] });
    const page = async (more: string) =>
      (await get(`${api}/messages?as=ann&conversation=fraud-ops&${more}`)).body as unknown as RoomMessages;
    const texts = ({ messages }: { messages: RoomMessage[] }) => messages.map(({ text }) => text);
    const newest = await page('limit=2');
    expect([texts(newest), newest.more]).toEqual([['b', 'c'], true]);
    const oldest = await page(`limit=2&before=${roots[1]}`);
    expect([texts(oldest), oldest.more]).toEqual([['a', 'reply to a'], false]);
    expect(texts(await page(`thread=${roots[0]}`))).toEqual(['a', 'reply to a']);
  });

  it('keeps people out of rooms that are not theirs', async () => {
    expect(await post(`${api}/say`, { as: 'dev', conversation: WAR_ROOM, text: 'hi' })).toMatchObject({ status: 403 });
    expect((await get(`${api}/messages?as=ben&conversation=a:ann`)).status).toBe(403);
    const { id } = await stage.teams.say('ann', 'personal', 'secret');
    expect((await get(`${api}/message?as=ben&message=${id}`)).status).toBe(404);
    expect(await post(`${api}/click`, { as: 'ben', message: id, action: 'x' })).toMatchObject({ status: 404 });
  });

  it('passes typing on to the others', async () => {
    const ben = await listen(`${api}/events?as=ben`);
    expect((await post(`${api}/typing`, { as: 'ann', conversation: 'fraud-ops' })).status).toBe(204);
    await expect.poll(() => ben.events).toEqual([{ kind: 'typing', conversation: FRAUD, from: 'ann' }]);
    await ben.stop();
  });

  it('marks a message that the bot never took', async () => {
    stage.bot.refusals.push(500, 500);
    const ann = await listen(`${api}/events?as=ann`);
    await post(`${api}/say`, { as: 'ann', conversation: 'personal', text: 'hello' });
    await expect.poll(() => ann.events.at(-1)).toMatchObject({ message: { failed: 'it answered 500' } });
    await ann.stop();
  });
});

describe('hostile input', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage(bot);
  });
  afterEach(() => stage.stop());
  const activities = (id = 'a:ann') => `${stage.base}/connector/v3/conversations/${encodeURIComponent(id)}/activities`;

  it('is answered with what is wrong', async () => {
    const cases: [string, unknown, number, string][] = [
      [activities(), '{"type":', 400, 'BadSyntax'],
      [activities(), '[]', 400, 'BadArgument'],
      [activities(), { type: 'event' }, 400, 'BadArgument'],
      [activities(), { type: 'message', attachments: 'none' }, 400, 'BadArgument'],
      [activities('19:nowhere@thread.tacv2'), { type: 'message' }, 404, 'ConversationNotFound'],
      [activities(`${FRAUD};messageid=123`), { type: 'message' }, 404, 'ConversationNotFound'],
      [`${stage.base}/connector/v3/conversations`, {}, 400, 'BadSyntax'],
      [`${stage.base}/connector/v3/nothing`, {}, 404, 'NotFound'],
      [`${stage.base}/room/api/say`, { as: 'nobody', conversation: 'personal', text: 'x' }, 404, 'NoSuchPerson'],
      [`${stage.base}/room/api/say`, { as: 'ann', conversation: 'nowhere', text: 'x' }, 404, 'NoSuchConversation'],
      [`${stage.base}/room/api/say`, { as: 'ann', conversation: 'personal', text: ' ' }, 400, 'EmptyMessage'],
      [`${stage.base}/room/api/say`, { as: 'ann', conversation: 'personal', text: 'x', extra: 1 }, 400, 'BadArgument'],
      [`${stage.base}/room/api/say`, { as: '__proto__', conversation: 'personal', text: 'x' }, 404, 'NoSuchPerson'],
      [`${stage.base}/room/api/click`, { as: 'ann', message: '1', action: 7 }, 400, 'BadArgument'],
      [`${stage.base}/room/api/nothing`, {}, 404, 'NotFound'],
    ];
    for (const [url, body, status, code] of cases)
      expect([url, await post(url, body)]).toMatchObject([url, { status, body: { error: { code } } }]);
    expect((await fetch(activities(), { method: 'PATCH' })).status).toBe(405);
    expect((await fetch(activities('%zz').replace('%25zz', '%zz'), { method: 'POST' })).status).toBe(400);
    expect(stage.teams.messages('a:ann')).toEqual([]);
  });

  it('that is too large is refused: 100 KB of UTF-16, images not counted, and a megabyte in any case', async () => {
    const image = `data:image/png;base64,${'A'.repeat(200_000)}`;
    expect(await post(activities(), { type: 'message', text: 'x'.repeat(51_000) })).toMatchObject({ status: 201 });
    expect(await post(activities(), { type: 'message', text: 'x'.repeat(52_000) })).toMatchObject({
      status: 413,
      body: { error: { code: 'MessageSizeTooBig' } },
    });
    const picture = { contentType: 'image/png', contentUrl: image };
    expect(await post(activities(), { type: 'message', attachments: [picture] })).toMatchObject({ status: 201 });
    expect(await post(activities(), { type: 'message', text: 'x'.repeat(2_000_000) })).toMatchObject({ status: 413 });
    const long = { as: 'ann', conversation: 'personal', text: 'y'.repeat(200_001) };
    expect(await post(`${stage.base}/room/api/say`, long)).toMatchObject({ status: 413 });
  });

  it('a message that was changed by the wrong hand or is gone is refused', async () => {
    const { id } = await stage.teams.say('ben', 'fraud-ops', 'mine');
    const change = (message: string) =>
      stage.client.conversations.updateActivity(FRAUD, message, { type: 'message', text: 'yours' });
    await expect(change(id)).rejects.toMatchObject({ statusCode: 403 });
    const sent = await stage.client.conversations.sendToConversation(FRAUD, { type: 'message', text: 'x' });
    await stage.client.conversations.deleteActivity(FRAUD, sent.id ?? '');
    await expect(change(sent.id ?? '')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ActivityNotFoundInConversation',
    });
    await expect(change('17')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('names, emoji and markup pass unchanged and never become mentions by accident', async () => {
    const text = '**<b>שלום</b>** 🦜 [x](javascript:alert(1)) <at>Ann Berg</at> @Nobody ‮';
    await stage.teams.say('ben', 'fraud-ops', text);
    const [message] = stage.teams.messages('fraud-ops', 'ann');
    expect(message).toMatchObject({ text, textFormat: 'plain' });
  });

  /** `fetch` does not let a Host header be chosen. */
  const raw = (path: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; type: string | undefined }>((resolve, reject) => {
      const { port } = new URL(stage.base);
      request({ host: '127.0.0.1', port, path, headers }, (res) => {
        res.resume();
        resolve({ status: res.statusCode, type: res.headers['content-type'] });
      })
        .on('error', reject)
        .end();
    });

  it('from a rebound name or another web page is refused', async () => {
    for (const path of ['/', '/room/api/state?as=ann', '/sandbox/state', '/connector/v3/teams/x'])
      expect(await raw(path, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await raw('/sandbox/clock', { host: 'localhost:1' })).toMatchObject({ status: 200 });
    expect(await raw('/sandbox/clock', { host: 'localhost.evil.example' })).toMatchObject({ status: 403 });
    expect(await raw('/sandbox/clock', { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await raw('/sandbox/clock', { origin: 'null' })).toMatchObject({ status: 403 });
    expect(await raw('/sandbox/clock', { origin: stage.base })).toMatchObject({ status: 200 });
    const blind = await fetch(`${stage.base}/sandbox/reset`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(blind.status).toBe(415);
  });

  it('does not climb out of the folder of files', async () => {
    for (const path of [
      '/room/../sandbox.ts',
      '/room/%2e%2e/sandbox.ts',
      '/room/..%2fsandbox.ts',
      '/room/..%2f..%2f..%2f..%2fpackage.json',
      '/room/%00index.html',
      '/room/.git/config',
      '/vendor/../package.json',
      '/vendor/other.js',
      '/room/',
    ]) {
      const { status } = await raw(path, {});
      expect([path, status && status >= 400]).toEqual([path, true]);
    }
  });

  it('serves libraries with their type, a policy and a tag', async () => {
    const first = await fetch(`${stage.base}/vendor/adaptivecards.js`);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(first.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await first.text()).toContain('AdaptiveCard');
    const tag = first.headers.get('etag') ?? '';
    const again = await fetch(`${stage.base}/vendor/adaptivecards.js`, { headers: { 'if-none-match': tag } });
    expect(again.status).toBe(304);
    expect((await fetch(`${stage.base}/vendor/echarts.js`, { method: 'HEAD' })).status).toBe(200);
  });
});
