import { describe, expect, it } from 'vitest';
import type { PromotePlan } from '../../../services/approvals/plan.ts';
import {
  currentOf,
  isLast,
  judgeLook,
  mayServe,
  sharesAt,
  startFault,
  type Tallies,
  trafficOf,
  wayBackOf,
} from '../../../services/approvals/rollout.rules.ts';
import type { Guard, GuardReading } from '../../../services/approvals/rollout-analysis.rules.ts';

const plan: PromotePlan = {
  kind: 'promote',
  endpoint: 'ep-fraud',
  workspace: 'mlw-payments-weu',
  model: { name: 'fraud-detector', version: '8' },
  artifact: { sha256: 'a'.repeat(64), of: 'files' },
  deployment: 'violet',
  from: { blue: 90, green: 10 },
  steps: [
    { kind: 'mirror', percent: 20, minutes: 30 },
    { kind: 'live', percent: 10, minutes: 30 },
    { kind: 'live', percent: 100, minutes: 0 },
  ],
  guards: { errorPoints: 0.5, latencyRatio: 1.25, minRequests: 1000 },
  what: 'fraud-detector:8 to ep-fraud',
};

describe('shares', () => {
  it.each([
    [{ blue: 100 }, 10, { blue: 90, violet: 10 }],
    [{ blue: 90, green: 10 }, 10, { blue: 81, green: 9, violet: 10 }],
    [{ blue: 90, green: 10 }, 50, { blue: 45, green: 5, violet: 50 }],
    [{ blue: 67, green: 33 }, 25, { blue: 50, green: 25, violet: 25 }],
    [{ a: 34, b: 33, c: 33 }, 1, { a: 33, b: 33, c: 33, violet: 1 }],
    [{ blue: 90, green: 10 }, 100, { blue: 0, green: 0, violet: 100 }],
    [{ violet: 10, blue: 90 }, 50, { blue: 50, violet: 50 }],
    [{ blue: 0 }, 100, { blue: 0, violet: 100 }],
  ])('%o with %i %% to the new one', (from, percent, wanted) => {
    const shares = sharesAt(from, 'violet', percent);
    expect(shares).toEqual(wanted);
    expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(100);
  });
  it('a mirror step leaves what is live alone; a live step ends the mirroring', () => {
    expect(trafficOf(plan, plan.steps[0] as never)).toEqual({
      traffic: { blue: 90, green: 10, violet: 0 },
      mirror: { violet: 20 },
    });
    expect(trafficOf(plan, plan.steps[1] as never)).toEqual({
      traffic: { blue: 81, green: 9, violet: 10 },
      mirror: {},
    });
    expect(wayBackOf(plan)).toEqual({ traffic: { blue: 90, green: 10, violet: 0 }, mirror: {} });
    expect(currentOf(plan)).toBe('blue');
  });
});

describe('what may serve', () => {
  it.each([
    ['nothing was moved', -1, null, false],
    ['a step was', 0, null, true],
    ['Azure refused the first move', -1, { kind: 'refused' }, false],
    ['Azure never answered the first move', -1, { kind: 'refused', unknown: true }, true],
  ])('%s', (_what, step, held, may) => expect(mayServe({ step, held })).toBe(may));
});

describe('what cannot begin', () => {
  it.each([
    ['mirroring on Kubernetes', plan, true, /runs on Kubernetes, and Azure mirrors no traffic/],
    ['mirroring to what is live', { ...plan, deployment: 'green' }, false, /green gets live traffic/],
    ['shares that do not sum to 100', { ...plan, from: { blue: 90 } }, false, /summed to 90/],
    [
      'nothing to go back to',
      { ...plan, from: { violet: 100 }, steps: plan.steps.slice(1) },
      false,
      /Nothing else serves/,
    ],
  ])('%s', (_, wrong, kubernetes, words) => expect(startFault(wrong as PromotePlan, kubernetes)).toMatch(words));
  it('an ordinary plan can, and one without a mirror step on Kubernetes, too', () => {
    expect(startFault(plan, false)).toBeUndefined();
    expect(startFault({ ...plan, steps: plan.steps.slice(1) }, true)).toBeUndefined();
  });
});

const step = { kind: 'live', percent: 10, minutes: 3 } as const;
const read = (guard: Guard, verdict: GuardReading['verdict']): GuardReading => ({
  guard,
  verdict,
  words: `${guard} ${verdict}`,
});
const play = (looks: GuardReading[][]) => {
  let tallies: Tallies = {};
  const went: string[] = [];
  for (const readings of looks) {
    const judged = judgeLook(step, tallies, readings);
    tallies = judged.tallies;
    went.push(judged.outcome.go);
  }
  return { went, tallies };
};
const good = [read('errors', 'ok'), read('latency', 'unclear'), read('split', 'ok'), read('drift', 'unknown')];

describe('looks at a step of three minutes', () => {
  it('three good ones lead on', () => expect(play([good, good, good]).went).toEqual(['on', 'on', 'next']));
  it('one bad look is borne, the second goes back', () => {
    const bad = [read('errors', 'bad'), read('latency', 'ok')];
    expect(play([good, bad, good]).went).toEqual(['on', 'on', 'next']);
    expect(play([bad, good, bad]).went).toEqual(['on', 'on', 'back']);
    expect(play([good, good, bad]).went).toEqual(['on', 'on', 'on']);
  });
  it('worse labelled rows go back at once', () =>
    expect(play([[...good, read('quality', 'bad')]]).went).toEqual(['back']));
  it('a broken split holds', () => expect(play([[...good.slice(0, 2), read('split', 'bad')]]).went).toEqual(['hold']));
  it('without data it waits as long again, then asks a person', () => {
    const none = [read('errors', 'unknown'), read('latency', 'unknown')];
    expect(play([none, none, none, none]).went).toEqual(['on', 'on', 'on', 'hold']);
    expect(play([none, none, good, good, good]).went).toEqual(['on', 'on', 'on', 'on', 'next']);
  });
  it('over the limit, though perhaps by chance, is not held: it waits, and then asks a person', () => {
    const over = [{ ...read('errors', 'unclear'), estimate: 0.9, limit: 0.5 }, read('latency', 'ok')];
    const { went } = play([over, over, over, over]);
    expect(went).toEqual(['on', 'on', 'on', 'hold']);
    expect(play([over, good, good, good]).went).toEqual(['on', 'on', 'on', 'next']);
    const within = [{ ...read('errors', 'unclear'), estimate: 0.4, limit: 0.5 }, read('latency', 'ok')];
    expect(play([within, within, within]).went).toEqual(['on', 'on', 'next']);
  });
  it('knows which look decides', () => {
    const two = play([good, good]).tallies;
    expect([isLast(step, {}), isLast(step, two)]).toEqual([false, true]);
  });
});
