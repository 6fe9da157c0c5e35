import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, NOTHING_SENT, sentAt, waitMs } from '../../bot/pacing.ts';

/** Microsoft Learn, "Optimize your bot with rate limiting in Teams": messages per thread in seconds. */
const DOCUMENTED = [
  [7, 1],
  [8, 2],
  [60, 30],
  [1_800, 3_600],
] as const;
const START = Date.parse('2026-11-23T14:05:00Z');

/** Sends as soon as it may, after the given pauses; returns the instants. */
function sendAll(pausesMs: Iterable<number>): number[] {
  let recent = NOTHING_SENT;
  let now = START;
  const sent: number[] = [];
  for (const pause of pausesMs) {
    now += pause;
    now += waitMs(recent, now);
    // What is kept between two messages is JSON in the database.
    recent = JSON.parse(JSON.stringify(sentAt(recent, now)));
    sent.push(now);
  }
  return sent;
}

function expectWithinLimits(sent: readonly number[]): void {
  for (const [most, seconds] of DOCUMENTED)
    for (let index = 0; index + most < sent.length; index += 1)
      if ((sent[index + most] as number) - (sent[index] as number) < seconds * 1_000)
        expect.fail(`${most + 1} messages within ${seconds} s, from message ${index} on`);
}

describe('pacing', () => {
  it('crosses no documented limit, however the messages come', () => {
    const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), { maxLength: 400 });
    fc.assert(
      fc.property(pauses, (list) => expectWithinLimits(sendAll(list))),
      { numRuns: 60 },
    );
  });

  it('crosses no limit of an hour in a storm of 4,000, and goes on afterwards', () => {
    const sent = sendAll(Array.from({ length: 4_000 }, () => 0));
    expectWithinLimits(sent);
    const hours = ((sent.at(-1) as number) - START) / 3_600_000;
    expect(hours).toBeGreaterThan(2);
    expect(hours).toBeLessThan(2.6);
  });

  it('holds nobody back who writes now and then', () => {
    const sent = sendAll([0, 5_000, 5_000, 5_000]);
    expect(sent).toEqual([START, START + 5_000, START + 10_000, START + 15_000]);
  });

  it('lets a short burst through at once', () => {
    expect(new Set(sendAll([0, 0, 0, 0, 0, 0]))).toEqual(new Set([START]));
    expect(sendAll([0, 0, 0, 0, 0, 0, 0]).at(-1)).toBe(START + 1_000);
  });

  it('keeps the memory small', () => {
    let recent = NOTHING_SENT;
    for (let minute = 0; minute < 3_000; minute += 1) recent = sentAt(recent, START + minute * 60_000);
    expect(recent.last).toHaveLength(60);
    expect(Object.keys(recent.minutes)).toHaveLength(60);
  });
});

describe('backing off', () => {
  it('doubles from a second to five minutes, give or take a tenth', () => {
    expect([1, 2, 3, 9, 10, 50].map((attempt) => backoffMs(attempt, 0.5))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
    expect(backoffMs(1, 0)).toBe(900);
    expect(backoffMs(1, 0.999999)).toBe(1_100);
  });
});
