import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../child.ts';
import { type House, openHouse, textOf } from '../../house.ts';

const home = mkdtempSync(join(tmpdir(), 'wardroom-explain-'));
let house: House;
let env: Record<string, string>;
beforeAll(async () => {
  env = { PORT: String(await freePort()) };
  house = await openHouse({ home, env });
  const alert = (fingerprint: string, labels: object, summary: string) => ({
    status: 'firing',
    fingerprint,
    labels: { alertname: 'Latency', severity: 'critical', ...labels },
    annotations: { summary },
    startsAt: '2026-11-23T14:04:00Z',
  });
  const deliver = (alerts: readonly unknown[]) => house.hook('/hooks/alertmanager', { version: '4', alerts });
  await deliver([alert('a', { endpoint: 'ep-fraud' }, 'ep-fraud is slow')]);
  await house.advance('PT10S');
  await deliver([alert('b', { endpoint: 'ep-fraud' }, 'ep-fraud is slower'), 7]);
  await deliver([alert('c', { instance: 'node-1' }, '<at>Ann Berg</at> **[x](https://evil.example)**')]);
  await house.hook('/hooks/azure-monitor', { schemaId: 'somethingNew' });
  await house.advance('PT10S');
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const asked = async (as: string, words: string): Promise<string> => {
  await house.say(as, 'personal', words);
  return textOf((await house.messages(as, 'personal')).at(-1));
};

it('an alert that opened an incident is explained: as what it was read, where it belongs, how bad, who was told', async () => {
  const said = await asked('kim', 'explain EVT-1');
  for (const words of [
    'ep-fraud is slow',
    'alertmanager:a@ep-fraud',
    'fired, Sev0, latency',
    'ep-fraud, owned by Fraud',
    'opened INC-101',
    'No open incident of ep-fraud had a signal',
    'the worst signal is Sev0',
    'an hour at risk',
    'step 1: Ann Berg',
  ]) {
    expect(said).toContain(words);
  }
});

it('one that joined says by which rule', async () => {
  const said = await asked('kim', 'alerts explain EVT-2');
  expect(said).toContain('joined INC-101');
  expect(said).toContain('had a signal less than 30 minutes before');
  expect(said).toContain('**Severity** · SEV 1 | ');
});

it('what does not fit, what nobody knows and what nobody owns are told apart', async () => {
  const list = await asked('kim', 'events');
  expect(list).toContain('EVT-5');
  expect(list).toContain('2 not understood');
  const all = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => house.app.rooms.alerts.explain(house.app.rooms.db, `EVT-${n}`)),
  );
  const idOf = (state: string) => all.find((event) => event?.state === state)?.id ?? state;
  expect(await asked('kim', `explain ${idOf('malformed')}`)).toMatch(/it does not fit/);
  expect(await asked('kim', `explain ${idOf('unknown')}`)).toMatch(/nobody knows “somethingNew”/);
  const stray = all.find((event) => event?.signal && !event.endpoint)?.id;
  const said = await asked('kim', `explain ${stray}`);
  expect(said).toContain('the fallback channel');
  expect(said).not.toMatch(/<at>Ann|\[x\]\(https/);
});

it('the events of an incident are those that it is made of, and a press explains one', async () => {
  const list = await asked('ann', 'events of INC-101');
  expect(list).toContain('ep-fraud is slower');
  expect(list).not.toContain('somethingNew');
  const message = (await house.messages('ann', 'personal')).at(-1);
  const { outcome } = await house.click('ann', message?.id ?? '', 'Explain EVT-2');
  expect(JSON.stringify(outcome)).toContain('joined INC-101');
});

it('an event that never was, and a name that is none, are answered with what to do', async () => {
  expect(await asked('kim', 'explain EVT-999999999')).toContain('There is no event EVT-999999999');
  expect(await asked('kim', "explain EVT-1'; drop table hook_events")).not.toContain('opened INC-101');
  expect(await asked('kim', 'explain EVT-99999999999999999999')).toMatch(/EVT/);
});

it('refused calls are counted by day for admins, and for nobody else', async () => {
  for (let count = 0; count < 3; count += 1) {
    await house.hook('/hooks/alertmanager', {}, { 'x-wardroom-key': 'wrong' });
  }
  await house.hook('/hooks/generic/<at>x', {}, { 'x-wardroom-key': '' });
  const said = await asked('finn', 'rejected calls');
  expect(said).toContain('4 webhook calls refused');
  expect(said).toContain('**3 calls** at the door of Alertmanager: their key is not one of ours');
  expect(said).toContain('**1 call** at the door of your own webhooks: they brought no key');
  expect(await asked('kim', 'rejected calls')).not.toContain('alertmanager');
});

it('all of it is still known after a restart', async () => {
  await house.stop();
  house = await openHouse({ home, env });
  expect(await asked('kim', 'explain EVT-1')).toContain('opened INC-101');
  expect(await asked('finn', 'rejected calls')).toContain('4 webhook calls refused');
});
