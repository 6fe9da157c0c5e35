import { Refused } from '../core/errors.ts';
import { WEEKDAYS } from '../core/week-hours.rules.ts';
import { dateOf, dayNumber, weekdayOf } from './expand.rules.ts';
import type { WindowSpec } from './spec.rules.ts';
import { readZone, wallClock } from './zones.ts';

/**
 * A recurring entry as people say it: "every Friday 16:00 to Monday 08:00", "every day 22:00 to 05:00", "every weekday
 * 09:00 to 17:00", "every 2nd Tuesday 22:00 to 02:00", "every last Friday 12:00 to 18:00", each with a zone behind if it is
 * not the speaker's; or an RRULE with a start and an end: "FREQ=WEEKLY;BYDAY=FR from 2026-11-27T16:00 to 2026-11-30T08:00".
 */
export function readPattern(
  words: string,
  zone: string,
  nowMs: number,
): Pick<WindowSpec, 'zone' | 'start' | 'end' | 'rrule'> {
  const { text, zone: own, written } = zoneAtEnd(words.trim(), zone);
  // The name as it was written is kept: an entry that was read from a Windows name says so for as long as it lives.
  return { ...(ruleAsWritten(text, own) ?? said(text, own, nowMs)), zone: written };
}

const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const NTH: Readonly<Record<string, number>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  last: -1,
};

const help = 'Write “every Friday 16:00 to Monday 08:00”, “every 2nd Tuesday 22:00 to 02:00” or an RRULE.';

function zoneAtEnd(words: string, zone: string): { text: string; zone: string; written: string } {
  // Whatever stands behind the last time of day: an IANA name, or a Windows one ("W. Europe Standard Time").
  const [, text = words, named] = /^(.+\d{1,2}:\d{2})\s+(?:in )?([A-Za-z][^:]*)$/.exec(words) ?? [];
  if (named === undefined) return { text, zone, written: zone };
  const read = readZone(named);
  return { text, zone: read.name, written: read.note ? named.trim() : read.name };
}

function ruleAsWritten(text: string, zone: string): Pick<WindowSpec, 'zone' | 'start' | 'end' | 'rrule'> | undefined {
  const found = /^(?:RRULE:)?(FREQ=\S+) from (\S+) to (\S+)$/i.exec(text);
  if (!found) return undefined;
  const [, rrule = '', start = '', end = ''] = found;
  return { zone, start, end, rrule: rrule.toUpperCase() };
}

function said(text: string, zone: string, nowMs: number): Pick<WindowSpec, 'zone' | 'start' | 'end' | 'rrule'> {
  const found =
    /^every (?:(?!(?:[a-z]+day|day|night)s? from)(\w+) )?(\w+) (?:at |from )?(\d{1,2}:\d{2}) (?:to|until) (?:(\w+) )?(\d{1,2}:\d{2})$/i.exec(
      text,
    );
  if (!found) throw new Refused(`I do not understand “${text}”.`, help, 'bad-pattern');
  const [, nthWord, dayWord = '', from = '', untilWord, to = ''] = found;
  const nth = nthWord === undefined ? 0 : NTH[nthWord.toLowerCase()];
  const day = dayWord.toLowerCase();
  const weekday = WEEKDAYS.indexOf(day.replace(/s$/, ''));
  if (nth === undefined) throw new Refused(`“${nthWord}” is no place in a month.`, help, 'bad-pattern');
  const today = Math.floor(wallClock(zone, nowMs) / 86_400_000);
  const { year, month } = dateOf(today);
  const dated = (number: number, time: string) => {
    const { year: y, month: m, dayOfMonth } = dateOf(number);
    return `${y}-${String(m).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}T${time.padStart(5, '0')}`;
  };
  const length = (begin: number, wanted: number | undefined): number => {
    if (wanted !== undefined) return (wanted - begin + 7) % 7 || (to.padStart(5, '0') > from.padStart(5, '0') ? 0 : 7);
    return to.padStart(5, '0') > from.padStart(5, '0') ? 0 : 1;
  };
  // Nobody means the whole day by it, and an entry without length would hold always or never.
  const sameDay = untilWord === undefined || untilWord.toLowerCase() === dayWord.toLowerCase();
  if (sameDay && from.padStart(5, '0') === to.padStart(5, '0'))
    throw new Refused(
      `${from} to ${to} is no time at all.`,
      `For the whole day write “every ${nthWord ? `${nthWord} ` : ''}${dayWord} 00:00 to 23:59”.`,
      'no-length',
    );
  const until = untilWord === undefined ? undefined : WEEKDAYS.indexOf(untilWord.toLowerCase());
  if (until === -1) throw new Refused(`“${untilWord}” is no weekday.`, help, 'bad-pattern');
  const entry = (start: number, rrule: string, ends: number | undefined) => ({
    zone,
    start: dated(start, from),
    end: dated(start + length(weekdayOf(start), ends), to),
    rrule,
  });
  if (nth === 0 && (day === 'day' || day === 'night')) return entry(today, 'FREQ=DAILY', undefined);
  if (nth === 0 && day === 'weekday')
    return entry(weekdayFrom(today, 0), 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', undefined);
  if (weekday < 0) throw new Refused(`“${dayWord}” is no weekday.`, help, 'bad-pattern');
  if (nth === 0) return entry(weekdayFrom(today, weekday), `FREQ=WEEKLY;BYDAY=${CODES[weekday]}`, until);
  // A series may begin before it happens first; it then begins with this month.
  return entry(weekdayFrom(dayNumber(year, month, 1), weekday), `FREQ=MONTHLY;BYDAY=${nth}${CODES[weekday]}`, until);
}

const weekdayFrom = (day: number, weekday: number): number => day + ((weekday - weekdayOf(day) + 7) % 7);
