import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { causeOf, toldOf } from '../../../services/cost/index.ts';

const cause = (at: string, what: string, more: object) => ({
  at: Temporal.Instant.from(`${at}T10:00:00Z`),
  what,
  workspace: 'mlw-payments-weu',
  ...more,
});

/** What was done, the newest first. */
const done = [
  cause('2026-11-23', 'ep-fraud was changed', { endpoint: 'ep-fraud', by: 'hugo' }),
  cause('2026-11-22', 'the environment was built', {}),
  cause('2026-11-20', 'the sweep ran', { compute: 'gpu-new', by: 'hugo' }),
  cause('2026-11-12', 'the cluster gpu-new was made', { compute: 'GPU-new', made: true, by: 'finn' }),
  cause('2025-10-01', 'the cluster gpu-a100 was made', { compute: 'gpu-a100', made: true, by: 'finn' }),
];

describe('who caused it', () => {
  it.each([
    ['a cluster that cost nothing before: whoever made it', 'gpu-new', 0, 'the cluster gpu-new was made'],
    ['the same cluster later: what ran on it', 'gpu-new', 120, 'the sweep ran'],
    ['an endpoint: what changed it', 'ep-fraud', 400, 'ep-fraud was changed'],
    ['an old cluster: that it is there at all', 'gpu-a100', 400, 'the cluster gpu-a100 was made'],
    ['what nobody touched', 'ep-aml', 0, undefined],
  ])('%s', (_, name, before, what) => expect(causeOf({ name, before }, done)?.what).toBe(what));

  it('is told first of what drove the cost, then of the latest', () => {
    const drivers = [
      { name: 'gpu-new', before: 0 },
      { name: 'ep-aml', before: 3 },
    ];
    expect(toldOf(drivers, done, 3).map(({ what }) => what)).toEqual([
      'the cluster gpu-new was made',
      'ep-fraud was changed',
      'the environment was built',
    ]);
  });
});
