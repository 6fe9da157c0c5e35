import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { activity, deliver, from, press } from './raw.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
beforeEach(async () => {
  await post('/sandbox/reset', {});
});
afterAll(() => house.stop());

const post = (path: string, body: object) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const place = (key: string) =>
  house.app.rooms.db.selectFrom('conversations').selectAll().where('key', '=', key).executeTakeFirst();
const raw = (more: object) => deliver(house, activity(house, more));

const CHANNEL = {
  conversation: { id: '19:fraud-ops@thread.tacv2', conversationType: 'channel', isGroup: true },
};
const channelData = (more: object = {}) => ({
  channelData: {
    tenant: { id: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001' },
    team: { id: '19:northwind-ml@thread.tacv2' },
    channel: { id: '19:fraud-ops@thread.tacv2', name: 'Fraud operations' },
    ...more,
  },
});

describe('conversation references', () => {
  it('are kept on installation, for channels, chats and people', async () => {
    expect(await place('channel:fraud-ops')).toMatchObject({
      conversation_id: '19:fraud-ops@thread.tacv2',
      kind: 'channel',
      team_id: '19:northwind-ml@thread.tacv2',
      installed: true,
      service_url: `${house.url}/connector/`,
    });
    expect(await place('person:ann')).toMatchObject({ conversation_id: 'a:ann', kind: 'personal', installed: true });
    expect(await place('chat:19:fraud-war-room@thread.v2')).toMatchObject({ kind: 'group', installed: true });
  });

  it('are dropped on removal and good again after the next installation', async () => {
    await post('/sandbox/install', { conversation: 'a:ben', action: 'remove' });
    expect(await place('person:ben')).toMatchObject({ installed: false });
    await post('/sandbox/install', { conversation: 'a:ben', action: 'add' });
    expect(await place('person:ben')).toMatchObject({ installed: true });
  });

  it('follow a channel that is renamed, and a team without us', async () => {
    const event = (eventType: string, channel: object = {}) =>
      raw({ type: 'conversationUpdate', id: eventType, ...CHANNEL, ...channelData({ eventType, ...channel }) });
    await event('channelRenamed', { channel: { id: '19:fraud-ops@thread.tacv2', name: 'Fraud, day and night' } });
    expect(await place('channel:fraud-ops')).toMatchObject({ name: 'Fraud, day and night', installed: true });
    await event('channelDeleted');
    expect(await place('channel:fraud-ops')).toMatchObject({ installed: false });
  });

  it('are dropped when the bot is removed as a member', async () => {
    const gone = { type: 'conversationUpdate', id: 'gone', membersRemoved: [{ id: '28:wardroom' }] };
    await raw({ ...gone, ...CHANNEL, ...channelData() });
    expect(await place('channel:fraud-ops')).toMatchObject({ installed: false });
  });

  it('are not touched when somebody else joins or leaves', async () => {
    const before = await place('channel:fraud-ops');
    for (const change of [{ membersAdded: [{ id: '29:kim' }] }, { membersRemoved: [{ id: '29:kim' }] }])
      expect(
        (await raw({ type: 'conversationUpdate', id: 'kim', ...change, ...CHANNEL, ...channelData() })).status,
      ).toBe(200);
    expect(await place('channel:fraud-ops')).toEqual(before);
  });
});

describe('what Teams may post besides', () => {
  it('is answered 200 when it is an event nobody knows', async () => {
    for (const type of ['event', 'messageReaction', 'typing', 'messageUpdate', 'endOfConversation', 'somethingNew'])
      expect((await raw({ type, id: `unknown-${type}`, name: 'application/vnd.microsoft.new' })).status, type).toBe(
        200,
      );
    const archived = {
      type: 'conversationUpdate',
      id: 'archived',
      ...CHANNEL,
      ...channelData({ eventType: 'teamArchived' }),
    };
    expect((await raw(archived)).status).toBe(200);
    // Events of a meeting have no sender.
    expect((await raw({ type: 'event', id: 'meeting', from: undefined, recipient: undefined })).status).toBe(200);
  });

  it('is answered 400 when it is no activity', async () => {
    const broken: unknown[] = [
      '{',
      '[]',
      '"text"',
      'null',
      '7',
      '',
      {},
      { type: 7 },
      { type: '' },
      { type: '<script>' },
    ];
    for (const body of broken) expect((await deliver(house, body)).status, JSON.stringify(body)).toBe(400);
    for (const missing of ['from', 'conversation', 'recipient', 'channelId'])
      for (const type of ['message', 'invoke'])
        expect((await raw({ type, [missing]: undefined })).status, `${type} without ${missing}`).toBe(400);
    expect((await raw({ conversation: { id: '' } })).status).toBe(400);
  });

  it('is answered 413 when it is too large', async () => {
    expect((await raw({ text: 'x'.repeat(3_000_000) })).status).toBe(413);
  });

  it('is answered 200 with a sentence when a button is unknown or its data are odd', async () => {
    for (const [index, pressed] of [
      press('nothing.known', {}),
      press(7, 'text'),
      press('alerts.acknowledge', null),
      press('alerts.acknowledge', []),
      { type: 'invoke', name: 'adaptiveCard/action' },
      { type: 'invoke', name: 'adaptiveCard/action', value: 'text' },
      { type: 'invoke', name: 'adaptiveCard/action', value: { action: null } },
    ].entries()) {
      const { status, body } = await raw({ ...pressed, id: `odd-${index}` });
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 200, value: expect.stringMatching(/^\w.{10,200}$/) });
    }
    for (const [index, value] of [{}, [], 'text', { data: null }, { data: { verb: 'alerts.nothing' } }].entries())
      for (const name of ['task/fetch', 'task/submit']) {
        const { status, body } = await raw({ type: 'invoke', name, value, id: `${name}-${index}` });
        expect(status).toBe(200);
        expect(body).toMatchObject({ task: { type: 'message' } });
      }
  });

  it('is answered 200 with an error body when a click fails inside, and the person gets a reference', async () => {
    await house.event('latency', { endpoint: 'ep-fraud' });
    await house.advance('PT7M');
    const { rooms } = house.app;
    const acknowledge = rooms.alerts.acknowledge;
    rooms.alerts.acknowledge = async () => {
      throw new Error('the secret inside');
    };
    try {
      const { status, body, text } = await raw({
        ...press('alerts.acknowledge', { incident: 'INC-101' }),
        id: 'fault',
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        statusCode: 500,
        type: 'application/vnd.microsoft.error',
        value: { message: expect.stringMatching(/nothing was changed.*reference [0-9A-Z]{4}-[0-9A-Z]{2}/) },
      });
      expect(text).not.toMatch(/secret inside/);
    } finally {
      rooms.alerts.acknowledge = acknowledge;
    }
  });

  it('is not believed about who speaks: the name in an activity gives no rights', async () => {
    const forged = { from: { id: '29:jon', name: 'Finn O’Hara (admin)', aadObjectId: from('jon').from.aadObjectId } };
    await raw({
      ...forged,
      id: 'name',
      text: 'dead letters',
      conversation: { id: 'a:jon', conversationType: 'personal' },
    });
    await post('/sandbox/settle', {});
    const [answer] = (await house.messages('jon', 'personal')).slice(-1);
    expect(JSON.stringify(answer)).not.toMatch(/Every message was delivered/);
  });
});

describe('the sandbox, which checks no signatures,', () => {
  const knock = (path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const body = JSON.stringify(activity(house, { text: 'incidents' }));
      const call = request(
        `${house.url}${path}`,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      call.on('error', reject);
      call.end(body);
    });

  for (const path of ['/api/messages', '/hooks/eventgrid', '/hooks/azure-monitor', '/console', '/sandbox/reset'])
    it(`refuses a foreign Host and a foreign Origin on ${path}`, async () => {
      expect(await knock(path, { host: 'wardroom.example.com' })).toBe(403);
      expect(await knock(path, { origin: 'https://evil.example' })).toBe(403);
      expect(await knock(path, { origin: 'null' })).toBe(403);
    });

  it('answers this machine', async () => {
    expect(await knock('/api/messages', {})).toBe(200);
    expect(await knock('/api/messages', { origin: house.url })).toBe(200);
  });
});
