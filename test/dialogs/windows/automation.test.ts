import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInside } from '../../../services/azure/outbound.ts';
import { webhookSignature } from '../../../services/windows/index.ts';
import { HOOK_KEY, type House, openHouse } from '../../house.ts';

describe('automations and what is looked back on', () => {
  let house: House;
  let server: Server;
  let folder = '';
  let status = 200;
  const got: { id: string; stamp: string; signature: string; body: string }[] = [];
  const type = async (as: string, text: string) => {
    const answer = await house.app.console.ask({ as, text, yes: true });
    if (answer.status !== 200 || answer.body.kind !== 'answer') throw new Error(JSON.stringify(answer.body));
    return answer.body as { text: string; data: Record<string, never> & { url: string }[] };
  };

  beforeAll(async () => {
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (part) => {
        body += String(part);
      });
      req.on('end', () => {
        const one = (name: string) => String(req.headers[name] ?? '');
        got.push({ id: one('webhook-id'), stamp: one('webhook-timestamp'), signature: one('webhook-signature'), body });
        res.statusCode = status;
        res.end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise<void>((listening) => server.on('listening', () => listening()));
    folder = mkdtempSync(join(tmpdir(), 'wardroom-automation-'));
    const file = join(folder, 'wardroom.yaml');
    const { port } = server.address() as AddressInfo;
    const automation = `\nautomations:\n  - { id: logic-app, url: 'http://127.0.0.1:${port}/hook', events: ['windows.frozen', 'windows.thawed'], key: north }\n`;
    writeFileSync(file, readFileSync('infra/sandbox/northwind.yaml', 'utf8') + automation);
    house = await openHouse({ env: { WARDROOM_CONFIG: file } });
  });
  afterAll(async () => {
    server.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('sends what is named, signed and once; tries again, gives up, and sends again by hand', async () => {
    await type('ann', 'freeze ep-fraud until in 2 hours because of a test');
    await house.advance('PT15S');
    expect(got).toHaveLength(1);
    const [first] = got;
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      type: 'windows.frozen',
      data: { actor: 'ann', objects: ['FRZ-101'], why: 'a test' },
    });
    expect(first?.signature).toBe(webhookSignature(HOOK_KEY, first?.id ?? '', first?.stamp ?? '', first?.body ?? ''));
    status = 500;
    await type('ann', 'end freeze FRZ-101');
    await house.advance('PT20S');
    expect(got.length).toBeGreaterThan(2);
    expect(new Set(got.slice(1).map(({ id }) => id)).size).toBe(1);
    // Gone is gone: it is given up at once, and can be sent again by hand.
    status = 410;
    await house.advance('PT40S');
    const log = await type('finn', 'automations');
    expect(log.text).toMatch(/2 {2}dead {2}windows\.thawed {2}logic-app {2}it answered 410/);
    status = 200;
    expect((await type('finn', 'replay delivery 2')).text).toBe('Delivery 2 is sent again as 3.');
    await house.advance('PT1S');
    expect((await type('finn', 'automations')).text).toMatch(/3 {2}sent {2}windows\.thawed/);
  });

  it('gives a calendar to subscribe to, and nothing at another address', async () => {
    const said = await type('jon', 'subscribe to windows of ep-fraud');
    const url = (said.data as unknown as { url: string }).url;
    const feed = await fetch(url);
    expect(feed.headers.get('content-type')).toContain('text/calendar');
    expect(await feed.text()).toMatch(/BEGIN:VCALENDAR[\s\S]*SUMMARY:Freeze: Year-end freeze/);
    expect((await type('jon', 'subscribe to windows of ep-fraud')).text).toContain(url);
    expect((await fetch(url.replace(/[0-9a-f]{8}\.ics/, '00000000.ics'))).status).toBe(404);
  });

  it('says so when nothing has ended, whichever picture is asked for', async () => {
    for (const words of ['change flow', 'change flow by freezes of 30 days', 'dora by restore'])
      expect((await type('jon', words)).text).toBe('No change has ended in 30 days.');
  });

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1', '::1', 'fd00::1', '::ffff:127.0.0.1', '0.0.0.0'])(
    '%s is inside',
    (address) => expect(isInside(address)).toBe(true),
  );
  it.each(['20.50.2.1', '2603:1030::1'])('%s is outside', (address) => expect(isInside(address)).toBe(false));
});
