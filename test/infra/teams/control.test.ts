import type { TurnContext } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { movableClock } from '../../../services/core/clock.ts';
import { cardOf, FRAUD, get, post, START, type Stage, startStage } from './stage.ts';

const bot = async (context: TurnContext) => {
  if (context.activity.type === 'message') await context.sendActivity(`echo ${context.activity.text}`);
};

describe('the control API', () => {
  let stage: Stage;
  let done: string[];
  beforeEach(async () => {
    stage = await startStage(bot);
    done = [];
    let due: string[] = [];
    stage.clock.onMove((now) => {
      due.push(`moved to ${now}`);
    });
    stage.teams.wire({
      settle: async () => {
        // Work that is due makes the bot speak, which is work again.
        const work = due;
        due = [];
        done.push(...work);
        if (work.length > 0) await stage.teams.say('ann', 'personal', 'tick');
      },
      events: {
        drift: {
          summary: 'A feature of an endpoint drifts',
          example: { endpoint: 'ep-fraud' },
          input: z.strictObject({ endpoint: z.string() }),
          run: async ({ endpoint }) => {
            due.push(`drift of ${endpoint}`);
            return { endpoint };
          },
        },
      },
      faults: {
        azure: {
          summary: 'Azure answers badly',
          example: { answer: 429 },
          input: z.strictObject({ answer: z.number() }),
          run: async ({ answer }) => void done.push(`azure ${answer}`),
        },
      },
      clearFaults: async () => void done.push('azure cleared'),
      reset: async () => void done.push('reset'),
      state: async () => ({ estate: { endpoints: 6 } }),
    });
  });
  afterEach(() => stage.stop());
  const control = (path: string, body: unknown = {}) => post(`${stage.base}/sandbox${path}`, body);

  it('moves the clock and answers when everything due has happened', async () => {
    expect(await control('/advance', { by: 'PT30M' })).toMatchObject({
      status: 200,
      body: { now: '2026-11-23T14:30:00Z' },
    });
    expect(done).toEqual(['moved to 2026-11-23T14:30:00Z']);
    expect(stage.teams.messages('a:ann').map(({ text }) => text)).toEqual(['tick', 'echo tick']);
    expect(await control('/advance', { to: '2026-11-24T00:00:00+01:00' })).toMatchObject({
      body: { now: '2026-11-23T23:00:00Z' },
    });
    expect((await get(`${stage.base}/sandbox/clock`)).body).toEqual({ now: '2026-11-23T23:00:00Z', frozen: true });
  });

  it('says what would be right when it is asked for something impossible', async () => {
    const cases: [string, unknown, RegExp][] = [
      ['/advance', {}, /give either \{"by":"PT30M"\}/],
      ['/advance', { by: 'PT1M', to: START.toString() }, /give either/],
      ['/advance', { by: '30 minutes' }, /not an ISO 8601 duration; write PT30M/],
      ['/advance', { by: '-PT1M' }, /only goes forward; it is 2026-11-23T14:00:00Z/],
      ['/advance', { to: 'tomorrow' }, /not an instant; write 2026/],
      ['/advance', { by: 'P10Y' }, /at most 400 days/],
      ['/event', {}, /name must be the name of an event/],
      ['/event', { name: 'flood' }, /there is no event "flood"; there are: drift/],
      ['/event', { name: 'constructor' }, /there is no event/],
      ['/event', { name: 'drift' }, /endpoint: /],
      ['/fault', { answer: 418 }, /answer must be one of 400, .* "reset" or "hang"/],
      ['/fault', { answer: 500, on: 'everything' }, /on must be one or several of create, edit/],
      ['/fault', { answer: 500, conversation: 'nowhere' }, /there is no "nowhere"/],
      ['/fault', { where: 'mars' }, /there are: teams, graph, azure/],
      ['/say', { conversation: 'personal', text: 'x' }, /as must be a person id/],
    ];
    for (const [path, body, message] of cases) {
      const answer = await control(path, body);
      expect([path, body, answer.status]).toEqual([path, body, 400]);
      expect((answer.body as unknown as { error: { message: string } }).error.message).toMatch(message);
    }
    expect((await control('/nothing')).body).toMatchObject({
      error: { message: expect.stringContaining('POST /sandbox/advance') },
    });
  });

  it('lets an event happen', async () => {
    expect(await control('/event', { name: 'drift', endpoint: 'ep-fraud' })).toMatchObject({
      status: 200,
      body: { name: 'drift', result: { endpoint: 'ep-fraud' } },
    });
    expect(done).toEqual(['drift of ep-fraud']);
  });

  it('injects faults in Teams and elsewhere, lists them and takes them back', async () => {
    expect(
      await control('/fault', { answer: 502, delivered: true, conversation: 'fraud-ops', count: 2 }),
    ).toMatchObject({
      body: { where: 'teams', fault: { answer: 502, delivered: true, place: FRAUD, left: 2 } },
    });
    await control('/fault', { where: 'azure', answer: 429 });
    await control('/fault', { where: 'graph', refuse: true });
    expect(stage.teams.graphMessages('GET', `/chats/a:ann/messages`).status).toBe(403);
    expect((await get(`${stage.base}/sandbox/state`)).body).toMatchObject({
      clock: { now: '2026-11-23T14:00:00Z' },
      teams: { faults: [{ answer: 502 }], installed: { team: true } },
      events: [{ name: 'drift', example: { endpoint: 'ep-fraud' } }],
      faultPlaces: [{ where: 'azure' }],
      estate: { endpoints: 6 },
    });
    expect((await fetch(`${stage.base}/sandbox/fault`, { method: 'DELETE' })).status).toBe(204);
    expect((await get(`${stage.base}/sandbox/state`)).body).toMatchObject({ teams: { faults: [] } });
    expect(stage.teams.graphMessages('GET', `/chats/a:ann/messages`).status).toBe(200);
    expect(done).toEqual(['azure 429', 'azure cleared']);
  });

  it('plays a person to the end and tells what the bot did', async () => {
    const said = await control('/say', { as: 'ben', conversation: 'fraud-ops', text: 'status', mentionBot: true });
    expect(said).toMatchObject({
      status: 200,
      body: {
        heard: true,
        message: { text: '<at>Wardroom</at> status' },
        calls: [{ operation: 'create', status: 201, body: { text: 'echo <at>Wardroom</at> status' } }],
      },
    });
    const { id = '' } = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      attachments: [cardOf('x', { actions: [{ type: 'Action.Submit', title: 'Go', data: { go: 1 } }] })],
    });
    expect(await control('/click', { as: 'ben', message: id, action: 'Go' })).toMatchObject({
      body: { outcome: { kind: 'sent' }, calls: [{ operation: 'create' }] },
    });
    const transcript = (await get(`${stage.base}/sandbox/transcript?after=1`)).body as unknown as {
      calls: { number: number }[];
    };
    expect(transcript.calls.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('starts from the beginning', async () => {
    await stage.teams.say('ann', 'personal', 'hello');
    stage.bot.heard.length = 0;
    expect((await control('/reset')).status).toBe(200);
    expect(done).toEqual(['reset']);
    expect(stage.teams.messages('a:ann')).toEqual([]);
    expect(stage.bot.heard.filter(({ type }) => type === 'installationUpdate')).toHaveLength(7);
  });

  it('takes the bot away from a place and brings it back', async () => {
    await control('/install', { conversation: 'fraud-ops', action: 'remove' });
    expect((await get(`${stage.base}/sandbox/state`)).body).toMatchObject({ teams: { installed: { team: false } } });
  });

  it('keeps its hands off a clock that cannot be moved', async () => {
    const { moveTo: _, onMove: __, frozen: ___, ...fixed } = movableClock({ start: START, frozen: true });
    const other = await startStage(bot, { clock: fixed });
    expect(await post(`${other.base}/sandbox/advance`, { by: 'PT1M' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('real clock') } },
    });
    await other.stop();
  });
});

describe("Graph's reading of messages", () => {
  it('lists threads, replies and chats newest first, page by page', async () => {
    const stage = await startStage(async () => undefined);
    const root = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      attachments: [cardOf('INC-1')],
    });
    for (const text of ['one', 'two', 'three'])
      await stage.client.conversations.sendToConversation(`${FRAUD};messageid=${root.id}`, { type: 'message', text });
    await stage.teams.say('ann', 'fraud-ops', 'a <b> question');
    const ask = (path: string) =>
      stage.teams.graphMessages('GET', path) as { status: number; body: Record<string, never> };
    const team = `/teams/11111111-0000-4000-8000-000000000001/channels/${encodeURIComponent(FRAUD)}/messages`;
    const first = ask(team);
    expect(first).toMatchObject({
      status: 200,
      body: {
        value: [
          {
            replyToId: null,
            from: { user: { id: '00000000-0000-4000-8000-000000000001', displayName: 'Ann Berg' }, application: null },
            body: { contentType: 'html', content: 'a &lt;b&gt; question' },
          },
          { id: root.id, from: { application: { id: 'wardroom' }, user: null }, channelIdentity: { channelId: FRAUD } },
        ],
      },
    });
    const card = first.body as unknown as { value: { attachments: { content: string }[] }[] };
    expect(JSON.parse(card.value[1]?.attachments[0]?.content ?? '')).toEqual(cardOf('INC-1').content);
    const replies = ask(`${team}/${root.id}/replies?$top=2`);
    expect(replies.body).toMatchObject({
      value: [{ body: { content: 'three' }, replyToId: root.id }, { body: { content: 'two' } }],
    });
    const next = String((replies.body as Record<string, unknown>)['@odata.nextLink']).replace(
      'https://graph.microsoft.com/v1.0',
      '',
    );
    expect(ask(next).body).toMatchObject({ value: [{ body: { content: 'one' } }] });
    expect(ask('/chats/a:ann/messages')).toMatchObject({ status: 200, body: { value: [] } });
    expect(ask('/chats/nowhere/messages').status).toBe(404);
    expect(ask(`${team}?$top=51`).status).toBe(400);
    expect(ask('/chats/%zz/messages').status).toBe(400);
    stage.teams.refuseGraph(true);
    expect(ask(team)).toMatchObject({ status: 403, body: { error: { code: 'Forbidden' } } });
    await stage.stop();
  });
});
