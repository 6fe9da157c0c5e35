import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { roster } from './activities.ts';

/** A call of the Bot Connector's REST interface, as the fake saw it. */
export interface Call {
  what: 'create' | 'edit' | 'typing';
  /** Without `;messageid=`. */
  conversation: string;
  /** Bytes of the activity. */
  bytes: number;
  body: Buffer;
}

export interface FakeConnector {
  serviceUrl: string;
  creates: number;
  edits: number;
  typings: number;
  bytes: number;
  /** Called for every create and edit, after it was read and before it is answered. */
  onCall: ((call: Call) => void) | undefined;
  close(): Promise<void>;
}

const TYPING_BYTES = 400;

/**
 * The least that both bots need of a Bot Connector: takes an activity, gives it an id. It lives in the process of the
 * load generator and keeps connections alive; it does not read what it is sent unless `onCall` does.
 */
export async function fakeConnector(): Promise<FakeConnector> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    if (req.method === 'GET') {
      const members = roster();
      res.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': members.length });
      res.end(members);
      return;
    }
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      // Shown to a person who waits longer than usual; it is not an answer.
      const typing = body.length < TYPING_BYTES && body.includes('"type":"typing"');
      const what = req.method === 'PUT' ? 'edit' : typing ? 'typing' : 'create';
      self[`${what}s`] += 1;
      self.bytes += body.length;
      self.onCall?.({ what, conversation: conversationOf(req), bytes: body.length, body });
      const answer = `{"id":"f:${self.creates}"}`;
      res.writeHead(what === 'edit' ? 200 : 201, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': answer.length,
      });
      res.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: FakeConnector = {
    serviceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    creates: 0,
    edits: 0,
    typings: 0,
    bytes: 0,
    onCall: undefined,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}

/** `/v3/conversations/{id}/activities[/{activity}]` */
const conversationOf = (req: IncomingMessage): string =>
  decodeURIComponent(req.url?.split('/')[3] ?? '').split(';messageid=')[0] ?? '';
