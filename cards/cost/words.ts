const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const STRETCH = /^(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;

/**
 * A period as people say it: "16 to 22 Nov 2026" of "2026-11-16 to 2026-11-22", "22 Nov 2026" of "2026-11-22",
 * "November 2026" of "2026-11". Whatever else it is stays as it was ("November 2026, to date").
 */
export function spell(period: string): string {
  const [, from, to] = STRETCH.exec(period) ?? [];
  if (from && to) return from === to ? spell(from) : `${shortened(from, to)} to ${spell(to)}`;
  const today = /^(\d{4}-\d{2}-\d{2}), to date$/.exec(period)?.[1];
  if (today) return `${spell(today)} so far`;
  const open = /^(.+ to .+), to date$/.exec(period)?.[1];
  // The end is still to come: what is known is until today.
  if (open && STRETCH.test(open)) return `the time since ${spell(open.slice(0, 10))}`;
  const [, year, month, day] = DAY.exec(period) ?? [];
  if (year && month && day) return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
  const [, ofYear, ofMonth] = MONTH.exec(period) ?? [];
  if (ofYear && ofMonth) return `${LONG[Number(ofMonth) - 1] ?? ofMonth} ${ofYear}`;
  return period;
}

/** The same where it is said when something was: "from 16 to 22 Nov 2026", "on 22 Nov 2026", "in November 2026". */
export function during(period: string): string {
  const words = spell(period);
  if (STRETCH.test(period) && words.includes(' to ')) return `from ${words}`;
  return `${/^\d{1,2} /.test(words) ? 'on' : 'in'} ${words}`;
}

/** The first day without what it shares with the last. */
function shortened(from: string, to: string): string {
  const [day = '', month = '', year = ''] = spell(from).split(' ');
  if (from.slice(0, 7) === to.slice(0, 7)) return day;
  return from.slice(0, 4) === to.slice(0, 4) ? `${day} ${month}` : `${day} ${month} ${year}`;
}

/** "1 year", "3 years", "6 months" of the ISO 8601 durations in which Azure sells commitments (P1Y, P3Y, P6M). */
export function term(duration: string): string {
  const [, count, unit] = /^P(\d{1,2})([YM])$/.exec(duration) ?? [];
  if (!count) return duration;
  const word = unit === 'Y' ? 'year' : 'month';
  return `${Number(count)} ${word}${Number(count) === 1 ? '' : 's'}`;
}
