import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../house.ts';
import { openTimeline, PLATFORM, type Timeline } from './timeline.ts';

/** What keeps alerts quiet: silences, maintenance, conditions, flapping; and what is told when the reason is gone. */
const FRAUD = '19:fraud-ops@thread.tacv2';
let story: Timeline;
beforeAll(async () => {
  story = await openTimeline(`routes:
  - { id: paced, match: story = paced, groupBy: [], groupWait: 1s, groupInterval: 1s, repeat: 1ms }
  - { id: lasting, match: story = lasting, firingFor: 5m }
  - { id: many, match: story = many, moreThan: { times: 3, within: 10m } }
  - { id: flaps, match: story = flaps, flapping: { starts: 3, within: 30m, calm: 10m } }
`);
});
afterEach(() => story.finish());
afterAll(() => story.stop());
const MIN = 60;
const open = async () =>
  (await story.house.app.rooms.alerts.list(story.house.app.rooms.db, { open: true, most: 50 })).map(({ id }) => id);
const created = async (place: string) => (await story.news(place)).filter(({ edit }) => !edit);
const explained = async (words: string): Promise<string> => {
  const all = await story.house.app.rooms.alerts.events(story.house.app.rooms.db, { most: 50 });
  const event = all.find(({ signal }) => signal?.headline.includes(words));
  await story.house.say('ann', PLATFORM, `@Wardroom explain ${event?.id}`);
  return textOf((await story.house.messages('ann', PLATFORM)).at(-1));
};

it('a silence made in chat takes its alerts out of the messages while it lasts', async () => {
  await story.begin('paced');
  const { at, push, alert, house } = story;
  for (const second of [1, 2]) {
    await at(second);
    await push(alert({ alertname: 'test1' }, { from: 1 }), alert({ alertname: 'test2' }, { from: 1 }));
  }
  await at(2.5);
  await house.say('ann', 'personal', 'silence alertname=test1 for 2 seconds because of a test');
  for (const second of [3, 4]) {
    await at(second);
    await push(alert({ alertname: 'test1' }, { from: 1 }), alert({ alertname: 'test2' }, { from: 1 }));
  }
  await at(5.9);
  const spoke = await created(PLATFORM);
  // Not even as the name of its group.
  expect(spoke.filter(({ text }) => text.includes('test1')).map(({ at: second }) => Math.floor(second))).toEqual([
    2, 5,
  ]);
  const named = spoke.map(({ at: second, text }) => [Math.floor(second), /▲ test1 /.test(text), /▲ test2 /.test(text)]);
  expect(named).toEqual([
    [2, true, true],
    [3, false, true],
    [4, false, true],
    [5, true, true],
  ]);
});

it('an alert inside a silence is kept, explained, counted, and told at the end when it still fires', async () => {
  await story.begin('plain');
  const { at, push, alert, house } = story;
  await house.say('ann', FRAUD, '@Wardroom silence ep-fraud for 2 hours because the vendor is updating');
  await at(10);
  await push(alert({ alertname: 'SlowFraud', endpoint: 'ep-fraud', severity: 'critical' }, { from: 5 }));
  await at(5 * MIN);
  expect(await open()).toEqual([]);
  const silences = await house.app.rooms.alerts.silences.list(house.app.rooms.db, 9);
  const [silence] = silences.silences.filter(({ what }) => what === 'ep-fraud');
  expect(silence).toMatchObject({ state: 'in force', holds: 1, by: 'ann' });
  const why = await explained('SlowFraud');
  expect(why).toContain(`silenced by ${silence?.id}`);
  expect(why).toContain('the vendor is updating');
  await story.news(FRAUD);
  // A quarter of an hour ahead of its end, whoever made it hears what will be told then.
  await at(106 * MIN);
  expect(textOf((await house.messages('ann', 'personal')).at(-1))).toContain('speaks again');
  await house.say('ann', FRAUD, `@Wardroom extend silence ${silence?.id} by 1 hour`);
  await at(125 * MIN);
  expect(await open()).toEqual([]);
  await story.news(FRAUD);
  await house.say('ann', FRAUD, `@Wardroom end silence ${silence?.id}`);
  await at(126 * MIN);
  expect(await open()).toHaveLength(1);
  const told = await created(FRAUD);
  expect(told.map(({ text }) => text).join()).toContain('SlowFraud');
  expect(await explained('SlowFraud')).toContain('it was held back since');
});

it('a silence from the card of an incident stops its escalation, and its end lets it go on', async () => {
  await story.begin('card');
  const { at, push, alert, house } = story;
  await push(alert({ alertname: 'FraudDown', endpoint: 'ep-fraud', severity: 'critical' }, { from: 0 }));
  await at(5);
  const [incident] = await open();
  const card = (await house.messages('ann', FRAUD)).find((message) => textOf(message).includes(incident ?? '?'));
  // Out of the menu of the card the bot asks for how long and why.
  const asked = await house.click('ann', card?.id ?? '', 'Silence');
  expect(JSON.stringify(asked)).toContain('why');
  await house.say('ann', FRAUD, `@Wardroom silence ${incident} for 30 minutes because the fix is on its way`);
  await at(20 * MIN);
  const quiet = (await house.messages('ben', 'personal')).map(textOf).join();
  expect(quiet).not.toContain(incident);
  await at(31 * MIN);
  expect((await house.messages('ben', 'personal')).map(textOf).join()).toContain(incident);
});

it('work that was announced mutes what comes inside it, not the incident from before; what lasts longer is told once', async () => {
  await story.begin('work');
  const { at, push, alert, house } = story;
  await push(alert({ alertname: 'Before', endpoint: 'ep-fraud', severity: 'critical' }, { from: 0 }));
  await at(1 * MIN);
  const [before] = await open();
  await house.say(
    'ann',
    FRAUD,
    '@Wardroom maintenance for team=fraud, ep-churn for 2 hours because of the new certificate',
  );
  await house.say('ann', FRAUD, '@Wardroom maintenance for ep-churn for 2 hours because of the new certificate');
  await at(2 * MIN);
  await push(alert({ alertname: 'Inside', endpoint: 'ep-churn', severity: 'critical' }, { from: 110 }));
  await push(alert({ alertname: 'Passing', endpoint: 'ep-churn' }, { from: 110 }));
  await at(12 * MIN);
  expect(await open()).toEqual([before]);
  expect((await house.messages('ben', 'personal')).map(textOf).join()).toContain(before);
  await push(alert({ alertname: 'Passing', endpoint: 'ep-churn' }, { from: 110, to: 11 * MIN }));
  await at(119 * MIN);
  await story.news('19:retail-ml');
  await at(130 * MIN);
  const told = await created('19:retail-ml');
  expect(told.filter(({ text }) => text.includes('Inside'))).toHaveLength(1);
  expect(told.filter(({ text }) => text.includes('Passing'))).toHaveLength(0);
});

it('a route tells what has been firing long enough, and nothing of what was over before', async () => {
  await story.begin('lasting');
  const { at, push, alert } = story;
  await push(alert({ alertname: 'Short' }, { from: 0 }), alert({ alertname: 'Long' }, { from: 0 }));
  await at(4 * MIN);
  await push(alert({ alertname: 'Short' }, { from: 0, to: 4 * MIN }));
  expect(await open()).toEqual([]);
  await at(5.2 * MIN);
  const told = await created(PLATFORM);
  expect(told.filter(({ text }) => text.includes('Long')).map(({ at: second }) => Math.round(second / MIN))).toEqual([
    5,
  ]);
  expect(told.filter(({ text }) => text.includes('Short'))).toEqual([]);
});

it('a route tells when there were more than so many', async () => {
  await story.begin('many');
  const { at, push, alert } = story;
  for (let n = 1; n <= 3; n += 1) {
    await at(n * MIN);
    await push(alert({ alertname: 'Noise' }, { from: n * MIN, note: `${n}` }));
    await push(alert({ alertname: 'Noise' }, { from: n * MIN, to: n * MIN + 1 }));
  }
  expect(await open()).toEqual([]);
  await at(4 * MIN);
  await push(alert({ alertname: 'Noise' }, { from: 4 * MIN, note: 'fourth' }));
  await at(4.2 * MIN);
  expect(await open()).toHaveLength(1);
});

it('an alert that comes and goes is damped until it stays, and the reason is told', async () => {
  await story.begin('flaps');
  const { at, push, alert } = story;
  const flap = async (minute: number) => {
    await at(minute * MIN);
    await push(alert({ alertname: 'Flappy' }, { from: minute * MIN }));
    await at(minute * MIN + 20);
  };
  const calm = async (minute: number) =>
    push(alert({ alertname: 'Flappy' }, { from: minute * MIN, to: minute * MIN + 30 }));
  for (const minute of [1, 3]) {
    await flap(minute);
    await calm(minute);
    await at(minute * MIN + 60);
  }
  await story.news(PLATFORM);
  await flap(5);
  expect(await open()).toEqual([]);
  expect(await explained('Flappy')).toContain('it began 3 times within 30 min');
  await at(14 * MIN);
  expect(await open()).toEqual([]);
  await at(15.2 * MIN);
  expect(await open()).toHaveLength(1);
});

it('a rule is tried on what came, applied with its effect confirmed, and taken back', async () => {
  await story.begin('rules');
  const { at, push, alert, house } = story;
  const { noiseRules } = house.app.rooms.alerts;
  for (const hour of [1, 2, 3]) {
    await at(hour * 60 * MIN);
    await push(alert({ alertname: 'Peak' }, { from: hour * 3600, note: `${hour}` }));
    await at(hour * 60 * MIN + 2 * MIN);
    await push(alert({ alertname: 'Peak' }, { from: hour * 3600, to: hour * 3600 + 60 }));
  }
  await house.say('ann', PLATFORM, '@Wardroom try rule alertname=Peak fires for 10 min');
  const trial = textOf((await house.messages('ann', PLATFORM)).at(-1));
  expect(trial).toMatch(/It would have called \d+ times instead of \d+ in 30 days/);
  const tried = await noiseRules.tryOut(house.app.rooms.db, 'alertname=Peak fires for 10 min');
  expect(tried.before - tried.after).toBe(3);
  expect(tried.gone.map(({ rule }) => rule)).toEqual(['Peak', 'Peak', 'Peak']);

  await house.say(
    'ann',
    PLATFORM,
    '@Wardroom apply rule alertname=Peak fires for 10 min because peaks heal by themselves',
  );
  const question = (await house.messages('ann', PLATFORM)).at(-1);
  expect(textOf(question)).toContain('instead of');
  expect(await noiseRules.list(house.app.rooms.db, 9)).toEqual([]);
  await house.click('ann', question?.id ?? '', 'Yes, go ahead');
  const [rule] = await noiseRules.list(house.app.rooms.db, 9);
  expect(rule).toMatchObject({ text: 'alertname=Peak fires for 10 min', by: 'ann' });

  await at(4 * 60 * MIN);
  await push(alert({ alertname: 'Peak' }, { from: 4 * 3600, note: 'held' }));
  await at(4 * 60 * MIN + 60);
  expect(await open()).toEqual([]);
  expect(await explained('held')).toContain(`changed by ${rule?.id}`);
  await house.say('ann', PLATFORM, '@Wardroom noise rules');
  expect(textOf((await house.messages('ann', PLATFORM)).at(-1))).toContain('fires for 5 min');
  await house.say('ann', PLATFORM, `@Wardroom undo rule ${rule?.id}`);
  await at(4 * 60 * MIN + 90);
  expect(await open()).toHaveLength(1);
});
