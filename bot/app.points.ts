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
  'turn-committed': 'what a person said or clicked is committed, the answer was not sent',
  'create-claimed': 'a new message is about to be taken by the Connector',
  'create-accepted': 'the Connector took a new message, nobody here knows its id',
  'edit-accepted': 'the Connector took an edit, nobody here knows',
  'put-claimed': 'a change is about to be taken by Azure',
  'put-accepted': 'Azure took a change, nobody here knows its operation',
} as const;
export type Point = keyof typeof POINTS;

const order = z.object({
  at: z.enum(Object.keys(POINTS) as [Point, ...Point[]]),
  /** Only where the decoded address contains this: a conversation, an endpoint. */
  about: z.string().optional(),
  /** Let this many pass first. */
  skip: z.number().int().nonnegative().default(0),
});

type Handle = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

export function killPoints(kill: () => void = () => process.kill(process.pid, 'SIGKILL')) {
  let armed: z.output<typeof order> | undefined;

  function pass(point: Point, address: string): void {
    if (armed?.at !== point || !decodeURIComponent(address).includes(armed.about ?? '')) return;
    if (armed.skip > 0) armed = { ...armed, skip: armed.skip - 1 };
    else kill();
  }

  /** Dies when the answer is about to be written: nothing of it has left. */
  function beforeAnswer(res: ServerResponse, point: Point, address: string): void {
    const { end } = res;
    res.end = ((...rest: Parameters<typeof end>) => {
      pass(point, address);
      return end.apply(res, rest);
    }) as typeof end;
  }

  return {
    fault: {
      summary: `The process ends as kill -9 would, at: ${Object.keys(POINTS).join(', ')}`,
      example: { where: 'process', at: 'create-accepted', about: '19:fraud-ops@thread.tacv2', skip: 0 },
      input: order,
      run: async (input: Record<string, unknown>) => {
        armed = order.parse(input);
        return armed;
      },
    },
    clear: () => {
      armed = undefined;
    },

    /** In front of everything the process hears over HTTP. */
    heard(handle: Handle): Handle {
      return async (req, res) => {
        const address = req.url ?? '';
        const writing = req.method === 'POST' ? 'create' : req.method === 'PUT' ? 'edit' : undefined;
        if (address.startsWith('/hooks/')) {
          beforeAnswer(res, 'hook-committed', address);
          res.once('finish', () => pass('hook-answered', address));
        } else if (address.startsWith('/api/messages')) {
          beforeAnswer(res, 'turn-committed', address);
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
          if (request.method !== 'PUT') return client.sendRequest(request);
          pass('put-claimed', request.url);
          const response = await client.sendRequest(request);
          pass('put-accepted', request.url);
          return response;
        },
      };
    },
  };
}
