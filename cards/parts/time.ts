import type { Temporal } from 'temporal-polyfill';

/**
 * Teams replaces these functions by the reader's own zone and language. They are read in TextBlock and FactSet only, and
 * the pattern allows no fraction of a second. https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
 */
const utc = (instant: Temporal.Instant) => instant.toString({ smallestUnit: 'second' });

/** Date and time, as each reader's clock shows them. */
export const when = (instant: Temporal.Instant): string => `${day(instant)} ${clock(instant)}`;

/** The date alone. */
export const day = (instant: Temporal.Instant): string => `{{DATE(${utc(instant)}, SHORT)}}`;

/** The time alone, where the day is clear from what stands around it. */
export const clock = (instant: Temporal.Instant): string => `{{TIME(${utc(instant)})}}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date that is the same for every reader: "25 Dec 2026" of "2026-12-25"; other words stay as they are. */
export function date(iso: string): string {
  const [, year, month, dayOf] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name ? `${Number(dayOf)} ${name} ${year}` : iso;
}

/** Below this a number of seconds says nothing: "0 s after it began". */
const FEW_SECONDS = 10;

/** "a few seconds", "45 s", "12 min", "3 h 10 min", "2 days 4 h". */
export function lasting(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < FEW_SECONDS) return 'a few seconds';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  return two(days, days === 1 ? 'day' : 'days', hours % 24, 'h');
}

const two = (big: number, bigUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

export const between = (from: Temporal.Instant, to: Temporal.Instant): string =>
  lasting(to.epochMilliseconds - from.epochMilliseconds);

/** "in 12 min", "3 h 10 min ago", "now". */
export function fromNow(now: Temporal.Instant, at: Temporal.Instant): string {
  const ahead = at.epochMilliseconds - now.epochMilliseconds;
  if (Math.abs(ahead) < 1000) return 'now';
  return ahead > 0 ? `in ${lasting(ahead)}` : `${lasting(ahead)} ago`;
}
