import { Temporal } from 'temporal-polyfill';
import type { BreakGlass, Glass } from './break-glass.rules.ts';
import { breakGlass } from './break-glass.rules.ts';
import { AHEAD_MS, type Calendar, type Entry, type Matched, openFrom, type Traits } from './calendar.ts';
import { holding, type Interval } from './intervals.ts';
import type { Target } from './scope.rules.ts';
import type { Exemption } from './spec.rules.ts';
import { moment } from './words.rules.ts';

/** May this change run now? */
export interface Question {
  now: Temporal.Instant;
  /** Without one every entry of the calendar is about it. */
  target?: Target;
  /** Started by a person by hand; entries may let that pass. */
  manual?: boolean;
  /** What kind of change it is, for entries that exempt some. */
  is?: readonly Exemption[];
  /** From the start to the worst end: every traffic step and a rollback. A change that cannot finish does not start. */
  needMinutes?: number;
  /** It runs already, since then. Entries may let it go on. */
  startedAt?: Temporal.Instant;
  /** Somebody breaks the glass. */
  breakGlass?: BreakGlass;
}

export type Code =
  | 'no-window'
  | 'open'
  | 'overrun'
  | 'break-glass'
  | 'freeze'
  | 'outside-windows'
  | 'does-not-fit'
  | 'invalid-window';

export interface Decision {
  allowed: boolean;
  code: Code;
  /** A sentence with the deciding entry and until when, in its own zone and in UTC. */
  why: string;
  /** Ids of the entries that decided, the one that holds longest first. */
  by: readonly string[];
  /** Until when this answer holds; undefined when nothing in sight changes it. */
  until?: Temporal.Instant;
  /** When the change may run: now when it may, otherwise the next instant; undefined when there is none within 400 days. */
  next?: Temporal.Instant;
  /** The zone of the entry that decided, for showing local time. */
  zone: string;
  /** What holds now and stops nothing, by name. */
  advisories: readonly string[];
  /** Entries that cannot be read, and why: they close what they are about. */
  invalid: readonly { id: string; why: string }[];
  /** How the glass was broken, for the record; or why it was not. */
  glass?: Glass;
}

const instant = (ms: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(ms);
const MINUTE_MS = 60_000;

/** Decides by the calendar: deny beats allow, an allow-list blocks outside, a bad entry closes, the glass can be broken. */
export function decide(calendar: Calendar, question: Question): Decision {
  const about = calendar.about(question.target);
  const decision = byCalendar(about, question);
  if (decision.allowed || !question.breakGlass) return decision;
  const blocking = about.entries.filter(({ spec }) => decision.by.includes(spec.id));
  const glass = breakGlass(question.breakGlass, {
    now: question.now,
    windows: decision.by,
    roles: blocking.flatMap(({ spec }) => spec.override?.roles ?? []),
  });
  if (!glass.broken) return { ...decision, glass, why: `${decision.why} ${glass.why}` };
  return { ...decision, allowed: true, code: 'break-glass', glass, next: question.now, why: glass.why };
}

function byCalendar(about: Matched, question: Question): Decision {
  const at = question.now.epochMilliseconds;
  const traits: Traits = { manual: question.manual ?? false, is: question.is ?? [] };
  const active = about.active(at);
  const shared = {
    advisories: active.filter(({ spec }) => spec.kind === 'advisory').map(nameOf),
    invalid: about.bad.map(({ spec, reading }) => ({ id: spec.id, why: reading.ok ? '' : reading.error })),
    zone: 'UTC',
  };
  if (about.bad.length > 0) {
    const by = about.bad.map(({ spec }) => spec.id);
    const why = shared.invalid.map((each) => `“${each.id}”: ${each.why}`).join(' ');
    return {
      ...shared,
      allowed: false,
      code: 'invalid-window',
      by,
      why: `The calendar cannot be read, so it is closed. ${why}`,
    };
  }
  const timeline = about.timeline(at, traits);
  const need = (question.needMinutes ?? 0) * MINUTE_MS;
  const open = holding(timeline.open, at);
  const next = nextFit(about, timeline.open, at, need, traits);
  const coming = next === undefined || next - at > AHEAD_MS ? {} : { next: instant(next) };
  if (open) return inside({ about, question, shared, open, need, traits, coming, active });
  return closed({ about, question, shared, traits, coming, at });
}

interface Seen {
  about: Matched;
  question: Question;
  shared: Pick<Decision, 'advisories' | 'invalid' | 'zone'>;
  traits: Traits;
  coming: { next?: Temporal.Instant };
}

function inside({
  about,
  question,
  shared,
  open,
  need,
  traits,
  coming,
  active,
}: Seen & { open: Interval; need: number; active: readonly Entry[] }): Decision {
  const at = question.now.epochMilliseconds;
  const allows = active.filter(({ spec }) => spec.kind === 'allow');
  // Beyond what is looked ahead nothing is known: a window that opens every minute has no end there.
  const until = open.end - at <= AHEAD_MS ? { until: instant(open.end) } : {};
  const zone = zoneOf(allows) ?? zoneOf(closers(about, open.end, traits)) ?? shared.zone;
  const by = allows.map(({ spec }) => spec.id);
  if (question.startedAt === undefined && need > 0 && !fits(about, open, at, need, traits)) {
    const lasts = `It needs ${Math.round(need / MINUTE_MS)} minutes with a rollback, and`;
    const why = `${lasts} ${reasonToEnd(about, open.end, traits)} at ${moment(instant(open.end), zone)}.`;
    const blocking = closers(about, open.end, traits).map(({ spec }) => spec.id);
    return {
      ...shared,
      ...coming,
      ...until,
      zone,
      allowed: false,
      code: 'does-not-fit',
      by: blocking.length > 0 ? blocking : by,
      why: tell(why, coming.next, zone),
    };
  }
  const why =
    allows.length > 0
      ? `${quoted(allows)} is open`
      : about.entries.length > 0
        ? 'Nothing is closed now'
        : 'No window and no freeze is about this';
  const end = until.until ? ` until ${moment(until.until, zone)}` : '';
  const code = about.entries.length > 0 ? 'open' : 'no-window';
  return { ...shared, ...until, zone, allowed: true, code, by, next: question.now, why: `${why}${end}.` };
}

function closed({ about, question, shared, traits, coming, at }: Seen & { at: number }): Decision {
  const denying = longestFirst(about.denying(at, traits), at);
  const outside = denying.length > 0 ? [] : about.outside(at, traits);
  const blocking = denying.length > 0 ? denying : outside;
  const by = blocking.map(({ spec }) => spec.id);
  const zone = zoneOf(blocking) ?? shared.zone;
  const { startedAt } = question;
  if (startedAt && blocking.every(({ spec }) => spec.override?.overrun) && mayBegin(about, startedAt, traits))
    return {
      ...shared,
      zone,
      allowed: true,
      code: 'overrun',
      by,
      next: question.now,
      why: `It was allowed to begin, and ${quoted(blocking)} lets it go on.`,
    };
  const until = coming.next ? { until: coming.next } : {};
  const code = denying.length > 0 ? 'freeze' : 'outside-windows';
  const ends = Math.max(...denying.map((entry) => holding(entry.spans(at), at)?.end ?? at));
  const why =
    denying.length > 0
      ? `Frozen by ${quoted(denying)}${ends - at <= AHEAD_MS ? ` until ${moment(instant(ends), zone)}` : ', without an end'}.`
      : `Changes run only in ${quoted(outside)}, and it is closed now.`;
  return { ...shared, ...coming, ...until, zone, allowed: false, code, by, why: tell(why, coming.next, zone) };
}

/** Judged as it was then: with the offsets and the entries of that instant, and without letting it go on. */
function mayBegin(about: Matched, startedAt: Temporal.Instant, traits: Traits): boolean {
  const at = startedAt.epochMilliseconds;
  return about.denying(at, traits).length === 0 && about.outside(at, traits).length === 0;
}

function nextFit(
  about: Matched,
  open: readonly Interval[],
  at: number,
  need: number,
  traits: Traits,
): number | undefined {
  for (let from = openFrom(open, at); from; from = openFrom(open, from.end)) {
    const start = Math.max(from.start, at);
    if (fits(about, from, start, need, traits)) return start;
  }
  return undefined;
}

/** Whether it ends before this opening does, or may go on beyond it. */
function fits(about: Matched, open: Interval, start: number, need: number, traits: Traits): boolean {
  if (start + need <= open.end) return true;
  const ending = closers(about, open.end, traits);
  return ending.length > 0 && ending.every(({ spec }) => spec.override?.overrun);
}

/** What closes at this instant. */
const closers = (about: Matched, at: number, traits: Traits): readonly Entry[] => {
  if (!Number.isFinite(at)) return [];
  const denying = about.denying(at, traits);
  return denying.length > 0 ? denying : about.outside(at, traits);
};

function reasonToEnd(about: Matched, at: number, traits: Traits): string {
  const ending = closers(about, at, traits);
  return ending[0]?.spec.kind === 'deny' ? `${quoted(ending)} begins` : `${quoted(ending)} ends`;
}

const longestFirst = (entries: readonly Entry[], at: number): Entry[] =>
  [...entries].sort((a, b) => (holding(b.spans(at), at)?.end ?? at) - (holding(a.spans(at), at)?.end ?? at) || 0);

const nameOf = ({ spec }: Entry): string => spec.name ?? spec.id;
const zoneOf = (entries: readonly Entry[]): string | undefined => {
  const reading = entries[0]?.reading;
  return reading?.ok ? reading.window.zone : undefined;
};
const quoted = (entries: readonly Entry[]): string => {
  const names = [...new Set(entries.map(nameOf))];
  const shown = names.slice(0, 2).map((name) => `“${name}”`);
  return names.length > 2 ? `${shown.join(', ')} and ${names.length - 2} more` : shown.join(' and ');
};
const tell = (why: string, next: Temporal.Instant | undefined, zone: string): string =>
  next ? `${why} Next: ${moment(next, zone)}.` : `${why} Nothing opens within 400 days.`;
