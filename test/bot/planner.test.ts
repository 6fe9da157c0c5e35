import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleAnswer } from '../../bot/console-door.ts';
import { type House, openHouse, textOf } from '../house.ts';

interface Asked {
  path: string;
  authorization: string | undefined;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    tools?: { type: string; function: { name: string; description: string; parameters: { type: string } } }[];
  };
}

/** A server that speaks OpenAI's chat completions and answers what the test says. Nothing here leaves this machine. */
let server: Server;
let url = '';
let asked: Asked[] = [];
let reply: { status?: number; body: unknown } = { body: {} };

const calling = (...calls: [name: string, args: unknown][]) => ({
  body: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'model-of-the-test',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: null,
          tool_calls: calls.map(([name, args], index) => ({
            id: `call_${index}`,
            type: 'function',
            function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
          })),
        },
      },
    ],
  },
});
const saying = (content: string) => ({
  body: { ...calling().body, choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }] },
});

beforeAll(async () => {
  server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const { authorization } = req.headers;
      asked.push({ path: req.url ?? '', authorization, body: JSON.parse(Buffer.concat(parts).toString('utf8')) });
      res.statusCode = reply.status ?? 200;
      res.setHeader('content-type', 'application/json');
      res.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('words that no phrase came near', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({
      env: { OPENAI_API_KEY: 'key-of-the-test', OPENAI_BASE_URL: url, OPENAI_MODEL: 'model-of-the-test' },
    });
    await house.event('drift', { endpoint: 'ep-fraud' });
    await house.advance('PT1M');
  });
  afterAll(() => house.stop());
  beforeEach(() => {
    asked = [];
    reply = saying('I cannot help with that.');
  });

  const type = async (as: string, text: string, yes = false): Promise<ConsoleAnswer> => {
    const answer = await house.app.console.ask({ as, text, yes });
    if (answer.status !== 200) throw new Error(answer.body.error);
    return answer.body;
  };

  it('become a question that is answered, under what was understood', async () => {
    reply = calling(['fleet_endpoint', { endpoint: 'ep-fraud' }]);
    const answer = await type('jon', 'how is our fraud scoring doing tonight');
    expect(answer).toMatchObject({ kind: 'answer', capability: 'fleet.endpoint' });
    expect(answer.text).toMatch(/^I understood: “endpoint ep-fraud”\.\n.*ep-fraud/);
    expect(answer.shown).toContain('I understood: “endpoint ep-fraud”.');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      path: '/v1/chat/completions',
      authorization: 'Bearer key-of-the-test',
      body: { model: 'model-of-the-test' },
    });
    expect(asked[0]?.body.messages.at(-1)).toEqual({ role: 'user', content: 'how is our fraud scoring doing tonight' });
    expect(asked[0]?.body.messages[0]?.role).toBe('system');
  });

  it('are not shown to the model when a phrase reads them', async () => {
    expect((await type('ann', 'incidents')).kind).toBe('answer');
    expect(asked).toEqual([]);
  });

  it('show the model only what this person may run', async () => {
    await type('jon', 'somebody has to look at the fraud thing');
    const forJon = asked[0]?.body.tools?.map(({ function: { name } }) => name) ?? [];
    await type('ann', 'somebody has to look at the fraud thing');
    const forAnn = asked[1]?.body.tools?.map(({ function: { name } }) => name) ?? [];
    expect(forJon).toContain('alerts_show');
    expect(forJon).not.toContain('alerts_acknowledge');
    expect(forAnn).toContain('alerts_acknowledge');
    for (const { function: tool } of asked[1]?.body.tools ?? []) expect(tool.parameters.type).toBe('object');
  });

  it('run nothing that the person may not run, whatever the model says', async () => {
    reply = calling(['alerts_acknowledge', { incident: 'INC-101' }]);
    expect((await type('jon', 'I take care of the fraud thing')).kind).toBe('unknown');
    expect((await type('jon', 'incident INC-101')).shown).toMatch(/firing/);
  });

  it('change nothing before the person has confirmed it, not even with --yes', async () => {
    reply = calling(['alerts_acknowledge', { incident: 'INC-101' }]);
    const answer = await type('ben', 'I take care of the fraud thing', true);
    expect(answer).toMatchObject({ kind: 'confirm', capability: 'alerts.acknowledge' });
    expect(answer.text).toMatch(/^I understood: “ack INC-101”\./);
    expect((await type('jon', 'incident INC-101')).shown).toMatch(/firing/);
    const { confirmation } = answer.data as { confirmation: string };
    expect((await type('ann', `confirm ${confirmation}`)).kind).toBe('refused');
    expect((await type('ben', `confirm ${confirmation}`)).kind).toBe('answer');
    expect((await type('jon', 'incident INC-101')).shown).toMatch(/acknowledged/);
  });

  it('are asked about with a card in the chat, and the click does it', async () => {
    reply = calling(['approvals_rollback', { endpoint: 'ep-fraud', reason: 'v7 drifts' }]);
    await house.say('dev', 'personal', 'please bring the older fraud model back since v7 drifts');
    await house.advance('PT1S');
    const question = (await house.messages('dev', 'personal')).find((message) => /I understood/.test(textOf(message)));
    expect(textOf(question)).toMatch(/I understood: “rollback ep-fraud because v7 drifts”/);
    expect((await type('jon', 'requests')).text).toMatch(/no request/i);
    await house.click('dev', question?.id ?? '', 'Yes, go ahead');
    expect((await type('jon', 'requests')).text).toMatch(/REQ-101/);
  });

  it.each([
    ['a tool that does not exist', calling(['estate_destroy', {}])],
    ['two tools at once', calling(['alerts_list', {}], ['fleet_endpoints', {}])],
    ['arguments that do not fit', calling(['alerts_show', { incident: 'the fraud one' }])],
    ['arguments that are missing', calling(['alerts_show', {}])],
    ['arguments that are not JSON', calling(['alerts_show', '{"incident":'])],
    ['arguments that are a list', calling(['alerts_show', '[1]'])],
    ['words instead of a tool', saying('Have you tried turning it off?')],
    ['an empty answer', { body: { choices: [] } }],
    ['no JSON', { body: '<html>' }],
    ['no choice at all', { body: {} }],
    ['an error', { status: 500, body: { error: { message: 'overloaded' } } }],
    ['too many requests', { status: 429, body: { error: { message: 'slow down' } } }],
  ])('are simply not understood when the model answers with %s', async (_what, answer) => {
    reply = answer;
    const heard = await type('ann', 'make the coffee machine sing');
    expect(heard).toMatchObject({ kind: 'unknown', text: expect.stringContaining('I did not understand that.') });
  });

  it('are handed on as they are, and cannot become a template', async () => {
    await type('ann', 'coffee {{$temp}} {{call}} please');
    expect(asked[0]?.body.messages.at(-1)?.content).toBe('coffee {{$temp}} {{call}} please');
  });
});
