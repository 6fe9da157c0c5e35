import { Agent, request } from 'node:http';
import { systemClock } from '../../services/core/clock.ts';

export interface Figures {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Milliseconds of the bot's processor time for one message: steady even when the machine is busy with other things. */
  cpuMs: number;
}

/** Posts JSON over kept-alive connections; resolves to the status once the whole answer is here. */
export function poster(url: string, connections: number, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port, pathname } = new URL(url);
  const post = (body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const req = request(
        {
          agent,
          hostname,
          port,
          path: pathname,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (res) => {
          res.resume();
          res.on('end', () => resolve(res.statusCode ?? 0));
        },
      );
      req.on('error', (error: NodeJS.ErrnoException) => {
        // The server ended an idle connection just as it was taken up again: nothing was read, so it is sent anew.
        if (req.reusedSocket && error.code === 'ECONNRESET') resolve(post(body));
        else reject(error);
      });
      req.end(body);
    });
  return { post, close: () => agent.destroy() };
}

/** `connections` clients, each sending its next message when the last one was answered, until `total` were sent. */
export async function closedLoop(
  connections: number,
  total: number,
  send: (index: number) => Promise<void>,
): Promise<Omit<Figures, 'cpuMs'>> {
  const took: number[] = [];
  let next = 0;
  const started = systemClock.monotonic();
  const client = async () => {
    while (next < total) {
      const index = next;
      next += 1;
      const at = systemClock.monotonic();
      await send(index);
      took.push(systemClock.monotonic() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (systemClock.monotonic() - started) / 1000;
  return { perSecond: total / seconds, ...percentiles(took) };
}

export function percentiles(took: readonly number[]): { p50: number; p99: number } {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? upper) + upper) / 2 : upper;
}
