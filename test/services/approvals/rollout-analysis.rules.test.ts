import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../../services/approvals/quality.rules.ts';
import { type Measured, readGuards } from '../../../services/approvals/rollout-analysis.rules.ts';
import { assess, counted, noTally, type Tally } from '../../../services/approvals/rollout-limits.rules.ts';
import {
  fitsInWindow,
  lookEvery,
  looksOf,
  planMinutes,
  promoteMinutes,
  watchedUntil,
} from '../../../services/approvals/rollout-time.rules.ts';

interface Case {
  id: string;
  given: Record<string, number>;
  then: Record<string, unknown>;
}
const cases = (
  JSON.parse(readFileSync(new URL('../../data/experiments/golden.json', import.meta.url), 'utf8')) as {
    rollout_analysis: Case[];
  }
).rollout_analysis;

describe('the golden cases', () => {
  it.each(cases.filter(({ id }) => id.startsWith('ar-')))('$id', ({ given, then }) => {
    const { count_limit, failureLimit, inconclusiveLimit, consecutiveSuccessLimit, ...rest } = given;
    const tally: Tally = { ...noTally, ...rest };
    const limits = { count: count_limit, failureLimit, inconclusiveLimit, consecutiveSuccessLimit };
    expect(assess(tally, limits).phase).toBe(then['phase']);
  });
  it.each(cases.filter(({ id }) => id.startsWith('flagger')))('$id', ({ given, then }) => {
    const { interval_s = 0, maxWeight = 0, stepWeight = 1, threshold = 0, window_left_minutes = 0 } = given;
    if ('min_promote_minutes' in then)
      expect(promoteMinutes(interval_s, maxWeight, stepWeight)).toBe(then['min_promote_minutes']);
    else {
      const window = {
        intervalSeconds: interval_s,
        maxWeight,
        stepWeight,
        threshold,
        windowLeftMinutes: window_left_minutes,
      };
      expect(fitsInWindow(window)).toEqual({ allowed: then['start_allowed'], neededMinutes: then['needed_minutes'] });
    }
  });
});

describe('counting looks', () => {
  it.each([
    ['nothing was measured yet', noTally, {}, 'Pending'],
    ['a first failure is borne', { ...noTally, count: 2, failed: 1 }, { failureLimit: 1, count: 5 }, 'Running'],
    ['a second is not', { ...noTally, count: 2, failed: 2 }, { failureLimit: 1, count: 5 }, 'Failed'],
    ['five errors in a row', { ...noTally, consecutiveError: 5 }, { count: 5 }, 'Error'],
    ['four are borne', { ...noTally, consecutiveError: 4 }, { count: 5 }, 'Running'],
    ['enough looks', { ...noTally, count: 5, successful: 5 }, { count: 5 }, 'Successful'],
    [
      'both limits, neither reached',
      { ...noTally, count: 7, failed: 1, successful: 6, consecutiveSuccess: 2 },
      { count: 7, failureLimit: 2, consecutiveSuccessLimit: 3 },
      'Inconclusive',
    ],
  ] as const)('%s', (_, tally, limits, phase) => expect(assess(tally, limits).phase).toBe(phase));
  it('a success ends a row of errors, and an inconclusive one a row of successes', () => {
    const after = counted(counted({ ...noTally, consecutiveError: 3 }, 'successful'), 'inconclusive');
    expect(after).toMatchObject({ count: 2, consecutiveError: 0, consecutiveSuccess: 0, inconclusive: 1 });
    expect(counted(noTally, 'error').count).toBe(0);
  });
});

describe('the time a plan takes', () => {
  it.each([
    [5, 1, 5],
    [30, 4, 8],
    [240, 30, 8],
    [1440, 30, 48],
  ])('%i minutes: a look every %i, %i in all', (minutes, every, looks) => {
    expect([lookEvery(minutes), looksOf(minutes)]).toEqual([every, looks]);
  });
  it('counts making the deployment, the moves and the way back', () => {
    expect(
      planMinutes([
        { kind: 'live', percent: 10, minutes: 60 },
        { kind: 'live', percent: 100, minutes: 0 },
      ]),
    ).toEqual({
      // Ten minutes until there is something to see, and eight looks of eight minutes.
      forward: 84,
      withWayBack: 86,
    });
  });
  it('says when the last look is due, also of a step that is waited for', () => {
    const since = Temporal.Instant.from('2026-11-23T10:00:00Z');
    const step = { kind: 'live', percent: 10, minutes: 60 } as const;
    const until = (of: { looked?: string; left: number }) =>
      watchedUntil(step, { since, left: of.left, ...(of.looked ? { looked: Temporal.Instant.from(of.looked) } : {}) });
    expect(until({ left: 8 }).toString()).toBe('2026-11-23T11:14:00Z');
    expect(until({ looked: '2026-11-23T11:06:00Z', left: 1 }).toString()).toBe('2026-11-23T11:14:00Z');
    expect(until({ looked: '2026-11-23T11:14:00Z', left: 5 }).toString()).toBe('2026-11-23T11:54:00Z');
  });
});

const guards = { errorPoints: 0.5, latencyRatio: 1.25, minRequests: 1000 };
const context = { last: false, mirrored: false, driftedBefore: [] as string[] };
const minutes = (
  candidate: { requests: number; errors: number; p95Ms: number },
  current = { requests: 2000, errors: 3, p95Ms: 90 },
  many = 20,
): Measured => ({
  steps: Array.from({ length: many }, (_, index) => ({
    at: `m${index}`,
    current: { ...current, p95Ms: current.p95Ms * (1 + (index % 3) / 100) },
    candidate: { ...candidate, p95Ms: candidate.p95Ms * (1 + (index % 2) / 100) },
  })),
  split: [
    { deployment: 'blue', requests: 36_000, share: 90 },
    { deployment: 'green', requests: 4_000, share: 10 },
  ],
  drift: [],
  rows: [],
  missing: [],
});
const noRequests = { requests: 0, errors: 0, p95Ms: 0 };
const verdicts = (measured: Measured, more: Partial<typeof context> = {}) =>
  Object.fromEntries(
    readGuards(measured, guards, { ...context, ...more }).map(({ guard, verdict }) => [guard, verdict]),
  );

describe('the guards', () => {
  it('a version like the present one passes', () =>
    expect(verdicts(minutes({ requests: 220, errors: 0, p95Ms: 92 }))).toEqual({
      errors: 'ok',
      latency: 'ok',
      split: 'ok',
      drift: 'unknown',
    }));
  it('more errors than the limit allows', () =>
    expect(verdicts(minutes({ requests: 220, errors: 6, p95Ms: 92 }))['errors']).toBe('bad'));
  it('a slower one', () => expect(verdicts(minutes({ requests: 220, errors: 0, p95Ms: 150 }))['latency']).toBe('bad'));
  it('a hint of slowness after a few minutes is neither', () => {
    const few = minutes({ requests: 220, errors: 0, p95Ms: 108 }, { requests: 2000, errors: 3, p95Ms: 90 }, 5);
    const noisy = {
      ...few,
      steps: few.steps.map((step, index) => ({
        ...step,
        candidate: { requests: 220, errors: 0, p95Ms: index % 2 ? 70 : 160 },
      })),
    };
    expect(verdicts(noisy)['latency']).toBe('unclear');
  });
  it('not enough requests is an answer', () => {
    const [errors, latency] = readGuards(minutes({ requests: 10, errors: 5, p95Ms: 900 }), guards, context);
    expect([errors?.verdict, latency?.verdict]).toEqual(['unknown', 'unknown']);
    expect(errors?.words).toBe('not enough data: 200 of 1,000 requests at the new version');
  });
  it('no traffic is never good, whatever the plan asks for', () => {
    for (const measured of [minutes(noRequests), { ...minutes(noRequests), steps: [] }]) {
      const [errors, latency] = readGuards(measured, { ...guards, minRequests: 0 }, context);
      expect([errors?.verdict, latency?.verdict]).toEqual(['unknown', 'unknown']);
      expect(errors?.words).toBe('not enough data: 0 of 1 requests at the new version');
    }
  });
  it('at the limit is not beyond it', () => {
    const step = (p95Ms: number) => ({ requests: 2000, errors: 0, p95Ms });
    const steady = Array.from({ length: 100 }, (_, at) => ({ at: `m${at}`, current: step(100), candidate: step(125) }));
    expect(verdicts({ ...minutes(noRequests), steps: steady })['latency']).toBe('ok');
    const over = steady.map((each) => ({ ...each, candidate: step(126) }));
    expect(verdicts({ ...minutes(noRequests), steps: over })['latency']).toBe('bad');
  });
  it('a broken split is told, and what was measured on it does not count', () => {
    const broken = {
      ...minutes({ requests: 220, errors: 0, p95Ms: 92 }),
      split: [
        { deployment: 'blue', requests: 36_000, share: 90 },
        { deployment: 'green', requests: 5_000, share: 10 },
      ],
    };
    expect(verdicts(broken)['split']).toBe('bad');
  });
  it('drift that was there before is not its doing', () => {
    const drifting = {
      ...minutes({ requests: 220, errors: 0, p95Ms: 92 }),
      drift: [{ feature: 'amount', value: 0.31, limit: 0.2 }],
    };
    expect(verdicts(drifting)['drift']).toBe('bad');
    expect(verdicts(drifting, { driftedBefore: ['amount'] })['drift']).toBe('ok');
  });
  it('mirrored rows with labels: worse is bad at the end of the step, and only beyond doubt before', () => {
    const rows = Array.from({ length: 400 }, (_, row) => {
      const positive = row % 3 === 0;
      const wrongA = row % 10 === 0;
      const wrongB = row % 10 < 1 || row % 23 === 1;
      return { positive, a: positive !== wrongA ? 0.9 : 0.1, b: positive !== wrongB ? 0.9 : 0.1 };
    });
    const shadow = { ...minutes({ requests: 220, errors: 0, p95Ms: 92 }), rows };
    expect(verdicts(shadow, { mirrored: true, last: true })['quality']).toBe('bad');
    expect(verdicts({ ...shadow, rows: rows.slice(0, 50) }, { mirrored: true, last: true })['quality']).toBe('unknown');
    expect(
      verdicts({ ...shadow, rows: rows.map((row) => ({ ...row, b: row.a })) }, { mirrored: true, last: true })[
        'quality'
      ],
    ).toBe('ok');
  });
});

describe('both versions on the same rows', () => {
  const rows = (count: number, lost: number) =>
    Array.from({ length: count }, (_, row) => {
      const positive = row % 3 === 0;
      const wrongA = row % 10 === 0;
      const wrongB = row % 10 === 0 || row % 100 < lost;
      return { positive, a: positive !== wrongA ? 0.8 : 0.2, b: positive !== wrongB ? 0.8 : 0.2 };
    });
  it.each([
    [199, 5, 'not enough data'],
    [600, 0, 'no difference'],
    [600, 9, 'worse'],
  ])('%i rows, %i more wrong of a hundred: %s', (count, lost, verdict) =>
    expect(qualityOf(rows(count, lost)).verdict).toBe(verdict),
  );
  it('the other way round it is better, with McNemar, DeLong and the bootstrap beside each other', () => {
    const found = qualityOf(rows(600, 9).map(({ positive, a, b }) => ({ positive, a: b, b: a })));
    expect([found.verdict, found.rows, found.positives]).toEqual(['better', 600, 200]);
    expect(found.lines.map(({ name, by }) => [name, by])).toEqual([
      ['right answers', 'McNemar exact; paired bootstrap'],
      ['AUC', 'DeLong'],
      ['Brier score', 'paired bootstrap'],
    ]);
    for (const { low, high, difference } of found.lines) expect(low <= difference && difference <= high).toBe(true);
  });
  it('one class alone has no AUC', () =>
    expect(qualityOf(rows(600, 9).map((row) => ({ ...row, positive: false }))).lines.map(({ name }) => name)).toEqual([
      'right answers',
      'Brier score',
    ]));
});
