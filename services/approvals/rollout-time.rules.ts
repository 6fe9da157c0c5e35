import type { RolloutStep } from './plan.ts';

/** Minutes that Azure takes for one move of traffic, roundly. */
const MOVE_MINUTES = 2;
const DEPLOY_MINUTES = 6;
/** Looks at a step of ordinary length; a long one has more, because nobody waits half a day to learn of a fault. */
const LOOKS = 8;
const LONGEST_BETWEEN_LOOKS = 30;

/** Minutes between two looks at a step of this length. */
export const lookEvery = (minutes: number): number =>
  Math.max(1, Math.min(LONGEST_BETWEEN_LOOKS, Math.ceil(minutes / LOOKS)));

/** Looks that are enough for a step of this length. */
export const looksOf = (minutes: number): number => Math.max(1, Math.ceil(minutes / lookEvery(minutes)));

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
  const forward = DEPLOY_MINUTES + steps.reduce((sum, { minutes }) => sum + minutes + MOVE_MINUTES, 0);
  return { forward, withWayBack: forward + MOVE_MINUTES };
}
