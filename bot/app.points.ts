import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod/v4';
import type { HttpClient } from '../services/azure/wire.ts';

/**
 * Moments at which the sandbox can end its process as `kill -9` would: between a commit and its answer, between what the
 * outside has accepted and our knowing of it. They lie on the edges that the sandbox simulates, so no other code knows.
 */
export const POINTS = {
  'hook-committed': 'a webhook is committed, its 2xx was not sent',
  'hook-answered': 'a webhook was answered 2xx, nobody looked at it yet',
  'turn-committed': 'what a person said, clicked or signed is committed, the answer was not sent',
  'create-claimed': 'a new message is about to be taken by the Connector',
  'create-accepted': 'the Connector took a new message, nobody here knows its id',
  'edit-accepted': 'the Connector took an edit, nobody here knows',
  'put-claimed': 'a change is about to be taken by Azure',
  'put-accepted': 'Azure took a change, nobody here knows its operation',
  'read-answered': 'Azure answered a question, nobody wrote down what follows from it',
} as const;
export type Point = keyof typeof POINTS;

const order = z.object({
  at: z.enum(Object.keys(POINTS) as [Point, ...Point[]]),
  /** Only where the decoded address, and of what was said or clicked the body, contains all of these words. */
  about: z.union([z.string().transform((word) => [word]), z.array(z.string())]).default([]),
  /** Let this many pass first. */
  skip: z.number().int().nonnegative().default(0),
});

type Handle = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/** Each order is met once; they are kept in `file`, so that the next life of the process meets the others. */
export function killPoints(file: string, kill: () => void = () => process.kill(process.pid, 'SIGKILL')) {
  let orders = existsSync(file) ? z.array(order).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  const keep = (next: typeof orders) => {
    orders = next;
    writeFileSync(file, JSON.stringify(orders));
  };

  function pass(point: Point, address: string, body?: unknown): void {
    if (orders.length === 0) return;
    const where = `${decodeURIComponent(address)} ${body === undefined ? '' : JSON.stringify(body)}`;
    const met = orders.find(({ at, about }) => at === point && about.every((word) => where.includes(word)));
    if (!met) return;
    const left = met.skip > 0 ? [{ ...met, skip: met.skip - 1 }] : [];
    keep(orders.flatMap((each) => (each === met ? left : [each])));
    if (left.length === 0) kill();
  }

  /** Dies when the answer is about to be written: nothing of it has left. */
  function beforeAnswer(req: IncomingMessage, res: ServerResponse, point: Point): void {
    const { end } = res;
    res.end = ((...rest: Parameters<typeof end>) => {
      // restify puts the parsed body there.
      pass(point, req.url ?? '', (req as { body?: unknown }).body);
      return end.apply(res, rest);
    }) as typeof end;
  }

  return {
    fault: {
      summary: `The process ends as kill -9 would, once at each order: ${Object.keys(POINTS).join(', ')}`,
      example: { where: 'process', at: 'create-accepted', about: '19:fraud-ops@thread.tacv2', skip: 0 },
      input: order,
      run: async (input: Record<string, unknown>) => {
        keep([...orders, order.parse(input)]);
        return orders;
      },
    },
    clear: () => keep([]),

    /** In front of everything the process hears over HTTP. */
    heard(handle: Handle): Handle {
      return async (req, res) => {
        const address = req.url ?? '';
        const writing = req.method === 'POST' ? 'create' : req.method === 'PUT' ? 'edit' : undefined;
        if (address.startsWith('/hooks/')) {
          beforeAnswer(req, res, 'hook-committed');
          res.once('finish', () => pass('hook-answered', address));
        } else if (address.startsWith('/api/messages') || address.startsWith('/sign/')) {
          beforeAnswer(req, res, 'turn-committed');
        } else if (address.startsWith('/connector/v3/conversations') && writing) {
          if (writing === 'create') pass('create-claimed', address);
          const done = await handle(req, res);
          pass(`${writing}-accepted`, address);
          return done;
        }
        return handle(req, res);
      };
    },

    /** Around everything the process asks of Azure. */
    asked(client: HttpClient): HttpClient {
      return {
        async sendRequest(request) {
          if (request.method !== 'PUT') {
            const answer = await client.sendRequest(request);
            pass('read-answered', request.url, typeof request.body === 'string' ? request.body : undefined);
            return answer;
          }
          pass('put-claimed', request.url);
          const response = await client.sendRequest(request);
          pass('put-accepted', request.url);
          return response;
        },
      };
    },
  };
}
