import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { episodesOf, isOpen, type Marks, mark, markEnded, NO_MARKS } from '../../../services/alerts/episodes.rules.ts';
import {
  closing,
  correlate,
  type EndpointChange,
  type IncidentEpisode,
  type OpenIncident,
} from '../../../services/alerts/incidents.rules.ts';
import type { Signal } from '../../../services/alerts/signal.ts';
import { at, minutes, signal, T0 } from './signal-fixtures.ts';

const fired = (seconds: number) => signal({ startedAt: at(seconds) });
const resolved = (end: number, start = end) =>
  signal({ condition: 'resolved', startedAt: at(start), endedAt: at(end) });
const seconds = (marks: Marks) =>
  episodesOf(marks).map(({ startedAt, endedAt }) => [
    (startedAt - T0.epochMilliseconds) / 1000,
    endedAt === undefined ? 'open' : (endedAt - T0.epochMilliseconds) / 1000,
  ]);
const fold = (signals: readonly Signal[]) => signals.reduce(mark, NO_MARKS);

describe('episodes of one alert', () => {
  it.each<[string, Signal[], (number | string)[][]]>([
    ['the earliest start counts', [fired(1.1), fired(1)], [[1, 'open']]],
    ['the latest end counts', [fired(1), resolved(4.5), resolved(4.8), resolved(4.1)], [[1, 4.8]]],
    [
      'with the start repeated in the end',
      [fired(1), resolved(4.5, 1), resolved(4.8, 1), resolved(4.1, 1)],
      [[1, 4.8]],
    ],
    [
      'firing after the end is a new episode',
      [fired(1), resolved(4.8), fired(5)],
      [
        [1, 4.8],
        [5, 'open'],
      ],
    ],
    ['an end before its start is one closed episode', [resolved(9, 3), fired(3)], [[3, 9]]],
    ['also when it does not tell the start', [resolved(9), fired(3)], [[3, 9]]],
    ['three deliveries of each', [resolved(9), fired(3), resolved(9), fired(3), fired(3), resolved(9)], [[3, 9]]],
    ['an end that nothing started', [resolved(9)], [[9, 9]]],
    ['a start and an end at one instant', [fired(9), resolved(9)], [[9, 9]]],
    [
      'also after another episode',
      [fired(1), resolved(4), fired(9), resolved(9)],
      [
        [1, 4],
        [9, 9],
      ],
    ],
    [
      'an older episode that arrives last',
      [fired(20), resolved(4, 1), fired(1)],
      [
        [1, 4],
        [20, 'open'],
      ],
    ],
  ])('%s', (_what, signals, expected) => {
    expect(seconds(fold(signals))).toEqual(expected);
  });

  const anySignal = fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.option(fc.integer({ min: 0, max: 10 })), fc.boolean())
    .map(([start, length, told]) =>
      length === null ? fired(start) : resolved(start + length, told ? start : start + length),
    );

  it('do not depend on the order of arrival, on repeats, or on being stored in between', () => {
    fc.assert(
      fc.property(fc.array(anySignal, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (signals, stream) => {
        const expected = fold(signals);
        const doubled = [...signals, ...signals.filter((_, index) => index % 2 === 0)];
        const keyed = doubled.map((entry) => ({ entry, key: stream.next().value ?? 0 }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry);
        const stored = shuffled.reduce<Marks>(
          (marks, entry) => JSON.parse(JSON.stringify(mark(marks, entry))),
          NO_MARKS,
        );
        expect(stored).toEqual(expected);
        expect(episodesOf(stored)).toEqual(episodesOf(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('never overlap, only the last is open, and every end is inside one', () => {
    fc.assert(
      fc.property(fc.array(anySignal, { maxLength: 12 }), (signals) => {
        const episodes = episodesOf(fold(signals));
        for (const [index, episode] of episodes.entries()) {
          const next = episodes[index + 1];
          if (next) expect(episode.endedAt).toBeLessThanOrEqual(next.startedAt);
        }
        for (const { condition, endedAt } of signals) {
          if (condition === 'fired' || !endedAt) continue;
          const end = endedAt.epochMilliseconds;
          expect(episodes.some((one) => one.startedAt <= end && end <= (one.endedAt ?? Number.POSITIVE_INFINITY))).toBe(
            true,
          );
        }
      }),
    );
  });

  it('end when a person or a rule ends them', () => {
    const marks = markEnded(fold([fired(1), fired(2)]), at(60));
    expect([seconds(marks), isOpen(marks)]).toEqual([[[1, 60]], false]);
  });
});

const incident = (over: Partial<OpenIncident> = {}): OpenIncident => ({
  id: 'INC-1',
  workspace: 'mlw-payments-weu',
  endpoint: 'ep-fraud',
  lastSignalAt: T0,
  keys: ['drift'],
  ...over,
});

describe('correlation', () => {
  it.each<[string, Partial<Signal>, Partial<OpenIncident>[], string, string | undefined]>([
    ['the first signal opens', {}, [], 'open', undefined],
    ['another trouble of the endpoint joins', {}, [{}], 'join', 'INC-1'],
    ['ARM writes names in lower case', { endpoint: 'EP-Fraud' }, [{}], 'join', 'INC-1'],
    ['another endpoint opens its own', { endpoint: 'ep-aml' }, [{}], 'open', undefined],
    ['the same name in another workspace', { workspace: 'mlw-risk-neu' }, [{}], 'open', undefined],
    ['no endpoint, no neighbour', { endpoint: undefined }, [{ endpoint: undefined }], 'open', undefined],
    ['a budget belongs to no endpoint', { kind: 'budget' }, [{}], 'open', undefined],
    ['too late to belong', {}, [{ lastSignalAt: minutes(-32) }], 'open', undefined],
    ['just in time', {}, [{ lastSignalAt: minutes(-29) }], 'join', 'INC-1'],
    [
      'late by receipt, near by start',
      { startedAt: minutes(-100) },
      [{ lastSignalAt: minutes(-90), lastStartedAt: minutes(-95) }],
      'join',
      'INC-1',
    ],
    [
      'the most recently active of two',
      {},
      [{ lastSignalAt: minutes(-20) }, { id: 'INC-2', lastSignalAt: minutes(-5) }],
      'join',
      'INC-2',
    ],
    [
      'its own alert, wherever the window is',
      { dedupKey: 'drift' },
      [{ lastSignalAt: minutes(-600) }],
      'join',
      'INC-1',
    ],
    [
      'the drift that another watch found hours ago',
      { kind: 'drift', dedupKey: 'monitor' },
      [
        { lastSignalAt: minutes(-5) },
        { id: 'INC-2', lastSignalAt: minutes(-300), sameDrift: true },
        { id: 'INC-3', lastSignalAt: minutes(-300), sameDrift: true, workspace: 'mlw-risk-neu' },
      ],
      'join',
      'INC-2',
    ],
    ['an end of something unknown', { condition: 'resolved', endedAt: minutes(1) }, [{}], 'record', undefined],
  ])('%s', (_what, over, open, action, id) => {
    const found = correlate(minutes(1), signal(over), open.map(incident));
    expect([found.action, found.incident]).toEqual([action, id]);
    expect(found.reason).toMatch(/^[A-Z].*\.$/);
  });

  it('updates the episode that still fires, and joins a new one after it ended', () => {
    const open = [incident({ keys: ['latency'] })];
    const first = correlate(at(1), fired(1), []);
    const repeat = correlate(at(2), fired(1), open, { marks: first.marks });
    expect([repeat.action, repeat.changed]).toEqual(['update', false]);
    const over = correlate(at(5), resolved(4.8), open, { marks: repeat.marks });
    expect([over.action, isOpen(over.marks)]).toEqual(['update', false]);
    const again = correlate(at(6), fired(5), open, { marks: over.marks });
    expect([again.action, again.incident, isOpen(again.marks)]).toEqual(['join', 'INC-1', true]);
    const closedSince = correlate(at(6), fired(5), [], { marks: over.marks });
    expect(closedSince.action, 'a new episode, not merged').toBe('open');
  });

  it('records a Fired that comes after its Resolved: nobody is told', () => {
    const early = correlate(minutes(1), resolved(40, 10), []);
    const late = correlate(minutes(2), fired(10), [], { marks: early.marks });
    expect([early.action, late.action, isOpen(late.marks)]).toEqual(['record', 'record', false]);
    expect(late.reason).toContain('already ended at 2026-11-23T15:00:40');
  });

  it('leaves the same marks whatever the order of its deliveries, and never opens twice', () => {
    const story = [fired(10), resolved(40, 10), fired(60), resolved(90, 60), resolved(95, 60)];
    fc.assert(
      fc.property(fc.shuffledSubarray([...story, ...story], { minLength: 10 }), (deliveries) => {
        let marks = NO_MARKS;
        let opened = 0;
        const open: OpenIncident[] = [];
        for (const delivery of deliveries) {
          const found = correlate(minutes(3), delivery, open, { marks });
          marks = found.marks;
          if (found.action === 'open') {
            opened += 1;
            open.push(incident({ keys: ['latency'] }));
          }
        }
        expect(marks).toEqual(fold(story));
        expect(opened).toBeLessThanOrEqual(1);
        expect(seconds(marks)).toEqual([
          [10, 40],
          [60, 95],
        ]);
      }),
    );
  });
});

describe('when an incident is over', () => {
  const episode = (over: Partial<IncidentEpisode>): IncidentEpisode => ({
    dedupKey: 'latency',
    kind: 'latency',
    stateless: false,
    rule: 'fraud latency',
    startedAt: T0,
    ...over,
  });
  const drift = (over: Partial<IncidentEpisode> = {}) =>
    episode({ dedupKey: 'drift', kind: 'drift', stateless: true, rule: 'ep-fraud-monitor', ...over });
  const over = episode({ endedAt: minutes(40) });
  const deploy = episode({ dedupKey: 'activity', kind: 'deployment', stateless: true, rule: 'activity' });
  const rollback = (state: EndpointChange['state'], after = 30): EndpointChange => ({
    state,
    what: 'ep-fraud traffic to blue 100 %',
    at: minutes(after),
  });

  it.each<[string, IncidentEpisode[], EndpointChange[], boolean]>([
    ['one alert resolved', [over], [], true],
    ['one of two still fires', [over, episode({})], [], false],
    ['drift, rolled back, alerts resolved', [drift(), over], [rollback('succeeded')], true],
    ['drift alone, rolled back', [drift()], [rollback('succeeded')], true],
    ['drift, alerts resolved by themselves', [drift(), over], [], false],
    ['drift, rolled back, an alert still fires', [drift(), episode({})], [rollback('succeeded')], false],
    ['drift, the rollback failed', [drift(), over], [rollback('failed')], false],
    ['drift found again after the rollback', [drift({ startedAt: minutes(35) }), over], [rollback('succeeded')], false],
    ['alerts resolved, the rollback still running', [over], [rollback('running')], false],
    ['a failed run', [episode({ kind: 'failed-run', stateless: true })], [], false],
    ['a budget', [episode({ kind: 'budget', stateless: true })], [rollback('succeeded')], false],
    ['a deployment that accompanies', [over, deploy], [], true],
    ['a deployment alone', [deploy], [], false],
    ['nothing', [], [], false],
  ])('%s', (_what, episodes, changes, close) => {
    const found = closing(episodes, changes);
    expect([found.close, found.waitingFor.length === 0]).toEqual([close, close]);
  });

  it('says why, since when, and what it takes for recovered', () => {
    const found = closing([drift(), over, deploy], [rollback('succeeded')]);
    expect(found.reason).toBe(
      'Every alert that can resolve has resolved; drift counts as recovered, because “ep-fraud traffic to blue 100 %” succeeded after it was found.',
    );
    expect(found.endedAt?.equals(minutes(40))).toBe(true);
    expect(found.recovered).toEqual(['drift', 'activity']);
    expect(closing([drift(), episode({})], []).reason).toBe(
      'Still open: fraud latency has not resolved; ep-fraud-monitor found drift and no change of the endpoint succeeded since.',
    );
  });
});
