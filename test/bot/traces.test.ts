import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Traces, traces } from '../../bot/traces.ts';
import { Refused } from '../../services/core/errors.ts';
import { silentLog } from '../../services/core/log.ts';
import { openHouse } from '../house.ts';

interface Sent {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code?: number; message?: string };
  attributes: { key: string; value: Record<string, unknown> }[];
}

/** A collector that keeps what it is sent, on this machine. */
class Collector {
  readonly spans: Sent[] = [];
  readonly resources: string[] = [];
  readonly paths = new Set<string>();
  private server: Server | undefined;
  url = '';

  async open(): Promise<void> {
    this.server = createServer((req, res) => {
      const parts: Buffer[] = [];
      req.on('data', (part: Buffer) => parts.push(part));
      req.on('end', () => {
        this.paths.add(`${req.method} ${req.url}`);
        const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as {
          resourceSpans: { resource: object; scopeSpans: { spans: Sent[] }[] }[];
        };
        for (const { resource, scopeSpans } of body.resourceSpans) {
          this.resources.push(JSON.stringify(resource));
          this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
        }
        // restify replaces writeHead by one that returns nothing.
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async close(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }
  named = (name: string): Sent[] => this.spans.filter((span) => span.name === name);
}

describe('traces', () => {
  const collector = new Collector();
  beforeAll(() => collector.open());
  afterAll(() => collector.close());

  it('tell of turns, jobs, deliveries, hooks and Azure calls, and what was part of what', async () => {
    const house = await openHouse({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` } });
    await house.event('drift', { endpoint: 'ep-fraud' });
    await house.advance('PT1M');
    await house.app.console.ask({ as: 'ann', text: 'endpoint ep-fraud' });
    await house.app.console.ask({ as: 'ann', text: 'colourless green ideas' });
    await house.stop();

    expect([...collector.paths]).toEqual(['POST /v1/traces']);
    expect(collector.resources[0]).toContain('"wardroom"');
    for (const name of [
      'fleet.endpoint',
      'turn',
      'job alerts-process',
      'job alerts-investigate',
      'delivery alerts.incident',
      'hook eventgrid',
    ]) {
      expect(collector.named(name).length, name).toBeGreaterThan(0);
    }
    const [turn] = collector.named('fleet.endpoint');
    expect(turn?.parentSpanId).toBeUndefined();
    const asked = collector.spans.filter((span) => span.parentSpanId === turn?.spanId);
    expect(new Set(asked.map(({ name }) => name))).toEqual(
      new Set(['Azure Machine Learning read', 'Azure Monitor metrics read']),
    );
    expect(asked.every(({ traceId }) => traceId === turn?.traceId)).toBe(true);
    const [investigation] = collector.named('job alerts-investigate');
    expect(investigation?.parentSpanId).toBeUndefined();
    // What people write is theirs: only ids and names of things go out.
    expect(JSON.stringify(collector.spans)).not.toContain('what is this');
  });

  describe('by themselves', () => {
    let own: Traces;
    beforeAll(() => {
      own = traces({ endpoint: collector.url, log: silentLog, mode: 'sandbox' });
    });

    it('mark a fault, and no refusal', async () => {
      const fault = own.traced('fault', {}, () => Promise.reject(new Error('the disk is full')));
      await expect(fault).rejects.toThrow('the disk is full');
      const no = own.traced('refusal', {}, () => Promise.reject(new Refused('You may not.')));
      await expect(no).rejects.toThrow('You may not.');
      await own.traced('said', {}, async (span) => span.failed('reference K7QX-2M'));
      await own.stop();
      expect(collector.named('fault')[0]?.status).toMatchObject({ code: 2, message: 'the disk is full' });
      expect(collector.named('refusal')[0]?.status.code ?? 0).toBe(0);
      expect(collector.named('said')[0]?.status).toMatchObject({ code: 2 });
    });
  });

  it('cost nothing but themselves when the collector is away', async () => {
    const lost: string[] = [];
    const log = { ...silentLog, warn: (_fields: object, message: string) => void lost.push(message) };
    const nobody = traces({ endpoint: 'http://127.0.0.1:9', log, mode: 'sandbox' });
    await expect(nobody.traced('work', {}, async () => 7)).resolves.toBe(7);
    await nobody.stop();
    expect(lost.length).toBeGreaterThan(0);
  }, 30_000);
});
