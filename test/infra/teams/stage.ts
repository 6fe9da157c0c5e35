import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { ConnectorClient, MicrosoftAppCredentials } from 'botframework-connector';
import { Temporal } from 'temporal-polyfill';
import { createTeamsSandbox, type TeamsSandboxOptions } from '../../../infra/sandbox/teams/sandbox.ts';
import { type MovableClock, movableClock } from '../../../services/core/clock.ts';
import { seededIds } from '../../../services/core/ids.ts';

/** Northwind, as far as these tests need it. */
export const PEOPLE = ['Ann Berg', 'Ben Okafor', 'Cara Lindt', 'Dev Patel', 'Max Stone'].map((name, index) => ({
  id: name.split(' ')[0]?.toLowerCase() ?? '',
  name,
  entraId: `00000000-0000-4000-8000-00000000000${index + 1}`,
  email: `${name.replace(' ', '.').toLowerCase()}@northwind.example`,
  zone: index === 3 ? 'Asia/Kolkata' : 'Europe/Amsterdam',
  active: name !== 'Max Stone',
}));

export const FRAUD = '19:fraud-ops@thread.tacv2';
export const WAR_ROOM = '19:fraud-war-room@thread.v2';
export const TEAM = '19:northwind-ml@thread.tacv2';
export const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';

type Turn = (context: TurnContext) => Promise<void>;

/** A bot made of the real CloudAdapter on a bare HTTP server; `turn` is what it does with everything it hears. */
export async function startBot(turn: Turn) {
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const problems: unknown[] = [];
  adapter.onTurnError = async (_, error) => {
    problems.push(error);
  };
  const heard: Record<string, unknown>[] = [];
  /** Statuses to answer instead of taking the activity, first come first served. */
  const refusals: number[] = [];
  const handler = new ActivityHandler();
  handler.onTurn(async (context, next) => {
    await turn(context);
    await next();
  });
  const server: Server = createServer((req, res) => {
    void (async () => {
      const text = await textOf(req);
      const body = JSON.parse(text) as Record<string, unknown>;
      // The adapter changes the body it is given (dates), so that a second copy is kept.
      heard.push(JSON.parse(text) as Record<string, unknown>);
      const refusal = refusals.shift();
      if (refusal !== undefined) {
        res.writeHead(refusal).end();
        return;
      }
      const request = { method: req.method, headers: req.headers, body };
      const response = {
        socket: res.socket,
        header: (name: string, value: string) => res.setHeader(name, value),
        status: (code: number) => {
          res.statusCode = code;
        },
        send: (answer: unknown) => {
          res.setHeader('content-type', 'application/json');
          res.write(JSON.stringify(answer));
        },
        end: () => res.end(),
      };
      await adapter.process(request as never, response as never, (context) => handler.run(context));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    adapter,
    heard,
    problems,
    refusals,
    endpoint: `http://127.0.0.1:${port}/api/messages`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Stage {
  teams: ReturnType<typeof createTeamsSandbox>;
  bot: Awaited<ReturnType<typeof startBot>>;
  clock: MovableClock;
  /** Where the sandbox listens, without a slash at the end. */
  base: string;
  /** A connector client whose own retries are off, as the bot of the product has it. */
  client: ConnectorClient;
  /** Forgets the process without telling it: what is left is the journal. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export const START = Temporal.Instant.from('2026-11-23T14:00:00Z');

export async function startStage(turn: Turn, options: Partial<TeamsSandboxOptions> = {}): Promise<Stage> {
  const bot = await startBot(turn);
  const clock = (options.clock as MovableClock | undefined) ?? movableClock({ start: START, frozen: true });
  let port = 0;
  const teams = createTeamsSandbox({
    clock,
    ids: seededIds(7),
    people: PEOPLE,
    channels: [
      { id: 'fraud-ops', name: 'Fraud operations', conversation: FRAUD },
      { id: 'ml-platform', name: 'ML platform' },
    ],
    chats: [{ id: WAR_ROOM, name: 'Fraud war room', members: ['ann', 'ben', 'cara'] }],
    team: { id: TEAM, name: 'Northwind ML', tenantId: TENANT, groupId: '11111111-0000-4000-8000-000000000001' },
    botEndpoint: () => bot.endpoint,
    serviceUrl: () => `http://127.0.0.1:${port}/connector/`,
    limits: 'off',
    redeliverAfterMs: 300,
    ...options,
  });
  const listening = await teams.listen(0);
  port = listening.port;
  await teams.start();
  bot.heard.length = 0;
  const client = new ConnectorClient(new MicrosoftAppCredentials('', ''), {
    baseUri: `http://127.0.0.1:${port}/connector/`,
  });
  withoutRetries(client);
  return {
    teams,
    bot,
    clock,
    client,
    base: `http://127.0.0.1:${port}`,
    async kill() {
      await listening.close();
      await bot.close();
    },
    async stop() {
      await teams.close();
      await listening.close();
      await bot.close();
    },
  };
}

/** The client re-sends creates on its own; `maxRetries` does not stop it, taking the policy out does. */
export function withoutRetries(client: ConnectorClient): void {
  const inner = client as unknown as { client: { pipeline: { removePolicy(which: { name: string }): unknown } } };
  inner.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
}

async function textOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** A card with this body and these actions, as an attachment. */
export const cardOf = (text: string, more: Record<string, unknown> = {}) => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text, wrap: true }], ...more },
});

/** The text of the first block of a message's card, as its reader sees it. */
export const headline = (message: { attachments: { content?: unknown }[] }): string => {
  const card = message.attachments[0]?.content as { body: { text: string }[] } | undefined;
  return card?.body[0]?.text ?? '';
};

export const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    body: (text ? JSON.parse(text) : {}) as Record<string, never>,
    headers: answer.headers,
  };
};

export const get = async (url: string) => {
  const answer = await fetch(url);
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Record<string, never> };
};
