import { isRefused, Refused } from '../core/errors.ts';
import { type Cron, everFires, readCron } from './cron.rules.ts';
import { firstOccurrences } from './expand.rules.ts';
import { readLength } from './lengths.rules.ts';
import { isBelowDaily, type Rule, readRule } from './rrule.rules.ts';
import { readsAsGlob, type Scope } from './scope.rules.ts';
import { readLocal, readZone, wallClock } from './zones.ts';

/**
 * `allow` opens (and closes everything outside, where it applies), `deny` is a freeze, `maintenance` mutes and says where
 * changes belong, `advisory` is told and stops nothing.
 */
export const KINDS = ['allow', 'deny', 'maintenance', 'advisory'] as const;
export type Kind = (typeof KINDS)[number];

/** A calendar entry as people and files write it. */
export interface WindowSpec {
  id: string;
  name?: string;
  kind: Kind;
  /** IANA name, or a Windows id, which is translated and told. */
  zone: string;
  /** Local time of the first occurrence, "2026-11-27T22:00", or a date for whole days. */
  start?: string;
  /** Local end of the first occurrence: a wall-clock time, also across a change of the clocks. A date is exclusive. */
  end?: string;
  /** Instead of `end`: elapsed time, "8h" or "PT8H". */
  duration?: string;
  /** RFC 5545; daily or rarer. Without a rule the entry happens once. */
  rrule?: string;
  /** Instead of `start` and `rrule`; goes with `duration`. `start`, if given, is the earliest beginning. */
  cron?: string;
  /** Whole days after every occurrence of the rule: three days after the second Tuesday. */
  offsetDays?: number;
  /** More local starts, and those that do not happen; a date means that day at the time of the start, and every start of it. */
  rdate?: readonly string[];
  exdate?: readonly string[];
  scope: Scope;
  /** Calendars are combined with AND; entries of the same one are alternatives. One calendar when nothing is said. */
  calendar?: string;
  override?: Override;
  /** A freeze that nobody knows the end of: somebody answers for it and looks at it again. */
  openEnded?: { owner: string; review: string };
}

/** What a closed entry lets pass all the same. */
export interface Override {
  /** A person who starts the change by hand may. */
  manual?: boolean;
  /** What was allowed to begin may go on. */
  overrun?: boolean;
  /** These kinds of change are not held up: security fixes, emergencies. */
  exempt?: readonly Exemption[];
  /** Who may break the glass; nobody when it is empty. */
  roles?: readonly string[];
}
export type Exemption = 'security' | 'emergency' | 'standard' | 'rollback';

/** A calendar entry that was read and is right. */
export interface ReadWindow {
  spec: WindowSpec;
  zone: string;
  source: { rule: Rule; dtstartMs: number } | { cron: Cron; fromMs: number } | { onceMs: number };
  /** `wall`: the end is a clock time, so many milliseconds later on the clock. `exact`: elapsed. Infinity: no end. */
  length: { kind: 'wall' | 'exact'; ms: number };
  rdates: readonly { localMs: number; wholeDay: boolean }[];
  exdates: readonly { localMs: number; wholeDay: boolean }[];
  /** What the reader should be told: a zone that was translated. */
  notes: readonly string[];
}

export type Reading = { ok: true; window: ReadWindow } | { ok: false; code: string; error: string; next: string };

const LONGEST_MS = 400 * 86_400_000;

/** Reads an entry, or says what is wrong with it and what would be right. Never throws for what people wrote. */
export function readWindow(spec: WindowSpec): Reading {
  try {
    return { ok: true, window: read(spec) };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { ok: false, code: error.code, error: error.message, next: error.next };
  }
}

const wrong = (code: string, why: string, next: string) => new Refused(why, next, code);

function read(spec: WindowSpec): ReadWindow {
  if (!KINDS.includes(spec.kind))
    throw wrong('bad-kind', `“${spec.kind}” is no kind of window.`, `It is one of ${KINDS.join(', ')}.`);
  const zone = readZone(spec.zone);
  const patterns = Object.values(spec.scope.where ?? {}).flat();
  if (!spec.scope.everything && patterns.length === 0)
    throw wrong(
      'no-scope',
      'It is not said what this is about.',
      'Name an endpoint, a workspace, a team, or everything.',
    );
  const glob = patterns.find((pattern) => !readsAsGlob(pattern));
  if (glob !== undefined)
    throw wrong('bad-glob', `“${glob}” is no pattern.`, 'Write ep-* or ep-{fraud,credit}; a range goes up: [a-c].');
  const start = spec.start === undefined ? undefined : local('start', spec.start);
  const source = sourceOf(spec, zone.name, start?.localMs);
  const length = lengthOf(spec, start);
  if ('cron' in source && !everFires(source.cron))
    throw wrong('bad-rule', `The schedule ${spec.cron} never happens.`, 'Check its days and months.');
  if ('rule' in source && firstOccurrences(source.rule, source.dtstartMs, 1).length === 0)
    throw wrong('bad-rule', `The rule ${spec.rrule} never happens.`, 'Check its dates, COUNT and UNTIL.');
  return {
    spec,
    zone: zone.name,
    source,
    length,
    rdates: (spec.rdate ?? []).map((text) => listed('rdate', text, zone.name)),
    exdates: (spec.exdate ?? []).map((text) => listed('exdate', text, zone.name)),
    notes: zone.note ? [zone.note] : [],
  };
}

function sourceOf(spec: WindowSpec, zone: string, startMs: number | undefined): ReadWindow['source'] {
  if (spec.cron !== undefined && spec.rrule !== undefined)
    throw wrong('bad-rule', 'It has a cron schedule and an RRULE.', 'Keep one of them.');
  if (spec.cron !== undefined) return { cron: readCron(spec.cron), fromMs: startMs ?? Number.NEGATIVE_INFINITY };
  if (startMs === undefined) throw wrong('no-start', 'It has no start.', 'Write 2026-11-27T22:00, or a cron schedule.');
  if (spec.rrule === undefined) return { onceMs: startMs };
  const rule = readRule(spec.rrule, zone);
  if (isBelowDaily(rule) || rule.byHour.length > 24)
    throw wrong(
      'below-daily',
      `FREQ=${rule.frequency} repeats within a day.`,
      'A window repeats daily or more rarely.',
    );
  return { rule, dtstartMs: startMs };
}

function lengthOf(spec: WindowSpec, start: { localMs: number; dateOnly: boolean } | undefined): ReadWindow['length'] {
  if (spec.end !== undefined && spec.duration !== undefined)
    throw wrong('two-ends', 'It has an end and a duration.', 'Keep one of them.');
  if (spec.duration !== undefined) return atMost({ kind: 'exact', ms: readLength(spec.duration) });
  if (spec.end !== undefined) {
    if (!start) throw wrong('no-start', 'It has an end and no start.', 'Give the start, or a duration.');
    const end = local('end', spec.end);
    const ms = end.localMs - start.localMs;
    if (ms < 0)
      throw wrong('end-before-start', `It ends (${spec.end}) before it starts (${spec.start}).`, 'Swap them.');
    if (ms === 0)
      throw wrong(
        'zero-length',
        `It starts and ends at ${spec.start}.`,
        'An end is exclusive: write the next minute, hour or day.',
      );
    return atMost({ kind: 'wall', ms });
  }
  if (spec.openEnded) {
    if (spec.kind !== 'deny' || spec.rrule !== undefined || spec.cron !== undefined)
      throw wrong('no-end', 'Only a freeze that happens once may have no end.', 'Give the end or a duration.');
    return { kind: 'exact', ms: Number.POSITIVE_INFINITY };
  }
  if (start?.dateOnly && spec.kind !== 'deny') return { kind: 'wall', ms: 86_400_000 };
  throw wrong('no-end', 'It has no end.', 'Give the end or a duration, or who owns it and when it is looked at again.');
}

function atMost(length: ReadWindow['length']): ReadWindow['length'] {
  if (length.ms > LONGEST_MS)
    throw wrong(
      'too-long',
      'It lasts longer than 400 days.',
      'Make it shorter, or a freeze without an end, with an owner.',
    );
  return length;
}

function local(name: string, text: string): { localMs: number; dateOnly: boolean } {
  const found = readLocal(text);
  if (!found)
    throw wrong(
      'bad-time',
      `${name} “${text}” is no local time.`,
      'Write 2026-11-27T22:00, without an offset: the zone says it.',
    );
  return found;
}

/** RDATE and EXDATE may be in UTC, as iCalendar allows; a date means the whole day. */
function listed(name: string, text: string, zone: string): { localMs: number; wholeDay: boolean } {
  const utc = text.trim().endsWith('Z');
  const found = local(name, utc ? text.trim().slice(0, -1) : text);
  return { localMs: utc ? wallClock(zone, found.localMs) : found.localMs, wholeDay: found.dateOnly };
}

/** What makes two entries the same one: everything but their names and what they let pass. */
export function identityOf({ kind, zone, start, end, duration, rrule, cron, offsetDays, scope }: WindowSpec): string {
  const where = Object.entries(scope.where ?? {})
    .filter(([, patterns]) => patterns.length > 0)
    .map(([dimension, patterns]) => [dimension, [...patterns].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    kind,
    zone,
    start,
    end,
    duration,
    rrule,
    cron,
    offsetDays,
    scope.op ?? 'AND',
    scope.everything ?? false,
    where,
  ]);
}

/** Reads a whole calendar. An entry that is there twice is refused: whoever takes one away would believe it gone. */
export function readWindows(specs: readonly WindowSpec[]): Reading[] {
  const seen = new Map<string, string>();
  return specs.map((spec): Reading => {
    const reading = readWindow(spec);
    if (!reading.ok) return reading;
    const identity = identityOf(spec);
    const first = seen.get(identity);
    if (first !== undefined)
      return {
        ok: false,
        code: 'duplicate',
        error: `It is the same as ${first}.`,
        next: 'Change one of them, or take one away.',
      };
    seen.set(identity, spec.id);
    return reading;
  });
}
