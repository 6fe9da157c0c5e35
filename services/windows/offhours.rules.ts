import type { Temporal } from 'temporal-polyfill';
import { isRefused } from '../core/errors.ts';
import { readZone, wallClock } from './zones.ts';

/**
 * Off-hours by a tag on the resource, in Cloud Custodian's language, because estates are tagged with it already:
 * `off=(m-f,19);on=(m-f,7);tz=pt`. Days are m t w h f s u (h is Thursday, u Sunday), ranges may wrap.
 */
export interface OffhoursPolicy {
  op: 'offhour' | 'onhour';
  /** The hour when the tag names none: 19 for off, 7 for on. */
  hour?: number;
  zone: string;
  /** Weekends are left alone, so it acts Monday to Friday. True when it is not said. */
  weekends?: boolean;
  /** Off on Friday evening and on on Monday morning only. */
  weekendsOnly?: boolean;
  /** Acts on resources without a tag too. */
  optOut?: boolean;
  /** Dates in the schedule's zone on which nothing happens. */
  skipDays?: readonly string[];
  /** The tag's text for resources without one. */
  fallback?: string;
}

export interface OffhoursTag {
  on?: readonly Turn[];
  off?: readonly Turn[];
  tz?: string;
}
interface Turn {
  /** Monday is 0. */
  days: readonly number[];
  hour: number;
}

const DAYS: Readonly<Record<string, number>> = { m: 0, t: 1, w: 2, h: 3, f: 4, s: 5, u: 6 };

/** Short names of zones that people write in tags; they mean the place, with its summer time. */
const ALIASES: Readonly<Record<string, string>> = {
  pt: 'America/Los_Angeles',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  mt: 'America/Denver',
  mst: 'America/Denver',
  mdt: 'America/Denver',
  ct: 'America/Chicago',
  cst: 'America/Chicago',
  cdt: 'America/Chicago',
  et: 'America/New_York',
  est: 'America/New_York',
  edt: 'America/New_York',
  at: 'America/Phoenix',
  ast: 'America/Phoenix',
  gt: 'Etc/GMT',
  gmt: 'Etc/GMT',
  utc: 'Etc/UTC',
  bst: 'Europe/London',
  ist: 'Europe/Dublin',
  cet: 'Europe/Berlin',
  it: 'Asia/Kolkata',
  jst: 'Asia/Tokyo',
  kst: 'Asia/Seoul',
  sgt: 'Asia/Singapore',
  aet: 'Australia/Sydney',
  brt: 'America/Sao_Paulo',
  nzst: 'Pacific/Auckland',
};

/** Reads a whole schedule; undefined when any part of it is wrong, for a resource must not stop by half a schedule. */
export function readOffhoursTag(text: string): OffhoursTag | undefined {
  const found: { on?: readonly Turn[]; off?: readonly Turn[]; tz?: string } = {};
  const pieces = normal(text).split(';').filter(Boolean);
  if (pieces.length === 0) return undefined;
  for (const piece of pieces) {
    const [key = '', value, ...rest] = piece.split('=');
    if (value === undefined || rest.length > 0) return undefined;
    if (key === 'tz') {
      if (value) found.tz = value;
    } else if (key === 'on' || key === 'off') {
      const turns = turnsOf(value);
      if (!turns) return undefined;
      found[key] = turns;
    } else return undefined;
  }
  return found;
}

const normal = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/^['"]+|['"]+$/g, '');

function turnsOf(value: string): Turn[] | undefined {
  const turns: Turn[] = [];
  for (const each of value.replace(/[[\]]/g, '').split(',(')) {
    const [days = '', hour = '', ...rest] = each.replace(/[()]/g, '').split(',');
    const list = daysOf(days);
    if (rest.length > 0 || !list || !/^\d{1,2}$/.test(hour) || Number(hour) > 23) return undefined;
    turns.push({ days: list, hour: Number(hour) });
  }
  return turns;
}

function daysOf(text: string): number[] | undefined {
  const single = DAYS[text];
  if (single !== undefined) return [single];
  const ends = text.split('-').map((letter) => DAYS[letter]);
  const [from, to] = ends;
  if (ends.length !== 2 || from === undefined || to === undefined) return undefined;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

/**
 * Whether to stop (`offhour`) or start (`onhour`) the resource in this hour. `tag` is undefined for a resource without one.
 * Only `key=value` parts with other keys, or a schedule that cannot be read, or an unknown zone leave it alone.
 */
export function actsNow(policy: OffhoursPolicy, tag: string | null | undefined, now: Temporal.Instant): boolean {
  const text = tag ?? policy.fallback ?? (policy.optOut ? '' : undefined);
  if (text === undefined || normal(text) === 'off') return false;
  const key = policy.op === 'offhour' ? 'off' : 'on';
  const pairs = pairsOf(normal(text));
  const own = pairs.has(key) ? readOffhoursTag(text) : undefined;
  if (pairs.has(key) ? own === undefined : [...pairs.keys()].some((name) => !['on', 'off', 'tz'].includes(name)))
    return false;
  const zone = zoneOf(own?.tz ?? pairs.get('tz'), policy.zone);
  if (zone === undefined) return false;
  const local = new Date(wallClock(zone, now.epochMilliseconds));
  if (policy.skipDays?.includes(local.toISOString().slice(0, 10))) return false;
  const weekday = (local.getUTCDay() + 6) % 7;
  const turns = own?.[key] ?? [defaultTurn(policy)];
  return turns.some(({ days, hour }) => days.includes(weekday) && local.getUTCHours() === hour);
}

/** The `key=value` parts of a tag that may hold other words too ("Offhours tz=PT"). */
const pairsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/[ ;]/)
      .map((piece) => piece.split('='))
      .filter((pair): pair is [string, string] => pair.length === 2),
  );

function zoneOf(short: string | undefined, otherwise: string): string | undefined {
  const wanted = short || otherwise;
  try {
    return readZone(ALIASES[wanted.toLowerCase()] ?? wanted).name;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

function defaultTurn({ op, hour, weekends = true, weekendsOnly }: OffhoursPolicy): Turn {
  const days = weekendsOnly ? [op === 'offhour' ? 4 : 0] : weekends ? [0, 1, 2, 3, 4] : [0, 1, 2, 3, 4, 5, 6];
  return { days, hour: hour ?? (op === 'offhour' ? 19 : 7) };
}
