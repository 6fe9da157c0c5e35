import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { type Rotation, schedule as scheduleShape } from '../core/organisation.oncall.ts';
import { isZone } from '../core/organisation.rules.ts';
import { key, timeOfDay, type WeekHours, weekHours } from '../core/organisation.shapes.ts';
import type { Schedule } from '../core/organisation.ts';
import { fold, nearest } from '../core/similar.ts';
import { DAYS, WEEKDAYS } from '../core/week-hours.rules.ts';

/** What somebody wants a rotation to be; the meaning of the fields is that of a rotation in wardroom.yaml. */
export interface RotationWish {
  schedule: string;
  /** A layer; the schedule's own rotation when it is left out. */
  name?: string | undefined;
  /** A layer joins who is on call below it, or takes their place. */
  adds: boolean;
  /** Ids, in the order of their turns. */
  people: readonly string[];
  from: string;
  until?: string | undefined;
  at: string;
  every: number;
  unit: Rotation['unit'];
  only: readonly WeekHours[];
  except: readonly WeekHours[];
  /** Of the whole schedule; what it has now when it is left out. */
  zone?: string | undefined;
}

const MOST_LAYERS = 20;
const MOST_PEOPLE = 60;
/** A rotation that began longer ago than this is a slip of the year. */
const LONGEST_AGO_DAYS = 3660;

const HOURS_ADVICE = 'Write it as mon-fri 18:00-08:00; sat-sun (several are separated by semicolons).';

/**
 * Hours of the week as people write them: "mon-fri 18:00-08:00; sat-sun", "weekdays 9-17", "mon#1 09:00 to 12:00",
 * "22:00-06:00" for every day. Throws Refused with the part that cannot be read.
 */
export function readHours(text: string | undefined): WeekHours[] {
  const parts = (text ?? '')
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.map((part) => {
    const words = part
      .toLowerCase()
      .replace(/\b(weekdays|working days)\b/g, 'mon-fri')
      .replace(/\bweekends?\b/g, 'sat-sun')
      .replace(/\b(every day|daily)\b/g, 'mon-sun')
      .replace(/\b(all day|at|from)\b/g, ' ')
      .replace(/\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b/g, (day) => day.slice(0, 3))
      .replace(/#l\b/g, '#L')
      .replace(/[–—]/g, '-')
      .replace(/\s*(?:-|\bto\b)\s*/g, '-')
      .replace(/\band\b|,/g, ' ')
      .trim()
      .split(/\s+/);
    const days = words.filter((word) => DAYS.includes(word.slice(0, 3)));
    const spans = words.filter((word) => !DAYS.includes(word.slice(0, 3)));
    const [from, to] = (spans[0] ?? '00:00-00:00').split('-').map(clockOf);
    const read = weekHours.safeParse({ ...(days.length > 0 ? { days } : {}), from, to });
    if (spans.length > 1 || words.join('') === '' || from === undefined || to === undefined || !read.success)
      throw new Refused(`I cannot read the hours “${said(part)}”.`, HOURS_ADVICE);
    return read.data;
  });
}

/** "9" and "9:00" are 09:00; 24:00 is the midnight that ends the day. */
function clockOf(text: string): string | undefined {
  const [, hour, minute = '00'] = /^(\d{1,2})(?::(\d\d))?$/.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const written = `${hour.padStart(2, '0')}:${minute}`;
  if (written === '24:00') return '00:00';
  return timeOfDay.safeParse(written).success ? written : undefined;
}

/** A time of day as people write it. Throws Refused when it is none. */
export function readClock(text: string): string {
  const read = clockOf(text.trim());
  if (read === undefined) throw new Refused(`“${said(text)}” is no time of day.`, 'Write it as 09:00.');
  return read;
}

/** A day: 2026-12-01, today, tomorrow, or the next Monday by its name. Throws Refused when it is none. */
export function readDay(text: string, today: Temporal.PlainDate): string {
  const word = text.trim().toLowerCase();
  if (word === 'today') return today.toString();
  if (word === 'tomorrow') return today.add({ days: 1 }).toString();
  const name = word.replace(/^(?:next|on) /, '');
  const day = WEEKDAYS.findIndex((long, index) => name === long || name === DAYS[index]) + 1;
  if (day > 0) return today.add({ days: (day - today.dayOfWeek + 7) % 7 }).toString();
  try {
    return Temporal.PlainDate.from(word, { overflow: 'reject' }).toString();
  } catch {
    // Temporal's own words are about its formats; people get ours.
    throw new Refused(`“${said(text)}” is no day.`, `Write it as ${today.toString()}, tomorrow or Monday.`);
  }
}

/** The schedule with this rotation in it; a new schedule when there is none. Throws Refused with what is wrong. */
export function withRotation(schedule: Schedule | undefined, wish: RotationWish, today: Temporal.PlainDate): Schedule {
  check(wish, today);
  const zone = wish.zone ?? schedule?.zone;
  if (zone === undefined)
    throw new Refused(`${wish.schedule} is a new schedule and needs a time zone.`, 'Write one such as Europe/Dublin.');
  if (!isZone(zone)) {
    const near = nearest(zone, Intl.supportedValuesOf('timeZone'));
    throw new Refused(
      `“${said(zone)}” is no time zone.`,
      near ? `Did you mean ${near}?` : 'Write one such as Europe/Dublin.',
    );
  }
  const rotation = rotationOf(wish);
  const base = schedule ?? { id: wish.schedule, hours: [], layers: [], overrides: [], zone, rotation };
  if (!schedule && wish.name !== undefined)
    throw new Refused(
      `There is no schedule ${wish.schedule} that a rotation “${said(wish.name)}” could lie over.`,
      'Leave its name empty first: that makes the schedule.',
    );
  const after =
    wish.name === undefined ? { ...base, zone, rotation } : { ...base, zone, layers: layered(base, wish, rotation) };
  const read = scheduleShape.safeParse(after);
  if (!read.success)
    throw new Refused(
      `That is no schedule: ${read.error.issues[0]?.message ?? 'it cannot be read'}.`,
      'Go back and mend it.',
    );
  if (schedule && JSON.stringify(read.data) === JSON.stringify(schedule))
    throw new Refused('That is how it is already.', 'Change an answer first.', 'unchanged');
  return read.data;
}

/** The schedule without this layer. Throws Refused when it has none of that name. */
export function withoutRotation(schedule: Schedule, name: string): Schedule {
  const left = schedule.layers.filter((layer) => fold(layer.name) !== fold(name));
  if (left.length < schedule.layers.length) return { ...schedule, layers: left };
  const names = schedule.layers.map((layer) => layer.name);
  const near = nearest(name, names);
  throw new Refused(
    `${schedule.id} has no rotation called “${said(name)}”.`,
    near ? `Did you mean ${near}?` : names.length > 0 ? `It has ${names.join(', ')}.` : 'It has only its own.',
  );
}

const NAME_ADVICE = 'Use lower-case letters, digits and dashes, such as fraud-nights.';

/** Whether a schedule may have this name. */
export const scheduleName = (name: string): { ok: true } | { ok: false; why: string } =>
  key.safeParse(name).success ? { ok: true } : { ok: false, why: `“${said(name)}” is no name of a schedule.` };

function check({ schedule, name, people, from, until, at }: RotationWish, today: Temporal.PlainDate): void {
  const called = scheduleName(schedule);
  if (!called.ok) throw new Refused(called.why, NAME_ADVICE);
  if (name !== undefined && name.length > 60) throw new Refused('The name of a rotation has up to 60 letters.');
  if (people.length === 0) throw new Refused('A rotation needs at least one person.', 'Name them in order.');
  if (people.length > MOST_PEOPLE) throw new Refused(`A rotation has up to ${MOST_PEOPLE} turns.`, 'Name fewer.');
  readClock(at);
  const first = Temporal.PlainDate.from(from);
  if (until !== undefined && Temporal.PlainDate.compare(until, first) < 0)
    throw new Refused('Its last day comes before its first.', `It begins on ${from}.`);
  if (until !== undefined && Temporal.PlainDate.compare(until, today) < 0)
    throw new Refused(`Its last day, ${until}, has been.`, 'Leave it empty, or write a day ahead.');
  if (Math.abs(first.until(today, { largestUnit: 'days' }).days) > LONGEST_AGO_DAYS)
    throw new Refused(`${from} is more than ten years away.`, 'Look at the year.');
}

const rotationOf = ({ people, from, until, at, every, unit, only, except }: RotationWish): Rotation => ({
  people: [...people],
  from,
  ...(until === undefined ? {} : { until }),
  at,
  every,
  unit,
  ...(only.length > 0 ? { only: [...only] } : {}),
  ...(except.length > 0 ? { except: [...except] } : {}),
});

/** In its place when it is there already, else on top. */
function layered(schedule: Schedule, { name = '', adds }: RotationWish, rotation: Rotation): Schedule['layers'] {
  const known = schedule.layers.find((layer) => fold(layer.name) === fold(name));
  if (!known && schedule.layers.length >= MOST_LAYERS)
    throw new Refused(`${schedule.id} has ${MOST_LAYERS} rotations over its own.`, 'Delete one first.');
  const layer = { name: known?.name ?? name, adds, rotation };
  return known ? schedule.layers.map((one) => (one === known ? layer : one)) : [...schedule.layers, layer];
}

/** "every week at 09:00 from 2 Nov 2026, only Mon-Fri 18:00 to 08:00"; people are left to whoever knows their names. */
export function rotationWords(rotation: Rotation): string {
  const { every, unit, at, from, until, only, except } = rotation;
  const turns = every === 1 ? `every ${unit.slice(0, -1)}` : `every ${every} ${unit}`;
  const hours = [only && `only ${hoursSaid(only)}`, except && `not ${hoursSaid(except)}`].filter(Boolean);
  return [`${turns} at ${at} from ${daySaid(from)}${until ? ` until ${daySaid(until)}` : ''}`, ...hours].join(', ');
}

const daySaid = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** As people read them: the days with capitals. */
const hoursSaid = (all: readonly WeekHours[]): string =>
  hoursWords(all)
    .replace(/(?<![a-z])[a-z](?=[a-z]{2}(?![a-z]))/g, (first) => first.toUpperCase())
    .replace(/(?<=\d)-(?=\d)/g, ' to ');

/** As `readHours` reads them. */
export const hoursWords = (all: readonly WeekHours[] | undefined): string =>
  (all ?? [])
    .map(
      ({ days, from, to }) =>
        [days?.join(' '), from === to && from === '00:00' ? '' : `${from}-${to}`].filter(Boolean).join(' ') ||
        'mon-sun',
    )
    .join('; ');

/** What somebody typed, said back where others read it: nothing of it may act as Markdown. */
const said = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N} ._:'/#-]+/gu, ' ')
    .trim()
    .slice(0, 60);
