import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openTimeline, PLATFORM, type Timeline } from './timeline.ts';

/**
 * The families of Alertmanager's own acceptance tests, through our hook and out into Teams: when a group speaks, what it
 * lists, and that it says nothing else.
 */
const ROUTES = {
  batching: 'groupWait: 1s, groupInterval: 1s, repeat: 4.9s',
  merge: 'groupWait: 1s, groupInterval: 1s, repeat: 1ms',
  stops: 'groupWait: 1s, groupInterval: 5s, repeat: 1h, resolveTimeout: 10s',
  retry: 'groupWait: 1s, groupInterval: 2s, repeat: 3s, channels: [retail-ml, risk-ml]',
  inhibit: 'groupWait: 1s, groupInterval: 1s, repeat: 1s',
  always: 'groupWait: 1s, groupInterval: 1s, repeat: 1ms',
  silence: 'groupWait: 1s, groupInterval: 1s, repeat: 1ms',
  large: 'groupWait: 1s, groupInterval: 5s, repeat: 1h',
} as const;
const yaml = `routes:
${Object.entries(ROUTES)
  .map(([id, pace]) => `  - { id: ${id}, match: story = ${id}, groupBy: [], ${pace} }`)
  .join('\n')}
inhibitions: [{ id: job-down, source: alertname = JobDown, target: alertname = InstanceDown, equal: [job, zone] }]
`;
let story: Timeline;
beforeAll(async () => {
  story = await openTimeline(yaml);
});
afterEach(() => story.finish());
afterAll(() => story.stop());
const begin = (name: keyof typeof ROUTES) => story.begin(name);

/** New messages as [second, the alerts they name]; edits of the card are the same moment's and checked to be so. */
async function spoken(place = PLATFORM): Promise<[number, string][]> {
  const news = await story.news(place);
  const messages = news.filter(({ edit, at }) => !edit && at > 0.5);
  for (const { at } of news.filter(({ edit }) => edit)) {
    expect(
      messages.some((message) => Math.abs(message.at - at) < 0.15),
      `an edit at ${at} without a message`,
    ).toBe(true);
  }
  return messages.map(({ at, text }) => [at, text]);
}
const names = (text: string) =>
  [...new Set(text.match(/[▲✔] [a-zA-Z0-9 ]*/g) ?? [])]
    .map((name) => name.trim())
    .filter((name) => !/SEV/.test(name))
    .sort();
const said = async (place = PLATFORM) =>
  (await spoken(place)).map(([at, text]) => [Math.floor(at * 10) / 10, names(text)]);

it('alerts of one group come in one message; more of them in the next; all again after the repeat interval', async () => {
  await begin('batching');
  const { at, push, alert } = story;
  await at(1.1);
  await push(alert({ alertname: 'test1' }, { from: 1.1 }));
  await at(1.7);
  await push(alert({ alertname: 'test5' }, { from: 1 }));
  await at(3.3);
  await push(...['test2', 'test3', 'test4'].map((alertname) => alert({ alertname }, { from: 3.3 })));
  await at(12);
  const spoke = await spoken();
  expect(spoke.map(([second]) => Math.floor(second * 10) / 10)).toEqual([2.1, 4.1, 9.1]);
  expect(spoke[0]?.[1]).toContain('2 alerts, all firing');
  expect(spoke[1]?.[1]).toContain('5 firing');
  expect(spoke[2]?.[1]).toContain('5 firing');
});

it('the earliest beginning and the latest end count, the latest words are shown, and a later firing is a new episode', async () => {
  await begin('merge');
  const { at, push, alert, house } = story;
  const one = { alertname: 'test' };
  await at(1);
  await push(alert(one, { from: 1.1 }));
  await at(1.2);
  await push(alert(one, { from: 1 }));
  await at(2.1);
  await push(alert(one, { from: 2, note: 'v1' }));
  await at(3.6);
  await push(alert(one, { from: 1.5, note: 'v2' }));
  await at(4.6);
  await push(alert(one, { from: 3, to: 4.5, note: 'v2' }));
  await at(4.8);
  await push(alert(one, { from: 2.9, to: 4.8, note: 'v3' }));
  await push(alert(one, { from: 2.9, to: 4.1, note: 'v3' }));
  await at(5.3);
  await push(alert(one, { from: 5.3, note: 'again' }));
  await at(6.9);
  const spoke = await spoken();
  expect(spoke.map(([second]) => Math.floor(second))).toEqual([2, 3, 4, 5, 6]);
  expect(spoke[0]?.[1]).toContain(`TIME(${story.instant(1).slice(0, 19)}Z)`);
  expect(spoke[1]?.[1]).toContain('test v1 fires');
  expect(spoke[2]?.[1]).toContain('test v2 fires');
  expect(spoke[3]?.[1]).toContain('1 over');
  const { db } = house.app.rooms;
  const episodes = await db
    .selectFrom('episodes')
    .select(['started_at', 'ended_at', 'incident'])
    .where('started_at', '>=', story.instant(0))
    .orderBy('id')
    .execute();
  expect(episodes.map(({ started_at, ended_at }) => [story.second(started_at), story.second(ended_at)])).toEqual([
    [1, 4.8],
    [5.3, null],
  ]);
  expect(new Set(episodes.map(({ incident }) => incident)).size).toBe(2);
});

it('what its sender stops speaking of is over after the resolve timeout, and is told at the next beat', async () => {
  await begin('stops');
  const { at, push, alert, house } = story;
  await at(1);
  await push(...['a', 'b', 'c'].map((alertname) => alert({ alertname }, { from: 1 })));
  await at(30);
  const spoke = await spoken();
  expect(spoke.map(([second]) => Math.floor(second))).toEqual([2, 12]);
  expect(spoke[1]?.[1]).toContain('3 over');
  const ends = await house.app.rooms.db
    .selectFrom('episodes')
    .select('ended_at')
    .where('started_at', '>=', story.instant(0))
    .execute();
  expect(ends.map(({ ended_at }) => Math.round(story.second(ended_at) ?? 0))).toEqual([11, 11, 11]);
});

it('one channel that does not answer costs the other nothing, and gets its own message when it does', async () => {
  await begin('retry');
  const { at, push, alert, house } = story;
  const until = story.instant(4.5);
  await house.fault({ where: 'teams', answer: 500, on: 'create', conversation: '19:risk-ml@thread.tacv2', until });
  await at(1);
  await push(alert({ alertname: 'test1' }, { from: 1 }));
  await at(7.5);
  const calls = await house.transcript();
  const created = (place: string) =>
    calls
      .filter((call) => call.operation === 'create' && String(call['place']).startsWith(place) && call.status === 201)
      .map((call) => story.second(call.at) ?? 0)
      .filter((second) => second > 0.5)
      .map(Math.floor);
  expect(created('19:retail-ml')).toEqual([2, 6]);
  expect(created('19:risk-ml')).toEqual([6]);
});

it('an alert keeps quiet while its cause fires, and is told again when the cause is over', async () => {
  await begin('inhibit');
  const { at, push, alert } = story;
  const labels = (alertname: string, zone: string) => ({ alertname, job: 'testjob', zone });
  await at(1);
  await push(
    alert(labels('test1', 'aa'), { from: 1 }),
    alert(labels('InstanceDown', 'aa'), { from: 1 }),
    alert(labels('InstanceDown', 'ab'), { from: 1 }),
  );
  await at(2.2);
  await push(alert(labels('JobDown', 'aa'), { from: 2.2 }));
  await at(3.6);
  await push(alert(labels('JobDown', 'aa'), { from: 2.2, to: 3.6 }));
  await at(4.9);
  expect(await said()).toEqual([
    [2, ['▲ InstanceDown testjob aa fires', '▲ InstanceDown testjob ab fires', '▲ test1 testjob aa fires']],
    [3, ['▲ InstanceDown testjob ab fires', '▲ JobDown testjob aa fires', '▲ test1 testjob aa fires']],
    [
      4,
      [
        '▲ InstanceDown testjob aa fires',
        '▲ InstanceDown testjob ab fires',
        '▲ test1 testjob aa fires',
        '✔ JobDown testjob aa fires',
      ],
    ],
  ]);
});

it('cause and effect that come together: the effect is told when both are over, as over', async () => {
  await begin('always');
  const { at, push, alert } = story;
  const labels = (alertname: string) => ({ alertname, job: 'testjob', zone: 'aa' });
  await at(1);
  await push(...['test1', 'InstanceDown', 'JobDown'].map((name) => alert(labels(name), { from: 1 })));
  await at(2.6);
  await push(...['JobDown', 'InstanceDown'].map((name) => alert(labels(name), { from: 1, to: 2.6 })));
  await at(3.9);
  expect(await said()).toEqual([
    [2, ['▲ JobDown testjob aa fires', '▲ test1 testjob aa fires']],
    [3, ['▲ test1 testjob aa fires', '✔ InstanceDown testjob aa fires', '✔ JobDown testjob aa fires']],
  ]);
});
