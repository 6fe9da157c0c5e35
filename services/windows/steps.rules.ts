import type { GuardReading } from '../approvals/index.ts';
import type { Traffic } from './care.rules.ts';

/** One step of the traffic of an endpoint while a change runs: what Azure showed, since when, and what was measured. */
export interface ChangeStep {
  endpoint: string;
  /** ISO 8601: when it was first seen. */
  at: string;
  traffic: Traffic;
  /** The deployment that takes more than before the change, and the largest of the others, now or, where none is left, before: what is compared. */
  candidate?: string;
  current?: string;
  verdict: StepVerdict;
  /** What was measured, one sentence each. */
  words: readonly string[];
  /** Looks that found it worse. */
  bad: number;
}

/** Without measurements a step is inconclusive, never good. */
export type StepVerdict = 'good' | 'worse' | 'inconclusive';

/** One bad look is borne, as one bad minute is; the second in a step counts. */
export const WORSE_LOOKS = 2;

/** Measured before a step counts as good; the others speak when they can. */
const REQUIRED: readonly GuardReading['guard'][] = ['errors', 'latency'];

const live = (traffic: Traffic): [string, number][] =>
  Object.entries(traffic)
    .filter(([, percent]) => percent > 0)
    .sort(([a], [b]) => a.localeCompare(b));
const same = (one: Traffic, other: Traffic): boolean => JSON.stringify(live(one)) === JSON.stringify(live(other));

/** The step that Azure shows now when it is another one than the last; `stood` is the traffic before the change. */
export function stepNow(
  endpoint: string,
  stood: Traffic,
  known: readonly ChangeStep[],
  now: Traffic,
  at: string,
): ChangeStep | undefined {
  const last = known.filter((step) => step.endpoint === endpoint).at(-1)?.traffic ?? stood;
  if (same(last, now)) return undefined;
  const names = [...new Set([...Object.keys(stood), ...Object.keys(now)])];
  const grown = names
    .map((name) => ({ name, by: (now[name] ?? 0) - (stood[name] ?? 0) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by)[0]?.name;
  // At 100 % nothing else serves: then it is compared with what served before the change began.
  const [current] = [now, stood].flatMap(
    (traffic) =>
      live(traffic)
        .filter(([name]) => name !== grown)
        .sort((a, b) => b[1] - a[1])[0]?.[0] ?? [],
  );
  const step = { endpoint, at, traffic: Object.fromEntries(live(now)), bad: 0, verdict: 'inconclusive' as const };
  if (grown === undefined) return { ...step, words: ['as it stood before the change'] };
  if (current === undefined)
    return { ...step, candidate: grown, words: ['nothing served before that it could be compared with'] };
  return { ...step, candidate: grown, current, words: ['not measured yet'] };
}

/** A step after a look at it. */
export function looked(step: ChangeStep, readings: readonly GuardReading[], missing: readonly string[]): ChangeStep {
  const worse = readings.filter(({ verdict }) => verdict === 'bad');
  const good = REQUIRED.every((guard) => readings.some((each) => each.guard === guard && each.verdict === 'ok'));
  return {
    ...step,
    bad: step.bad + (worse.length > 0 ? 1 : 0),
    verdict: worse.length > 0 ? 'worse' : good ? 'good' : 'inconclusive',
    words: [
      ...readings.filter(({ guard }) => guard !== 'split' && guard !== 'quality').map(({ words }) => words),
      ...missing.map((what) => `not known: ${what}`),
    ],
  };
}
