import type { Temporal } from 'temporal-polyfill';

const REVIEW_AFTER_BUSINESS_DAYS = 2;
const FRIDAY = 5;

/** When what was done without votes has to be looked at: the same time of day, two business days later in `zone`. */
export function reviewDue(now: Temporal.Instant, zone: string): Temporal.Instant {
  let day = now.toZonedDateTimeISO(zone);
  for (let left = REVIEW_AFTER_BUSINESS_DAYS; left > 0; ) {
    day = day.add({ days: 1 });
    if (day.dayOfWeek <= FRIDAY) left -= 1;
  }
  return day.toInstant();
}
