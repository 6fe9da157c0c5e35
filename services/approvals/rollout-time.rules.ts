import type { Temporal } from 'temporal-polyfill';
import type { RolloutStep } from './plan.ts';

/** Minutes that Azure takes for one move of traffic, roundly. */
const MOVE_MINUTES = 2;
const DEPLOY_MINUTES = 6;
/** Looks at a step of ordinary length; a long one has more, because nobody waits half a day to learn of a fault. */
const LOOKS = 8;
const LONGEST_BETWEEN_LOOKS = 30;
/** The routers follow a change of traffic slowly; before that, neither the split nor the load is the step's. */
export const SETTLE_MINUTES = 6;
/** Logs come later than what they tell of (Azure Monitor: minutes, at times more). */
const LATE_MINUTES = 4;

/** Minutes between two looks at a step of this length. */
export const lookEvery = (minutes: number): number =>
  Math.max(1, Math.min(LONGEST_BETWEEN_LOOKS, Math.ceil(minutes / LOOKS)));

/** Looks that are enough for a step of this length. */
export const looksOf = (minutes: number): number => Math.max(1, Math.ceil(minutes / lookEvery(minutes)));

/** Minutes from a move of the traffic to the first look at it: before this there is nothing to see. */
export const firstLook = (minutes: number): number => SETTLE_MINUTES + LATE_MINUTES + lookEvery(minutes);

/** When the last look at a step is due: `left` of them, after the one at `looked`, or after the move when there was none yet. */
export function watchedUntil(
  { minutes }: RolloutStep,
  { since, looked, left }: { since: Temporal.Instant; looked?: Temporal.Instant | undefined; left: number },
): Temporal.Instant {
  const every = lookEvery(minutes);
  return looked
    ? looked.add({ minutes: every * left })
    : since.add({ minutes: firstLook(minutes) + every * (left - 1) });
}

/** Flagger's reckoning: the interval times the steps it takes to the largest weight, in minutes. */
export const promoteMinutes = (intervalSeconds: number, maxWeight: number, stepWeight: number): number =>
  (intervalSeconds * Math.ceil(maxWeight / stepWeight)) / 60;

/** Whether a promotion, and the worst roll-back after it (`threshold` failed looks), end before the window does. */
export function fitsInWindow(given: {
  intervalSeconds: number;
  maxWeight: number;
  stepWeight: number;
  threshold: number;
  windowLeftMinutes: number;
}): { allowed: boolean; neededMinutes: number } {
  const { intervalSeconds, maxWeight, stepWeight, threshold, windowLeftMinutes } = given;
  const neededMinutes = promoteMinutes(intervalSeconds, maxWeight, stepWeight) + (intervalSeconds * threshold) / 60;
  return { allowed: neededMinutes <= windowLeftMinutes, neededMinutes };
}

/** Minutes from the start to the last move of a plan when everything goes well, and with the way back in the worst case. */
export function planMinutes(steps: readonly RolloutStep[]): { forward: number; withWayBack: number } {
  const last = steps.length - 1;
  // A last step without a length ends with its move; each other one is looked at.
  const watched = ({ minutes }: RolloutStep, index: number): number =>
    index === last && minutes === 0 ? 0 : firstLook(minutes) + lookEvery(minutes) * (looksOf(minutes) - 1);
  const forward = DEPLOY_MINUTES + steps.reduce((sum, step, index) => sum + MOVE_MINUTES + watched(step, index), 0);
  return { forward, withWayBack: forward + MOVE_MINUTES };
}
