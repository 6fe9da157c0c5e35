import { describe, expect, it } from 'vitest';
import { flowOf, freezeCosts, median } from '../../../services/windows/flow.rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('how changes flow, by hand', () => {
  /** Fraud: 4 h, 8 h (failed), 6 h; retail: 30 h; the risk office changes nothing. Two weeks. */
  const changes = [
    { team: 'fraud', requestedMs: 0, finishedMs: 4 * HOUR, failed: false },
    { team: 'fraud', requestedMs: HOUR, finishedMs: 9 * HOUR, failed: true },
    { team: 'fraud', requestedMs: 2 * HOUR, finishedMs: 8 * HOUR, failed: false },
    { team: 'retail', requestedMs: 0, finishedMs: 30 * HOUR, failed: true },
  ];
  /** Fraud: restored after 10 min and 50 min; risk: 45 min. */
  const incidents = [
    { team: 'fraud', openedMs: 0, resolvedMs: 10 * MINUTE },
    { team: 'fraud', openedMs: HOUR, resolvedMs: HOUR + 50 * MINUTE },
    { team: 'risk', openedMs: 0, resolvedMs: 45 * MINUTE },
  ];

  it('takes the median of lead time and time to restore, the share that failed, and how many a week', () => {
    expect(flowOf(['fraud', 'retail', 'risk'], changes, incidents, 14)).toEqual([
      { team: 'fraud', changes: 3, perWeek: 1.5, leadMinutes: 360, failureRate: 1 / 3, restoreMinutes: 30 },
      { team: 'retail', changes: 1, perWeek: 0.5, leadMinutes: 1_800, failureRate: 1 },
      { team: 'risk', changes: 0, perWeek: 0, restoreMinutes: 45 },
    ]);
    expect([median([]), median([3, 1, 2]), median([4, 1])]).toEqual([undefined, 2, 2.5]);
  });

  it('charges every minute of waiting to the entry that held the change up then, and the dearest comes first', () => {
    const waits = [
      { change: 'RFC-1', atMs: 0, entry: 'Black Friday' },
      // The first freeze ends, and another one holds it up for two hours more.
      { change: 'RFC-1', atMs: 5 * HOUR, entry: 'Year end' },
      { change: 'RFC-2', atMs: 4 * HOUR, entry: 'Black Friday' },
      // Pressed again while it waits: no second waiting.
      { change: 'RFC-2', atMs: 4.5 * HOUR, entry: 'Black Friday' },
      { change: 'RFC-3', atMs: 6 * HOUR, entry: 'Year end' },
    ];
    const until: Record<string, number> = { 'RFC-1': 7 * HOUR, 'RFC-2': 5 * HOUR };
    expect(freezeCosts(waits, (change) => until[change])).toEqual([
      { entry: 'Black Friday', minutes: 360, changes: 2 },
      { entry: 'Year end', minutes: 120, changes: 1 },
    ]);
  });
});
