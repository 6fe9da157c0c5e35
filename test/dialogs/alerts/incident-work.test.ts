import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ICAL from 'ical.js';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../house.ts';
import { FRAUD_OPS, northwind, openPager, type Pager } from './pager.ts';

/** What people do around an incident, its calendar and report, and the watch over the pager; one house for one day. */
const POLICIES = `  - id: fraud-oncall
    steps:
      - notify: [{ schedule: fraud-primary }]
      - after: 10m
        notify: [{ schedule: fraud-secondary }]
      - after: 10m
        notify: [{ person: dev }]
  - id: default-oncall
    steps:
      - notify: [{ schedule: platform-primary }]`;

let pager: Pager;
let outside: Server;
const calls: string[] = [];
let answers = 200;

beforeAll(async () => {
  outside = createServer((req, res) => {
    calls.push(req.url ?? '');
    // restify replaces writeHead for the whole process.
    res.statusCode = answers;
    res.end();
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const { port } = outside.address() as AddressInfo;
  pager = await openPager(northwind(POLICIES), { WARDROOM_HEARTBEAT_URL: `http://127.0.0.1:${port}/ping/secret` });
  for (const who of ['ann', 'ben', 'dev', 'finn', 'gita', 'jon']) await pager.news(who);
});
afterAll(async () => {
  await pager.stop();
  await new Promise((resolve) => outside.close(resolve));
});

const ask = (who: string, text: string) => pager.ask(who, text);
const says = async (who: string) => (await pager.news(who)).map(({ says: line }) => line);
const card = async (id: string) =>
  textOf(
    (await pager.channel(FRAUD_OPS)).find((message) => message.id === message.root && textOf(message).includes(id)),
  );

describe('an incident that people work on', () => {
  let id = '';
  it('scenario 36: somebody unknown gets a private answer and changes nothing; Acknowledge, then escalate, then Resolve', async () => {
    await pager.fire('ep-fraud', { of: 'HighLatency' });
    id = await pager.open('ep-fraud');
    const [message] = (await pager.channel(FRAUD_OPS)).filter((one) => textOf(one).includes(id));
    if (!message) throw new Error('there is no card');
    expect(textOf(message)).toMatch(/Attention.*Acknowledge.*Resolve/s);
    const outcome = await pager.house.click('kim', message.id, 'Acknowledge');
    expect(JSON.stringify(outcome.outcome)).toContain('is for responders');
    expect(await card(id)).toContain('firing');
    await pager.house.click('ann', message.id, 'Acknowledge');
    expect(await card(id)).toMatch(/SEV \d · acknowledged.*Warning/s);
    expect(await card(id)).not.toContain('alerts.acknowledge');
    await ask('ben', `escalate ${id}`);
    expect(await card(id)).toContain('alerts.acknowledge');
    const thread = (await pager.channel(FRAUD_OPS)).map(textOf).join('\n');
    expect(thread).toContain(`${id} was escalated by hand`);
  });

  it('the same click twice and two people at once: one change, and the second hears who was first (C10)', async () => {
    const [message] = (await pager.channel(FRAUD_OPS)).filter((one) => textOf(one).includes(id));
    const two = await Promise.all(
      ['ann', 'ben'].map((who) => pager.house.click(who, message?.id ?? '', 'Acknowledge')),
    );
    const acks = await pager.house.app.rooms.db
      .selectFrom('audit')
      .select(['actor', 'at'])
      .where('action', '=', 'alerts.acknowledge')
      .where(sql<boolean>`objects @> array[${id}]`)
      .where('outcome', '=', 'ok')
      .execute();
    expect(acks.filter(({ actor }) => actor === 'ben')).toHaveLength(1);
    expect(two.every(({ outcome }) => outcome.kind === 'card')).toBe(true);
    const row = await pager.house.app.rooms.alerts.find(pager.house.app.rooms.db, id);
    expect(row?.escalation.acks).toHaveLength(2);
  });

  it('notes, tasks with somebody and a time, done, asked about at the end', async () => {
    expect(await ask('ann', `note ${id} the vendor called back`)).toContain('Noted');
    const made = await ask('ann', `task ${id}: call the vendor @Ben by 17:00`);
    expect(made).toMatch(/TSK-101.*call the vendor.*Ben Okafor/s);
    await pager.news('ann');
    expect(await says('ben')).toContainEqual(expect.stringContaining('Ann Berg asks you'));
    expect(await ask('ann', `task ${id} for Dev: tell the call centre`)).toContain('TSK-102');
    expect(await ask('ann', `task ${id}: too late by yesterday 10:00`)).toContain('is over already');
    expect(await card(id)).toContain('2 open tasks');
    expect(await ask('dev', 'my tasks')).toContain('tell the call centre');
    expect(await ask('dev', 'done TSK-102')).toContain('TSK-102 is done');
    expect(await ask('dev', 'done TSK-102')).toContain('has done TSK-102 already');
    expect(await ask('ann', `tasks of ${id}`)).toMatch(/1 open task/);
    expect(await ask('ann', `resolve ${id} because it is over`)).toMatch(/open tasks: TSK-101.*anyway/s);
    await pager.house.advance('PT2H');
    expect(await says('ben')).toContainEqual(expect.stringContaining('is due for'));
  });

  it('the severity by hand holds, and worse calls again who had it', async () => {
    const sev = Number(/SEV (\d)/.exec(await card(id))?.[1]);
    expect(await ask('ann', `severity ${id} 4 because only the test shop is touched`)).toContain(`it was SEV ${sev}`);
    await pager.fire('ep-fraud', { of: 'HighLatency' });
    expect(await card(id)).toContain('SEV 4');
    await pager.news('ann');
    await pager.news('ben');
    await ask('dev', `severity ${id} 0 because all shops are down`);
    expect(await card(id)).toContain('SEV 0 · firing');
    expect((await says('ann')).join()).toContain('SEV 0');
    expect(await ask('ann', `severity ${id} 7 because`)).not.toContain('is SEV 7');
    await ask('ann', `ack ${id}`);
  });

  it('related incidents, moving an alert, merging', async () => {
    await pager.fire('ep-fraud', { of: 'ManyErrors' });
    await pager.fire('ep-aml', { of: 'Slow' });
    const other = await pager.open('ep-aml');
    expect(await ask('ann', `alerts of ${id}`)).toMatch(/HighLatency.*ManyErrors/s);
    expect(await ask('ann', `related to ${id}`)).toContain(other);
    expect(await ask('ann', `move alert 9 of ${id} to ${other}`)).toContain('there is no 9');
    expect(await ask('ann', `move alert 2 of ${id} to ${other}`)).toContain('ManyErrors');
    expect(await ask('ann', `merge ${other} into ${id} because the gateway is behind both`)).toContain('with 2 alerts');
    expect(await ask('ann', `merge ${other} into ${id}`)).toContain('resolved already');
    expect(await ask('ann', `incident ${other}`)).toContain(`same trouble as ${id}`);
    await pager.news('ben');
    await pager.house.advance('PT30M');
    expect(await says('ben')).toEqual([]);
  });

  it('is found by words, place, severity and time, and among one’s own', async () => {
    expect(await ask('jon', 'incidents about latency since Monday')).toContain(id);
    expect(await ask('jon', 'incidents about zebra')).toContain('no incident');
    expect(await ask('jon', 'incidents about 100%')).toContain('no incident');
    expect(await ask('jon', 'incidents of fraud')).toContain(id);
    expect(await ask('jon', 'incidents of nothing')).toContain('I know no endpoint or team');
    expect(await ask('jon', 'incidents with severity 0')).toContain(id);
    expect(await ask('ann', 'my incidents')).toContain(id);
    expect(await ask('kim', 'my incidents')).not.toContain(id);
    expect(await ask('jon', 'incidents last month')).toContain('no incident');
  });

  it('leaves a draft that can be fetched, and numbers', async () => {
    await ask('ben', 'done TSK-101');
    expect(await ask('ann', `resolve ${id} because traffic is back on blue`)).toContain('is resolved');
    const answer = await pager.house.app.dispatch({
      key: 'pm',
      person: 'ann',
      place: { conversation: 'console', kind: 'console' },
      text: `post-mortem ${id}`,
    });
    expect(answer.text).toMatch(
      /# INC-101.*## What happened.*## Impact.*€4,200.*## Timeline.*noted: the vendor called back.*- \[x\] TSK-101/s,
    );
    const { url } = answer.data as { url: string };
    const file = await fetch(url);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
    expect(await file.text()).toContain('## To be answered by people');
    const numbers = await ask('jon', 'incident statistics this week by nights');
    expect(numbers).toMatch(/1 incident, acknowledged in/);
    expect(numbers).toContain('Pages by person');
    expect(await ask('jon', 'incident statistics by rules')).toContain('Noise by rule');
    expect(await ask('jon', 'incident statistics last month')).toContain('No incident in this time');
    expect(await ask('jon', 'incident statistics next month')).not.toContain('acknowledged in');
  });
});

describe('calendars', () => {
  const fetchOf = async (text: string) => {
    const url = /https?:\/\/\S+\.ics/.exec(text)?.[0] ?? '';
    return { url, answer: await fetch(url) };
  };

  it('a schedule is valid iCalendar, follows an override, and its address can be taken back', async () => {
    const { url, answer } = await fetchOf(await ask('gita', 'calendar of platform-primary'));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    const read = (text: string) =>
      new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
    const events = read(await answer.text());
    const week = events.find((event) => event.startDate.toJSDate().toISOString() === '2026-11-30T09:00:00.000Z');
    expect(week?.summary).toBe('Gita Rao (platform-primary)');
    expect(week?.endDate.toJSDate().toISOString()).toBe('2026-12-07T09:00:00.000Z');
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
    await ask('gita', 'override platform-primary with Ann from 2026-12-01 09:00 to 2026-12-01 17:00');
    const after = read(await (await fetch(url)).text());
    expect(after.map(({ summary }) => summary)).toContain('Ann Berg (platform-primary)');
    expect(await ask('gita', 'calendar of platform-primary')).toContain(url);
    expect(await ask('gita', 'revoke my calendars')).toContain('taken back');
    expect((await fetch(url)).status).toBe(404);
    expect(await ask('gita', 'revoke my calendars')).toContain('no address');
    expect(await ask('gita', 'calendar of platform-primry')).toContain('Did you mean platform-primary');
  });

  it('one’s own shifts have an address of their own; a guess finds nothing, and a channel does not see it', async () => {
    const { url, answer } = await fetchOf(await ask('ann', 'my calendar'));
    expect(await answer.text()).toContain('On call: fraud-primary');
    for (const wrong of [
      url.replace(/.{6}\.ics$/, '000000.ics'),
      url.replace('.ics', '.md'),
      url.replace('/feeds/', '/feeds/..%2f'),
    ])
      expect((await fetch(wrong)).status, wrong).toBe(404);
    await pager.house.say('ann', FRAUD_OPS, '<at>Wardroom</at> my calendar');
    const channel = (await pager.channel(FRAUD_OPS)).map((message) => `${message.text} ${textOf(message)}`).join('\n');
    expect(channel).toContain('Ask me one to one');
    expect(channel).not.toContain('/feeds/');
  });
});

describe('the watch over the pager', () => {
  it('a test page proves the way, and whoever got it says so', async () => {
    expect(await ask('ann', 'test page Ben')).toContain('Only an admin');
    await pager.news('ann');
    await pager.house.say('ann', 'personal', 'test page me');
    await pager.house.advance('PT5S');
    const page = (await pager.news('ann')).find(({ says: line }) => line.includes('This is a test page'));
    const number = /test (\d+)/.exec(page?.text() ?? '')?.[1];
    expect(await ask('ben', `got test page ${number}`)).toContain('is for Ann Berg');
    expect(await ask('ann', `got test page ${number}`)).toContain('confirmed');
    await pager.house.advance('PT31M');
    expect(await says('finn')).toEqual([]);
  });

  it('one that is not confirmed is told to the admins, once', async () => {
    await pager.house.say('finn', 'personal', 'test page Ben');
    await pager.news('finn');
    await pager.house.advance('PT31M');
    expect(await says('finn')).toEqual(['A test page for Ben Okafor was delivered and not confirmed']);
    expect(await ask('finn', 'is paging working')).toContain('Ben Okafor');
  });

  it('one that Teams did not take is told to the admins within minutes, once', async () => {
    const { now } = (await (await fetch(`${pager.house.url}/sandbox/clock`)).json()) as { now: string };
    const until = Temporal.Instant.from(now).add({ minutes: 20 }).toString();
    await pager.house.fault({ where: 'teams', answer: 500, on: 'create', conversation: 'a:ben', until });
    await pager.house.say('finn', 'personal', 'test page Ben');
    await pager.news('finn');
    await pager.house.advance('PT3M');
    expect(await says('finn')).toEqual([expect.stringMatching(/test page for Ben Okafor .*not/i)]);
    expect(await ask('finn', 'is paging working')).toMatch(/not delivered|undelivered/i);
    await pager.house.advance('PT5M');
    expect(await says('finn')).toEqual([]);
    await pager.house.advance('PT30M');
    await pager.news('finn');
    await pager.news('ben');
  });

  it('calls the heartbeat outside on schedule, holds it back while there is an alarm, and tells what went wrong', async () => {
    expect(calls.length).toBeGreaterThan(10);
    expect(new Set(calls)).toEqual(new Set(['/ping/secret']));
    const before = calls.length;
    await pager.house.advance('PT30M');
    expect(calls.length).toBe(before);
    await pager.house.advance('PT45M');
    expect(calls.length).toBeGreaterThan(before);
    answers = 503;
    await pager.house.advance('PT6M');
    expect(await ask('finn', 'is paging working')).toMatch(/heartbeat outside is not heard|503/);
    expect(await ask('finn', 'is paging working')).not.toContain('secret');
    answers = 200;
  });

  it('finds a step whose timer was lost, tells it, and raises an alarm when it happens again', async () => {
    const { db } = pager.house.app.rooms;
    const lose = () => sql`delete from pgboss.job where name = 'alerts-escalate' and state < 'active'`.execute(db);
    await pager.fire('ep-fraud', { of: 'Other' });
    const id = await pager.open('ep-fraud');
    await pager.news('ben');
    await pager.news('finn');
    await lose();
    await pager.house.advance('PT13M');
    expect((await pager.news('ben')).map(({ text }) => text()).join()).toContain(id);
    expect(await says('finn')).toEqual([]);
    await lose();
    await pager.house.advance('PT13M');
    expect(await says('finn')).toEqual([expect.stringContaining(`The escalation of ${id} was`)]);
    expect((await pager.news('dev')).map(({ text }) => text()).join()).toContain(id);
  });
});
