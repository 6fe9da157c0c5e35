import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, START, textOf } from '../house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
beforeEach(async () => {
  await fetch(`${house.url}/sandbox/fault`, { method: 'DELETE' });
  await house.advance('PT1M');
  await post('/sandbox/reset', {});
  start = ((await (await fetch(`${house.url}/sandbox/clock`)).json()) as { now: string }).now;
});
afterAll(() => house.stop());

let start = START;
const post = (path: string, body: object) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const later = (seconds: number) => new Date(Date.parse(start) + seconds * 1_000).toISOString();

const WORKSPACE =
  '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/resourceGroups/rg-ml-payments/providers/Microsoft.MachineLearningServices/workspaces/mlw-payments-weu';

/** Azure Monitor's common alert schema, as an action group posts it. */
const alert = (over: {
  id?: string;
  endpoint?: string;
  condition?: 'Fired' | 'Resolved';
  fired?: number;
  resolved?: number;
  rule?: string;
  description?: string;
}) => {
  const { id = 'a1', endpoint = 'ep-fraud', condition = 'Fired', fired = 0, resolved, rule = 'p95 latency' } = over;
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/6f3c1d2e/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: rule,
        severity: 'Sev1',
        signalType: 'Metric',
        monitorCondition: condition,
        monitoringService: 'Platform',
        alertTargetIDs: [`${WORKSPACE}/onlineEndpoints/${endpoint}`],
        originAlertId: id,
        firedDateTime: later(fired),
        ...(resolved === undefined ? {} : { resolvedDateTime: later(resolved) }),
        description: over.description ?? 'Latency of the endpoint is above its limit',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: 'PT5M',
          allOf: [
            {
              metricName: 'RequestLatency_P95',
              metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
              operator: 'GreaterThan',
              threshold: '250',
              timeAggregation: 'Average',
              dimensions: [],
              metricValue: 431.5,
            },
          ],
          windowStartTime: later(fired - 300),
          windowEndTime: later(fired),
        },
      },
    },
  };
};
const monitor = (body: unknown, headers?: Record<string, string>) => house.hook('/hooks/azure-monitor', body, headers);
const grid = (body: unknown, headers?: Record<string, string>) => house.hook('/hooks/eventgrid', body, headers);

const incidents = () => house.app.rooms.db.selectFrom('incidents').selectAll().orderBy('id').execute();
const episodes = () => house.app.rooms.db.selectFrom('episodes').selectAll().execute();
const cards = async (conversation: string): Promise<Message[]> =>
  (await house.messages('finn', conversation)).filter((message) => /INC-10\d/.test(textOf(message)));
const counter = async (line: string): Promise<number> => {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  const found = text.split('\n').find((each) => each.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
};

describe('who knocks', () => {
  it('is refused with a wrong key or none, counted by day and in the metrics, and nothing happens', async () => {
    const before = await counter('wardroom_hook_calls_total{hook="azure-monitor",outcome="wrong-key"}');
    expect((await monitor(alert({}), { 'x-wardroom-key': 'wrong' })).status).toBe(401);
    expect((await monitor(alert({}), { 'x-wardroom-key': 'also wrong' })).status).toBe(401);
    const bare = await post('/hooks/eventgrid', [{ id: 'x' }]);
    expect(bare.status).toBe(401);
    expect(await bare.json()).toEqual({ error: 'unauthorized', next: expect.stringContaining('x-wardroom-key') });
    await house.advance('PT1M');
    expect(await incidents()).toEqual([]);
    const rows = await house.app.rooms.db.selectFrom('hook_rejections').selectAll().orderBy('hook').execute();
    expect(rows).toMatchObject([
      { hook: 'azure-monitor', reason: 'wrong-key', count: 2 },
      { hook: 'eventgrid', reason: 'no-key', count: 1 },
    ]);
    expect(await counter('wardroom_hook_calls_total{hook="azure-monitor",outcome="wrong-key"}')).toBe(before + 2);
  });

  it('may give the key in the address, as an action group has to', async () => {
    const answer = await fetch(`${house.url}/hooks/azure-monitor?key=sandbox-hook-secret-not-for-real-use`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alert({})),
    });
    expect(answer.status).toBe(200);
  });
});

describe('what is posted', () => {
  it('is answered 400 when it is no JSON and 413 when it is too large, both counted', async () => {
    const malformed = 'wardroom_hook_calls_total{hook="azure-monitor",outcome="malformed"}';
    const before = await counter(malformed);
    for (const body of ['{', '', 'null', '"text"', '7', '{"a":', '\u0000'])
      expect((await monitor(body)).status).toBe(400);
    expect(await counter(malformed)).toBe(before + 7);
    expect((await monitor(`{"a":"${'x'.repeat(3_000_000)}"}`)).status).toBe(413);
    expect(await counter('wardroom_hook_calls_total{hook="azure-monitor",outcome="too-large"}')).toBeGreaterThan(0);
    await house.advance('PT1M');
    expect(await incidents()).toEqual([]);
  });

  it('is kept, counted and answered 200 when nobody knows what it is', async () => {
    const unknown = [
      {
        id: 'u1',
        eventType: 'Microsoft.Storage.BlobCreated',
        subject: 'x',
        eventTime: later(0),
        topic: '/t',
        data: {},
      },
      { id: 'u2', eventType: 'Contoso.Custom', subject: 'y', eventTime: later(0), topic: '/t', data: { a: 1 } },
    ];
    const answer = await grid(unknown);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ accepted: 2, unknown: 2 });
    const odd = await monitor({ schemaId: 'somethingNew', data: {} });
    expect(odd.status).toBe(200);
    const rows = await house.app.rooms.db.selectFrom('hook_events').select(['state', 'type']).orderBy('id').execute();
    expect(rows.map(({ state }) => state)).toEqual(['unknown', 'unknown', expect.stringMatching(/unknown|malformed/)]);
    expect(await incidents()).toEqual([]);
  });

  it('does not lose the good events of a batch that holds bad ones', async () => {
    const answer = await grid([null, 7, { id: 'no-type' }, { nested: { __proto__: 1 } }, 'text']);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { malformed: unknown[] }).malformed.length).toBeGreaterThan(2);
  });
});

describe('an alert', () => {
  it('that is delivered three times is one alert', async () => {
    for (let time = 0; time < 3; time += 1) expect((await monitor(alert({}))).status).toBe(200);
    await house.advance('PT1M');
    expect(await incidents()).toHaveLength(1);
    expect(await episodes()).toHaveLength(1);
    expect(await cards('fraud-ops')).toHaveLength(1);
  });

  it('whose end arrives before its beginning, each three times, is one closed episode and calls nobody', async () => {
    const fired = alert({ id: 'order', fired: 0 });
    const resolved = alert({ id: 'order', condition: 'Resolved', fired: 0, resolved: 60 });
    await house.advance('PT2M');
    for (const body of [resolved, resolved, fired, fired, resolved, fired]) {
      expect((await monitor(body)).status).toBe(200);
      await house.advance('PT10S');
    }
    await house.advance('PT20M');
    expect((await episodes()).every(({ ended_at }) => ended_at !== null)).toBe(true);
    expect((await episodes()).length).toBeLessThanOrEqual(1);
    expect((await incidents()).filter(({ state }) => state !== 'resolved')).toEqual([]);
    for (const person of ['ann', 'ben', 'finn'])
      expect((await house.messages(person, 'personal')).filter((message) => /INC-/.test(textOf(message)))).toEqual([]);
  });

  it('that comes hours late still makes its incident, which began when the alert fired', async () => {
    const threeHoursAgo = -3 * 3_600;
    await monitor(alert({ id: 'late', fired: threeHoursAgo }));
    await house.advance('PT1M');
    const [incident] = await incidents();
    expect(Date.parse(incident?.opened_at ?? '')).toBe(Date.parse(later(threeHoursAgo)));
  });

  it('of an endpoint nobody owns goes to the fallback channel and says why', async () => {
    await monitor(alert({ id: 'stray', endpoint: 'ep-unheard-of' }));
    await house.advance('PT1M');
    const [card] = await cards('ml-platform');
    expect(textOf(card)).toMatch(/ep-unheard-of is not in wardroom\.yaml, so it goes to the fallback channel/);
    expect(await cards('fraud-ops')).toEqual([]);
  });

  it('cannot write Markdown, links, mentions or right-to-left text into the card', async () => {
    const rule = '[free money](https://evil.example) **bold** <at>Ann Berg</at> \u202egnp.exe 😀 # big `code`';
    await monitor(alert({ id: 'markdown', endpoint: 'ep-[x](https://evil.example)', rule, description: rule }));
    await house.advance('PT1M');
    const [card] = await cards('ml-platform');
    const text = textOf(card);
    expect(text).toMatch(/INC-101/);
    expect(text).not.toMatch(/\]\(https:\/\/evil/);
    expect(text).not.toMatch(/(?<!\\)\*\*bold/);
    expect(text).not.toMatch(/\u202e/);
    expect(text).not.toMatch(/<at>Ann Berg<\/at>(?!.*"mention")/);
    expect(card?.mentionsMe).toBe(false);
  });
});

describe('while Azure is in trouble', () => {
  for (const mode of ['429', 'garbage', 'timeout'])
    it(`the card appears all the same and says what is not known (${mode})`, async () => {
      // Silence is waited for: of everything that the rounds ask in half a minute it would take longer than a test may.
      await house.fault({ where: 'azure', service: mode === 'timeout' ? 'ml' : '*', mode, forMs: 3_600_000 });
      await monitor(alert({ id: `azure-${mode}` }));
      await house.advance('PT30S');
      const [card, ...others] = await cards('fraud-ops');
      expect(others).toEqual([]);
      expect(textOf(card)).toMatch(/not known: .*the traffic of the endpoint/);
      expect(textOf(card)).toMatch(/alerts\.acknowledge/);
    });

  it('what was not known is asked again, and the way back appears when Azure answers', async () => {
    await house.fault({ where: 'azure', service: '*', mode: 'garbage', forMs: 60_000 });
    await monitor(alert({ id: 'again' }));
    await house.advance('PT30S');
    expect(textOf((await cards('fraud-ops'))[0])).toMatch(/not known/);
    await house.advance('PT3M');
    expect(textOf((await cards('fraud-ops'))[0])).not.toMatch(/not known/);
  });

  for (const mode of ['500', 'timeout'])
    it(`no rollback is planned, and the person is told so (${mode})`, async () => {
      await monitor(alert({ id: `rollback-${mode}` }));
      await house.advance('PT1M');
      await house.fault({ where: 'azure', service: '*', mode, forMs: 3_600_000 });
      await house.say('ann', 'personal', 'rollback ep-fraud because it is slow');
      await post('/sandbox/settle', {});
      const answer = (await house.messages('ann', 'personal')).at(-1);
      expect(answer?.from.kind).toBe('bot');
      expect(textOf(answer)).toMatch(/does not answer|not plan a change on old numbers/);
      expect(await house.app.rooms.db.selectFrom('requests').selectAll().execute()).toEqual([]);
    });

  for (const mode of ['500', 'garbage'])
    it(`a rollback that was approved waits and is carried out once (${mode})`, async () => {
      await monitor(alert({ id: `approved-${mode}` }));
      await house.advance('PT1M');
      await house.say('ann', 'personal', 'rollback ep-fraud because it is slow');
      await house.fault({ where: 'azure', service: 'ml', mode, forMs: 90_000 });
      await house.say('cara', 'personal', 'approve REQ-101');
      await house.say('dev', 'personal', 'approve REQ-101');
      await house.advance('PT1M');
      const under = await house.app.rooms.db.selectFrom('changes').selectAll().executeTakeFirstOrThrow();
      expect(under.state).not.toMatch(/succeeded|failed/);
      expect(under.note).toMatch(/Azure did not answer/);
      await house.advance('PT15M');
      const done = await house.app.rooms.db.selectFrom('changes').selectAll().executeTakeFirstOrThrow();
      expect(done).toMatchObject({ state: 'succeeded', percent: 100 });
    });
});
