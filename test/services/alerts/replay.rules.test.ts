import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { readRule } from '../../../services/alerts/noise-rules.rules.ts';
import { compare, replayer } from '../../../services/alerts/replay.rules.ts';
import type { Signal } from '../../../services/alerts/signal.ts';
import { DEFAULT_INHIBITIONS } from '../../../services/core/organisation.noise.ts';

const START = Date.parse('2026-11-23T00:00:00Z');
const MIN = 60_000;
const signal = (minute: number, over: Partial<Signal> = {}): [Signal, number] => {
  const at = START + minute * MIN;
  const startedAt = Temporal.Instant.fromEpochMilliseconds(at);
  return [
    {
      source: 'generic',
      eventKey: `${minute}`,
      kind: 'latency',
      condition: 'fired',
      dedupKey: 'a',
      rule: 'Slow',
      severity: 2,
      startedAt,
      headline: 'slow',
      details: { dimensions: {} },
      labels: {},
      rawType: 'test',
      stateless: false,
      ...over,
    },
    at,
  ];
};
const ended = (minute: number, over: Partial<Signal> = {}): [Signal, number] => {
  const [one, at] = signal(minute, over);
  return [{ ...one, condition: 'resolved', endedAt: one.startedAt }, at];
};
const pagesOf = (events: readonly [Signal, number][], rules: readonly string[] = []) => {
  const chat = rules.map((text, index) => {
    const read = readRule(text);
    if (!read.ok) throw new Error(read.why);
    return { id: `RUL-${index}`, ...read.value };
  });
  const replay = replayer({ routes: [], rules: chat, inhibitions: DEFAULT_INHIBITIONS, quiets: [] });
  for (const [one, at] of events) replay.event(one, at);
  return replay.finish(START + 10_000 * MIN);
};

it('short troubles are called for as they came, and not when they have to last', () => {
  const events = [signal(0), ended(3), signal(60), ended(63), signal(120), ended(150)];
  const before = pagesOf(events);
  const after = pagesOf(events, ['kind=latency fires for 10 min']);
  expect(before).toHaveLength(3);
  expect(after.map(({ at, waited }) => [(at - START) / MIN, waited / MIN])).toEqual([[130, 10]]);
  const trial = compare(before, after, START, START + 1);
  expect(trial).toMatchObject({ before: 3, after: 1, days: [{ day: '2026-11-23', before: 3, after: 1 }] });
  expect(trial.gone.map(({ at }) => (at - START) / MIN)).toEqual([60, 0]);
  expect(trial.later).toHaveLength(1);
  expect(trial.fresh).toEqual([]);
});

it('one that is counted is called for when there were more', () => {
  const events = [0, 2, 4, 6].flatMap((minute) => [signal(minute), ended(minute + 1)]);
  expect(pagesOf(events, ['rule=Slow more than 3 in 15 min'])).toHaveLength(1);
  expect(pagesOf(events, ['rule=Slow more than 4 in 15 min'])).toHaveLength(0);
});

it('one that flaps is damped until it stays', () => {
  const events = [0, 2, 4, 6, 8].flatMap((minute) => [signal(minute), ended(minute + 1)]);
  expect(pagesOf(events)).toHaveLength(5);
  expect(pagesOf(events, ['rule=Slow flaps after 3 in 30 min'])).toHaveLength(2);
  expect(pagesOf([...events, signal(10)], ['rule=Slow flaps after 3 in 30 min, calm for 10 min'])).toHaveLength(3);
});

it('an endpoint that is down mutes its latency; nobody is called twice for one endpoint within half an hour', () => {
  const place = { endpoint: 'ep-fraud' };
  const down = { ...place, kind: 'availability', dedupKey: 'down', rule: 'Down' } as const;
  expect(pagesOf([signal(0, down), signal(1, place), ended(2, place), ended(3, down)])).toHaveLength(1);
  expect(pagesOf([signal(0, down), signal(40, place), ended(50, down)])).toHaveLength(2);
  expect(pagesOf([signal(0, place), signal(5, { ...place, dedupKey: 'b' })])).toHaveLength(1);
});

it('nobody is called by a rule that says so', () => {
  expect(pagesOf([signal(0)], ['kind=latency calls nobody'])).toEqual([]);
});

it.each([
  ['kind=latency fires for 10 min', 'kind=latency fires for 10 min'],
  ['kind = latency must fire for 2 hours', 'kind=latency fires for 2 h'],
  ['rule="Node Flap", more than 3 in 15 minutes', 'rule="Node Flap" more than 3 in 15 min'],
  ['ep-demand tells nobody', 'ep-demand calls nobody'],
  ['ep-demand flaps after 5 in 30 min calm for 10 min', 'ep-demand flaps after 5 in 30 min, calm for 10 min'],
])('%s is read as %s', (said, text) => {
  const read = readRule(said);
  expect(read).toMatchObject({ ok: true, value: { text } });
  // What is kept is read as the same again.
  expect(readRule(text)).toMatchObject({ ok: true, value: { text } });
});

it.each([
  ['make it quiet', 'write what it is about'],
  ['kind=latency fires for 10 bananas', 'no duration'],
  ['kind=latency fires for 90 days', 'no duration'],
  ['kind=~"(" fires for 5 min', 'is no pattern'],
  ['kind=latency flaps after 1 in 10 min', 'from 2 starts on'],
])('%s is refused: %s', (said, why) => {
  expect(readRule(said)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});
