import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  changeOfFact,
  changeOfSignal,
  spokenMinutes,
  suspects,
  type UpstreamChange,
} from '../../../services/alerts/upstream.rules.ts';
import { minutes, T0 } from './signal-fixtures.ts';

const trouble = {
  startedAt: T0,
  workspace: 'mlw-payments-weu',
  endpoint: 'ep-fraud',
  models: ['fraud-detector:6', 'fraud-detector:7'],
};
const change = (over: Partial<UpstreamChange> = {}): UpstreamChange => ({
  id: 'c',
  kind: 'traffic',
  at: minutes(-170),
  workspace: 'mlw-payments-weu',
  endpoint: 'ep-fraud',
  what: 'fraud-detector:7 got 10 % of the traffic',
  ...over,
});

describe('what changed before it went wrong', () => {
  it('is told with its time and its relation', () => {
    const [first] = suspects(trouble, [change()]);
    expect(first?.reason).toBe('fraud-detector:7 got 10 % of the traffic 2 h 50 min before (the same endpoint)');
    expect(first?.minutesBefore).toBe(170);
  });

  it('is ordered by relation, kind and time', () => {
    const found = suspects(
      trouble,
      [
        change({ id: 'days ago', at: minutes(-3 * 1440) }),
        change({ id: 'traffic' }),
        change({
          id: 'model',
          kind: 'model-version',
          endpoint: undefined,
          models: ['fraud-detector:7'],
          at: minutes(-180),
        }),
        change({ id: 'environment', kind: 'environment', endpoint: undefined, at: minutes(-10) }),
        change({ id: 'scale', kind: 'scale', at: minutes(-160) }),
        change({ id: 'deployment', kind: 'deployment', at: minutes(-172) }),
      ],
      9,
    );
    expect(found.map(({ change: { id } }) => id)).toEqual([
      'deployment',
      'traffic',
      'model',
      'scale',
      'environment',
      'days ago',
    ]);
  });

  it('prefers the deployment that is in trouble', () => {
    const green = { ...trouble, deployment: 'green' };
    const found = suspects(green, [
      change({ id: 'blue', deployment: 'blue' }),
      change({ id: 'green', deployment: 'green', at: minutes(-180) }),
    ]);
    expect(found.map(({ change: { id } }) => id)).toEqual(['green', 'blue']);
    expect(found[0]?.reason).toContain('(the same deployment)');
  });

  it.each<[string, Partial<UpstreamChange>]>([
    ['came after', { at: minutes(3) }],
    ['is too old', { at: minutes(-15 * 1440) }],
    ['concerns another endpoint', { endpoint: 'ep-aml' }],
    ['concerns another workspace', { workspace: 'mlw-risk-neu' }],
    ['says nothing of where', { workspace: undefined, endpoint: undefined }],
  ])('leaves out what %s', (_what, over) => {
    expect(suspects(trouble, [change(over)])).toEqual([]);
  });

  it('finds the same model in another workspace', () => {
    const far = change({ workspace: 'mlw-risk-neu', endpoint: 'ep-x', models: ['Fraud-Detector:8'] });
    expect(suspects(trouble, [far])[0]?.reason).toContain('(the same model, fraud-detector)');
  });

  it('allows for clocks that differ a little', () => {
    expect(suspects(trouble, [change({ at: minutes(1) })])[0]?.reason).toContain('at the same time');
  });

  it('does not depend on the order or on repeats', () => {
    const many = [1, 2, 3, 4, 5, 6].map((n) => change({ id: `c${n}`, at: minutes(-30 * (n % 3)) }));
    const expected = suspects(trouble, many, 4);
    fc.assert(
      fc.property(fc.shuffledSubarray([...many, ...many], { minLength: 12 }), (shuffled) => {
        expect(suspects(trouble, shuffled, 4)).toEqual(expected);
      }),
    );
  });
});

it.each([
  [1, '1 min'],
  [60, '1 h'],
  [170, '2 h 50 min'],
  [1440, '1 day'],
  [3 * 1440 + 245, '3 days 4 h'],
])('%i minutes are "%s"', (count, words) => {
  expect(spokenMinutes(count)).toBe(words);
});

it('a deployment told by Event Grid is a change, a run that is only running is none', () => {
  const fact = {
    eventKey: 'e',
    at: T0,
    endpoint: 'ep-fraud',
    models: ['fraud-detector:7'],
    labels: {},
    summary: 'fraud-detector:7 was deployed to ep-fraud',
  };
  expect(changeOfFact({ ...fact, kind: 'model-deployed' })).toMatchObject({
    id: 'e',
    kind: 'deployment',
    what: fact.summary,
  });
  expect(changeOfFact({ ...fact, kind: 'run-status' })).toBeUndefined();
});

describe('alerts of other incidents', () => {
  const signal = (more: object) =>
    ({
      eventKey: 'k',
      kind: 'failed-run',
      condition: 'fired',
      workspace: 'mlw',
      rule: 'feature-pipeline',
      startedAt: Temporal.Instant.from('2026-11-23T01:40:00Z'),
      headline: 'Run feature-pipeline_1 of feature-pipeline failed in mlw',
      details: { dimensions: {} },
      ...more,
    }) as never;
  it('are suspects when a pipeline failed or a quota was used up, and never when they ended', () => {
    expect(changeOfSignal(signal({}))).toMatchObject({ kind: 'run', workspace: 'mlw' });
    expect(changeOfSignal(signal({ kind: 'other', rule: 'mlw-quota' }))).toMatchObject({ kind: 'quota' });
    expect(changeOfSignal(signal({ kind: 'budget', rule: 'ANO-101' }))).toMatchObject({ kind: 'cost' });
    expect(changeOfSignal(signal({ kind: 'latency', rule: 'ep-p95' }))).toBeUndefined();
    expect(changeOfSignal(signal({ condition: 'resolved' }))).toBeUndefined();
  });
});
