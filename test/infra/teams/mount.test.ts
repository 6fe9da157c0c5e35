import type { AddressInfo } from 'node:net';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import restify from 'restify';
import { describe, expect, it } from 'vitest';
import { createTeamsSandbox } from '../../../infra/sandbox/teams/sandbox.ts';
import { systemClock } from '../../../services/core/clock.ts';
import { randomIds } from '../../../services/core/ids.ts';
import { get, PEOPLE, post, TEAM, TENANT } from './stage.ts';

describe('the sandbox in front of a restify server', () => {
  it('shares one port with the bot and leaves it what is not its own', async () => {
    const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
    const server = restify.createServer();
    const address = () => `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    const teams = createTeamsSandbox({
      clock: systemClock,
      ids: randomIds,
      people: PEOPLE,
      channels: [{ id: 'fraud-ops', name: 'Fraud operations' }],
      chats: [],
      team: { id: TEAM, name: 'Northwind ML', tenantId: TENANT },
      botEndpoint: () => `${address()}/api/messages`,
      serviceUrl: () => `${address()}/connector/`,
      commands: async (who) => [{ text: `on call ${who}`, summary: 'who is on call' }],
    });
    server.pre((req, res, next) => {
      void teams.handle(req, res).then((done) => next(done ? false : undefined));
    });
    server.use(restify.plugins.bodyParser());
    server.post('/api/messages', async (req, res) => {
      await adapter.process(req, res, async (context) => {
        if (context.activity.type === 'message') await context.sendActivity(`echo ${context.activity.text}`);
      });
    });
    server.get('/healthz', async (_, res) => {
      res.send({ ok: true });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await teams.start();

    await teams.say('ann', 'personal', 'hello');
    expect(teams.messages('a:ann').map(({ text }) => text)).toEqual(['hello', 'echo hello']);
    expect(await get(`${address()}/healthz`)).toEqual({ status: 200, body: { ok: true } });
    expect((await get(`${address()}/nothing`)).status).toBe(404);
    expect(await get(`${address()}/room/api/state?as=ann`)).toMatchObject({
      status: 200,
      body: { commands: [{ text: 'on call ann' }] },
    });
    expect(await post(`${address()}/room/api/say`, '{')).toMatchObject({ status: 400 });

    const stop = new AbortController();
    const events = await fetch(`${address()}/room/api/events?as=ann`, { signal: stop.signal });
    expect(events.headers.get('content-type')).toMatch('text/event-stream');
    await post(`${address()}/room/api/say`, { as: 'ben', conversation: 'fraud-ops', text: 'live' });
    let text = '';
    for await (const part of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      if (text.includes('"live"')) break;
    }
    expect(text).toContain('event: message');
    stop.abort();
    await teams.close();
    server.server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
