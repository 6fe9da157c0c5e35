import { expect, it } from 'vitest';
import {
  DEFAULT_STEPS,
  guardsOf,
  type PromotePlan,
  planDigest,
  type RolloutStep,
  readPlan,
  stepsFault,
} from '../../../services/approvals/plan.ts';
import { DEFAULT_GUARDS, promotion } from '../../../services/core/organisation.approvals.ts';

const mirror = (percent: number, minutes = 60): RolloutStep => ({ kind: 'mirror', percent, minutes });
const live = (percent: number, minutes = 60): RolloutStep => ({ kind: 'live', percent, minutes });

it.each([
  ['the usual steps', DEFAULT_STEPS, false, undefined],
  ['live steps on Kubernetes', [live(10), live(100, 0)], true, undefined],
  ['a mirror on Kubernetes', [mirror(20), live(100, 0)], true, /mirrors no traffic of a Kubernetes endpoint/],
  ['no step', [], false, /no step/],
  ['an end below 100', [live(10), live(50)], false, /ends at 50 %.*add up to 100/],
  ['a mirror alone', [mirror(20)], false, /ends at 0 %/],
  ['more than Azure mirrors', [mirror(51), live(100)], false, /mirrors 51 %: Azure mirrors at most 50 %/],
  ['a mirror after live traffic', [live(10), mirror(10), live(100)], false, /live already/],
  ['shares that shrink', [live(50), live(10), live(100)], false, /Step 2 is 10 % after 50 %/],
  ['half of a percent', [live(0.5), live(100)], false, /whole number/],
  ['more than everything', [live(101)], false, /whole number/],
] as const)('steps: %s', (_name, steps, kubernetes, fault) => {
  const found = stepsFault(steps, { kubernetes })?.text;
  if (fault) expect(found).toMatch(fault);
  else expect(found).toBeUndefined();
});

it.each([
  [
    'a mirror',
    [mirror(20), live(50), live(100)],
    /^green has 10 % of the live traffic already, so Azure mirrors nothing/,
  ],
  ['less than it has', [live(5), live(100)], /^Step 1 is 5 %, and green has 10 % already/],
  ['what it has, looked at first', [live(10), live(100)], undefined],
])('steps for a version that is live: %s', (_name, steps, fault) => {
  const found = stepsFault(steps, { kubernetes: false, live: { deployment: 'green', percent: 10 } })?.text;
  if (fault) expect(found).toMatch(fault);
  else expect(found).toBeUndefined();
});

it('a plan has one digest, and every part of it counts', () => {
  const plan: PromotePlan = {
    kind: 'promote',
    endpoint: 'ep-fraud',
    workspace: 'mlw-payments-weu',
    model: { name: 'fraud-detector', version: '8' },
    artifact: { sha256: 'a'.repeat(64), of: 'files' },
    deployment: 'v8',
    from: { blue: 100 },
    steps: DEFAULT_STEPS,
    guards: DEFAULT_GUARDS,
    what: 'fraud-detector:8 to ep-fraud',
  };
  const stored = JSON.parse(JSON.stringify(plan)) as object;
  expect(planDigest(readPlan(stored))).toBe(planDigest(plan));
  const others = [
    { ...plan, model: { name: 'fraud-detector', version: '9' } },
    { ...plan, artifact: { sha256: 'b'.repeat(64), of: 'files' as const } },
    { ...plan, endpoint: 'ep-aml' },
    { ...plan, steps: [live(100, 0)] },
    { ...plan, guards: { ...DEFAULT_GUARDS, minRequests: 1 } },
  ];
  expect(new Set([plan, ...others].map(planDigest)).size).toBe(6);
});

it('a plan from before plans had kinds is a move of traffic', () => {
  expect(readPlan({ endpoint: 'ep-fraud', traffic: { blue: 100 } })).toMatchObject({ kind: 'traffic' });
});

it('what must hold at every step is said by risk class in wardroom.yaml', () => {
  const of = (guards?: object) => ({
    promotions: [promotion.parse({ id: 'high', policy: 'board', ...(guards ? { guards } : {}) })],
  });
  expect(guardsOf(of({ errorPoints: 0.1, minRequests: 50 }), 'high')).toEqual({
    errorPoints: 0.1,
    latencyRatio: 1.25,
    minRequests: 50,
  });
  expect(guardsOf(of(), 'high')).toEqual(DEFAULT_GUARDS);
  expect(guardsOf(of({ errorPoints: 0.1 }), 'minimal'), 'another class').toEqual(DEFAULT_GUARDS);
  expect(() => of({ latencyRatio: 0.9 })).toThrow(/multiple of the present latency/);
  expect(() => of({ minRequests: 0 })).toThrow();
});
