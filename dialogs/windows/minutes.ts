import { Temporal } from 'temporal-polyfill';

/** Whole minutes of an ISO 8601 duration, rounded up. */
export const minutesOf = (duration: string): number => Math.ceil(Temporal.Duration.from(duration).total('minutes'));
