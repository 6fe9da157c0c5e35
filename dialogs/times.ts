import type { Temporal } from 'temporal-polyfill';

/** "Mon 30 Nov", for the text beside a card. */
export const dayWords = (day: Temporal.PlainDate): string =>
  day.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');

/** "Mon 30 Nov 09:00" on this person's clock, for the text beside a card. */
export const said = (at: Temporal.Instant, zone: string): string => {
  const local = at.toZonedDateTimeISO(zone);
  return `${dayWords(local.toPlainDate())} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
};
