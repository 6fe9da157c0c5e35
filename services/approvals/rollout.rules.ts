import type { Traffic } from '../fleet/index.ts';
import type { PromotePlan, RolloutStep } from './plan.ts';
import type { Guard, GuardReading } from './rollout-analysis.rules.ts';
import { assess, counted, type Limits, noTally, type Tally } from './rollout-limits.rules.ts';
import { looksOf } from './rollout-time.rules.ts';

/** One failed look is borne, as one bad minute is; the second in a step ends it. */
const FAILED_LOOKS_BORNE = 1;

/** Guards without which a step is never passed; the others speak when they can. */
const REQUIRED: readonly Guard[] = ['errors', 'latency'];

/** `step` of a rollout is the step that Azure shows; before the first one: */
export const NOT_DEPLOYED = -2;
export const NOTHING_MOVED = -1;
/** The step to be taken next. */
export const nextOf = ({ step }: { step: number }): number => Math.max(0, step + 1);

/**
 * Whether anything of the new version may be live or mirrored because of this rollout: then its end is a way back. What Azure
 * never answered counts as done, and a way back that turns out not to be needed changes nothing.
 */
export const mayServe = ({ step, held }: { step: number; held: unknown }): boolean =>
  step > NOTHING_MOVED || (held as { unknown?: true } | null)?.unknown === true;

export type Tallies = Partial<Record<Guard, Tally>>;

/** Live shares with the new version at `percent`: the others keep their proportions, in whole percents that sum to 100. */
export function sharesAt(from: Traffic, deployment: string, percent: number): Traffic {
  const others = Object.entries(from).filter(([name]) => name !== deployment);
  const total = others.reduce((sum, [, share]) => sum + share, 0);
  const left = 100 - percent;
  if (total === 0) return { ...Object.fromEntries(others.map(([name]) => [name, 0])), [deployment]: 100 };
  const exact = others.map(([name, share]) => ({ name, share: (share * left) / total }));
  const floors = exact.map(({ name, share }) => ({ name, whole: Math.floor(share), rest: share - Math.floor(share) }));
  let missing = left - floors.reduce((sum, { whole }) => sum + whole, 0);
  const rounded = new Map(floors.map(({ name, whole }) => [name, whole]));
  for (const { name } of [...floors].sort((a, b) => b.rest - a.rest)) {
    if (missing <= 0) break;
    rounded.set(name, (rounded.get(name) ?? 0) + 1);
    missing -= 1;
  }
  return { ...Object.fromEntries(rounded), [deployment]: percent };
}

/** What Azure is to be told for a step. */
export function trafficOf(plan: PromotePlan, step: RolloutStep): { traffic: Traffic; mirror: Traffic } {
  if (step.kind === 'mirror')
    return {
      traffic: { ...plan.from, [plan.deployment]: plan.from[plan.deployment] ?? 0 },
      mirror: { [plan.deployment]: step.percent },
    };
  return { traffic: sharesAt(plan.from, plan.deployment, step.percent), mirror: {} };
}

/** Back to what served when the plan was made: nothing copied, nothing to the new version. */
export const wayBackOf = (plan: PromotePlan): { traffic: Traffic; mirror: Traffic } => ({
  traffic: { ...plan.from, [plan.deployment]: plan.from[plan.deployment] ?? 0 },
  mirror: {},
});

/** The deployment with the largest share: what the new version is compared with. */
export const currentOf = (plan: Pick<PromotePlan, 'from' | 'deployment'>): string =>
  Object.entries(plan.from)
    .filter(([name]) => name !== plan.deployment)
    .sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';

/** Why a plan cannot begin as Azure stands now, in words; undefined when it can. */
export function startFault(plan: PromotePlan, kubernetes: boolean): string | undefined {
  const mirrors = plan.steps.some(({ kind }) => kind === 'mirror');
  if (mirrors && kubernetes)
    return `${plan.endpoint} runs on Kubernetes, and Azure mirrors no traffic of Kubernetes endpoints.`;
  if (mirrors && (plan.from[plan.deployment] ?? 0) > 0)
    return `${plan.deployment} gets live traffic, so Azure mirrors nothing to it.`;
  const sum = Object.values(plan.from).reduce((total, share) => total + share, 0);
  if (sum !== 100) return `The traffic of ${plan.endpoint} summed to ${sum} when the plan was made, not to 100.`;
  if (currentOf(plan) === '')
    return `Nothing else serves ${plan.endpoint}: there is nothing to compare with or to go back to.`;
  return undefined;
}

export type LookOutcome =
  | { go: 'on'; why: string }
  | { go: 'next'; why: string }
  | { go: 'back'; guard: Guard; why: string }
  | { go: 'hold'; why: string };

/** Counts a look and says what follows from all looks of this step. A broken split holds: nothing on it can be believed. */
export function judgeLook(
  step: RolloutStep,
  before: Tallies,
  readings: readonly GuardReading[],
): { tallies: Tallies; outcome: LookOutcome } {
  const tallies: Tallies = { ...before };
  const enough = looksOf(step.minutes);
  const results = readings.map((reading) => {
    const required = REQUIRED.includes(reading.guard);
    const tally = count(before[reading.guard] ?? noTally, reading, required);
    tallies[reading.guard] = tally;
    const limits: Limits = {
      count: required ? enough : 1,
      failureLimit: reading.guard === 'quality' ? 0 : FAILED_LOOKS_BORNE,
      // Without data a step is waited for as long again as it was to last.
      inconclusiveLimit: required ? enough : -1,
    };
    return { reading, required, ...assess(tally, limits) };
  });
  const split = results.find(({ reading }) => reading.guard === 'split' && reading.verdict === 'bad');
  if (split) return { tallies, outcome: { go: 'hold', why: sentence(split.reading.words) } };
  const failed = results.find(({ phase }) => phase === 'Failed');
  if (failed)
    return { tallies, outcome: { go: 'back', guard: failed.reading.guard, why: sentence(failed.reading.words) } };
  const stuck = results.find(({ phase, required }) => required && (phase === 'Inconclusive' || phase === 'Error'));
  if (stuck) {
    const { verdict, words } = stuck.reading;
    const chance = verdict === 'unclear' ? ', which may be chance; more data did not decide it' : '';
    return { tallies, outcome: { go: 'hold', why: sentence(`${words}${chance}`) } };
  }
  const open = results.filter(({ required, phase }) => required && phase !== 'Successful');
  const bad = results.find(({ reading }) => reading.verdict === 'bad');
  // A guard that just failed for the first time is looked at once more before the share grows.
  if (open.length > 0 || bad)
    return { tallies, outcome: { go: 'on', why: sentence(bad?.reading.words ?? open[0]?.why ?? '') } };
  return { tallies, outcome: { go: 'next', why: `Every guard held over ${enough} looks.` } };
}

/**
 * A required guard without data was not measured, and one that is over its limit, though perhaps by chance, does not hold:
 * the look does not count towards those that are enough.
 */
function count(tally: Tally, { verdict, estimate = 0, limit }: GuardReading, required: boolean): Tally {
  if (verdict === 'bad') return counted(tally, 'failed');
  const over = required && verdict === 'unclear' && limit !== undefined && estimate > limit;
  if (verdict !== 'unknown' && !over) return counted(tally, 'successful');
  const after = counted(tally, 'inconclusive');
  return required ? { ...after, count: tally.count } : after;
}

const sentence = (words: string): string => (words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`);

/** Looks at a step that are still to come, at the least, when the required guards have data at each. */
export function looksLeft(step: RolloutStep, tallies: Tallies): number {
  const counts = REQUIRED.map((guard) => tallies[guard]?.count ?? 0);
  return Math.max(1, looksOf(step.minutes) - Math.min(...counts));
}

/** Whether this look is the one that decides about the step, when the required guards have data. */
export const isLast = (step: RolloutStep, tallies: Tallies): boolean => looksLeft(step, tallies) === 1;

/** "20 % mirrored", "10 % live" */
export const stepWords = ({ kind, percent }: RolloutStep): string =>
  kind === 'mirror' ? `${percent} % mirrored` : `${percent} % live`;
