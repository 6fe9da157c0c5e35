import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sizeOf } from '../../../cards/size.ts';
import { freePort } from '../../child.ts';
import { textOf } from '../../house.ts';
import { openTimeline, PLATFORM, type Timeline } from './timeline.ts';

/** Keys, order, storms, restarts, worse and forgotten incidents, and chat nonsense. */
const FRAUD = '19:fraud-ops@thread.tacv2';
const MIN = 60;
const home = mkdtempSync(join(tmpdir(), 'wardroom-noisy-'));
const yaml = (more: string) => `routes:
  - { id: default${more} }
  - { id: grouped, match: story = grouped, groupBy: [], groupWait: 1s, groupInterval: 5s, repeat: 1h }
`;
let story: Timeline;
beforeAll(async () => {
  story = await openTimeline(yaml(''), { home, env: { PORT: String(await freePort()) } });
});
afterEach(() => story.finish());
afterAll(async () => {
  await story.stop();
  rmSync(home, { recursive: true, force: true });
});
const open = async () => story.house.app.rooms.alerts.list(story.house.app.rooms.db, { open: true, most: 600 });
const created = async (place: string) => (await story.news(place)).filter(({ edit }) => !edit);
const quality = (over: object) =>
  story.house.hook('/hooks/generic/data-quality', {
    source: 'great-expectations',
    summary: 'nulls in amount',
    suite: 'payments.daily',
    state: 'failed',
    ...over,
  });

it('one key is one incident whatever its words, per endpoint; closing what nobody knows makes nothing', async () => {
  await story.begin('keys');
  const { at, house } = story;
  await quality({});
  await quality({ summary: 'nulls in amount, 12 %' });
  await quality({ endpoint: 'ep-churn' });
  await at(10);
  const now = await open();
  expect(now.map(({ endpoint, title }) => [endpoint, title]).sort()).toEqual([
    ['ep-churn', 'nulls in amount'],
    ['ep-fraud', 'nulls in amount, 12 %'],
  ]);
  expect((await quality({ suite: 'unknown', state: 'passed' })).status).toBe(200);
  await at(20);
  expect(await open()).toHaveLength(2);
  await quality({ state: 'passed' });
  await quality({ endpoint: 'ep-churn', state: 'passed' });
  await at(30);
  await story.news(FRAUD);
  // Half an hour later no step of its policy speaks any more.
  await at(35 * MIN);
  expect(await open()).toEqual([]);
  expect(await created(FRAUD)).toEqual([]);
  expect((await house.messages('ben', 'personal')).map(textOf).join()).not.toContain('nulls in amount');
});

it('an end before its beginning, each three times, is one closed episode and wakes nobody', async () => {
  await story.begin('order');
  const { at, push, alert, house } = story;
  const over = alert({ alertname: 'Crossed', endpoint: 'ep-fraud', severity: 'critical' }, { from: 1, to: 5 });
  const fired = alert({ alertname: 'Crossed', endpoint: 'ep-fraud', severity: 'critical' }, { from: 1 });
  await at(6);
  for (let time = 0; time < 3; time += 1) await push(over);
  for (let time = 0; time < 3; time += 1) await push(fired);
  await at(15 * MIN);
  expect(await open()).toEqual([]);
  expect(await created(FRAUD)).toEqual([]);
  const rows = await house.app.rooms.db
    .selectFrom('alert_keys')
    .select('marks')
    .orderBy('updated_at', 'desc')
    .limit(1)
    .execute();
  expect(rows[0]?.marks).toMatchObject({ fired: [], ended: [{}] });
});

it('250 alerts of a group are one card within its budget (C6), whole again after a restart in the middle', async () => {
  await story.begin('grouped');
  const { at, push, alert } = story;
  const many = Array.from({ length: 250 }, (_, n) =>
    alert({ alertname: `Disk ${n} of a rather long name`, instance: `node-${n}.example` }, { from: 0 }),
  );
  await push(...many.slice(0, 125));
  await push(...many.slice(125));
  await story.restart();
  await at(10);
  const calls = (await story.house.transcript()).filter((call) => JSON.stringify(call['body'] ?? '').includes('Disk'));
  expect(calls.filter(({ operation }) => operation === 'create').length).toBeGreaterThan(0);
  expect(new Set(calls.map((call) => call['root'])).size).toBe(1);
  for (const call of calls) {
    const { attachments } = call['body'] as { attachments: { content: never }[] };
    expect(sizeOf(attachments[0]?.content as never)).toBeLessThanOrEqual(28 * 1024);
    expect(call.status).not.toBe(413);
  }
  const [group] = await open();
  const episodes = await story.house.app.rooms.alerts.episodes(story.house.app.rooms.db, group?.id ?? '');
  expect(episodes).toHaveLength(250);
  const card = (await story.house.messages('ann', PLATFORM)).find((message) =>
    textOf(message).includes(group?.id ?? '?'),
  );
  expect(textOf(card)).toContain('250 alerts');
  expect(textOf(card)).toMatch(/\d+ more/);
});

it('an incident that gets worse than it was is open again, and its people are called by name', async () => {
  await story.begin('worse');
  const { at, push, alert, house } = story;
  const slow = { alertname: 'ChurnSlow', endpoint: 'ep-churn' };
  await push({ ...alert({ ...slow }, { from: 0 }), labels: { ...slow, severity: 'info', story: 'worse' } });
  await at(1 * MIN);
  const [incident] = await open();
  await house.say('gita', '19:retail-ml@thread.tacv2', `@Wardroom ack ${incident?.id}`);
  expect(await open()).toMatchObject([{ state: 'acknowledged' }]);
  await story.news('19:retail-ml');
  await at(2 * MIN);
  await push(alert({ alertname: 'ChurnErrors', endpoint: 'ep-churn', severity: 'critical' }, { from: 110 }));
  await at(3 * MIN);
  const [worse] = await open();
  expect(worse).toMatchObject({ id: incident?.id, state: 'open', acknowledged_by: null });
  expect(worse?.severity).toBeLessThan(incident?.severity ?? 0);
  const reply = (await created('19:retail-ml')).find(({ text }) => text.includes('got worse'));
  expect(reply?.text).toContain('Gita Rao had acknowledged it');
  expect(reply?.text).toContain('<at>');
});

it('two rules of one person that came due while the engine was away are one message', async () => {
  await story.begin('away');
  const { at, push, alert } = story;
  for (const minutes of [1, 2])
    await story.house.say('dev', 'personal', `notify me one to one after ${minutes} minutes`);
  const called = async () =>
    (await story.house.messages('dev', 'personal')).filter((message) => /DemandSlow/.test(textOf(message))).length;
  await push(alert({ alertname: 'DemandSlow', endpoint: 'ep-demand' }, { from: 0 }));
  await at(30);
  expect(await called()).toBe(0);
  await story.restart({ awaySeconds: 180 });
  await at(220);
  expect(await called()).toBe(1);
  await at(10 * MIN);
  expect(await called()).toBe(1);
  for (const rule of [1, 2]) await story.house.say('dev', 'personal', `remove my rule ${rule}`);
});

it('drift that our watch and, later, the monitor of Azure ML find is one incident', async () => {
  await story.begin('twice');
  const { at, house } = story;
  const { db, alerts } = house.app.rooms;
  const monitor = (deployment: string) =>
    house.hook('/hooks/eventgrid', [
      {
        topic:
          '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/resourceGroups/rg-ml-retail/providers/Microsoft.MachineLearningServices/workspaces/mlw-retail-weu',
        subject: `experiments/monitor/runs/monitor-${deployment}`,
        eventType: 'Microsoft.MachineLearningServices.RunStatusChanged',
        eventTime: story.instant(45 * MIN),
        id: `twice-${deployment}`,
        data: {
          experimentName: `ep-recommend-monitor-${deployment}`,
          runId: `monitor-${deployment}`,
          runStatus: 'Failed',
          runTags: {
            azureml_modelmonitor_threshold_breached: "The signal named 'data_drift' has failed",
            endpoint_deployment_id: `azureml:ep-recommend:${deployment}`,
          },
        },
      },
    ]);
  const alarm = {
    key: 'twice-own',
    dedupKey: 'twice-own',
    rule: 'watch',
    kind: 'drift' as const,
    severity: 3 as const,
  };
  await db.transaction().execute((tx) =>
    alerts.raise(tx, {
      ...{ ...alarm, endpoint: 'ep-recommend', workspace: 'mlw-retail-weu', at: story.instant(0) },
      ...{ headline: 'basket drifts', description: 'for the story' },
    }),
  );
  await at(45 * MIN);
  expect((await monitor('blue')).status).toBe(200);
  await at(46 * MIN);
  const [only, ...others] = (await open()).filter(({ endpoint }) => endpoint === 'ep-recommend');
  expect(others).toEqual([]);
  expect((await alerts.episodes(db, only?.id ?? '')).map(({ signal }) => signal.source)).toEqual([
    'wardroom',
    'eventgrid',
  ]);
  await house.say('ann', 'personal', `resolve ${only?.id} because it was for the story`);
});

it('an alarm of our own goes the way of every alert: a silence holds it back', async () => {
  await story.begin('own');
  const { at, house } = story;
  const { db, alerts } = house.app.rooms;
  await house.say('ann', 'personal', 'silence rule=spend-watch for 1 hour because the budget is being changed');
  const alarm = (rule: string) => ({
    ...{ key: `own-${rule}`, dedupKey: rule, rule, kind: 'other' as const, endpoint: 'ep-churn', severity: 2 as const },
    ...{ at: story.instant(0), headline: `${rule} found something`, description: 'for the story' },
  });
  await db.transaction().execute(async (tx) => {
    await alerts.raise(tx, alarm('spend-watch'));
    await alerts.raise(tx, alarm('quota-watch'));
  });
  await at(30);
  expect((await open()).filter(({ title }) => /-watch/.test(title)).map(({ title }) => title)).toEqual([
    'quota-watch found something',
  ]);
  await house.say('ann', 'personal', `resolve ${(await open())[0]?.id} because it was for the story`);
});

it('of a storm about one thing and one message about another the other does not wait for all of it', async () => {
  await story.begin('fair');
  const { at, push, alert } = story;
  const storm = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) =>
      alert({ alertname: `S1 number ${from + n}`, service: 's1' }, { from: 0 }),
    );
  // More than Teams takes from one bot in half a minute: some have to wait.
  await push(...storm(0, 66));
  await at(8);
  await push(alert({ alertname: 'S2 alone', service: 's2' }, { from: 2 }));
  await at(2 * MIN);
  const told = (await created(PLATFORM)).map(({ text }) => text);
  const first = told.findIndex((text) => text.includes('S2 alone'));
  expect(first).toBeGreaterThanOrEqual(0);
  expect(first).toBeLessThan(63);
  expect(told.filter((text) => text.includes('S1 number'))).toHaveLength(66);
});

it('chat nonsense is answered five times at most, until something is understood', async () => {
  await story.begin('nonsense');
  const { house, at } = story;
  // The storm before filled what Teams takes from one bot in half a minute.
  await at(40);
  await story.news(PLATFORM);
  const replies = async () => (await created(PLATFORM)).length;
  for (let n = 0; n < 10; n += 1) await house.say('jon', PLATFORM, `@Wardroom qwfp ${n} zxcv`);
  expect(await replies()).toBeLessThanOrEqual(5);
  await house.say('jon', PLATFORM, '@Wardroom incidents');
  expect(await replies()).toBe(1);
  await house.say('jon', PLATFORM, '@Wardroom qwfp again');
  expect(await replies()).toBe(1);
});

it('what nobody takes is closed where the file says so, also when it says so only after a restart; what is fresh stays', async () => {
  await story.begin('stale');
  const { at, push, alert } = story;
  await push(alert({ alertname: 'Old' }, { from: 0 }));
  await at(50 * MIN);
  await push(alert({ alertname: 'Fresh' }, { from: 50 * MIN }));
  await at(50 * MIN + 60);
  expect((await open()).map(({ title }) => title.split(' ')[0]).sort()).toEqual(['Fresh', 'Old']);
  await story.restart({ yaml: yaml(', closeAfter: 30m') });
  await at(50 * MIN + 75);
  expect((await open()).map(({ title }) => title.split(' ')[0])).toEqual(['Fresh']);
});
