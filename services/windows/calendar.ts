import { difference, firstEndingAfter, holding, type Interval, intersection, merged } from './intervals.ts';
import { matchesScope, type Target } from './scope.rules.ts';
import { spansOf } from './spans.ts';
import { type Exemption, type Reading, type ReadWindow, readWindows, type WindowSpec } from './spec.rules.ts';

/**
 * A calendar that was read once and is asked often. Spans are made when they are first wanted, for two years at a time, and
 * kept; so is, for every target, when it is open. Nothing here knows what time it is, and nothing is written: a changed
 * calendar is a new one.
 */
const DAY_MS = 86_400_000;
/** How far behind and ahead of a question spans are made: "when may this run next" looks 400 days ahead. */
const BEHIND_MS = 40 * DAY_MS;
export const AHEAD_MS = 400 * DAY_MS;
const MADE_MS = 2 * AHEAD_MS;
/** Different targets whose answers are kept. */
const KEPT_TARGETS = 5_000;

/** One entry of the calendar. A bad one stays: it closes what it is about. */
export interface Entry {
  spec: WindowSpec;
  reading: Reading;
  /** Merged, from before `atMs` to at least 400 days after it. Empty for a bad entry. */
  spans(atMs: number): readonly Interval[];
}

/** What of a change decides which entries hold it up. */
export interface Traits {
  /** Started by a person, by hand. */
  manual: boolean;
  is: readonly Exemption[];
}

/** When a change of these traits may run on this target. */
export interface Timeline {
  /** Merged. From before the question to at least 400 days after it. */
  open: readonly Interval[];
  knownUntil: number;
}

export interface Calendar {
  entries: readonly Entry[];
  /** Those about this target; all of them without one. */
  about(target: Target | undefined): Matched;
}

/** The entries about one target. */
export interface Matched {
  entries: readonly Entry[];
  /** Entries that cannot be read. */
  bad: readonly Entry[];
  active(atMs: number): readonly Entry[];
  timeline(atMs: number, traits: Traits): Timeline;
  /** Denies that hold at this instant and do not let such a change pass. */
  denying(atMs: number, traits: Traits): readonly Entry[];
  /** The allow entries of the calendars that are closed at this instant for such a change. */
  outside(atMs: number, traits: Traits): readonly Entry[];
}

export function calendarOf(specs: readonly WindowSpec[]): Calendar {
  const readings = readWindows(specs);
  const entries = specs.map((spec, index) => entryOf(spec, readings[index] as Reading));
  const byTarget = new Map<string, Matched>();
  const everything = matched(entries);
  return {
    entries,
    about(target) {
      if (target === undefined) return everything;
      const key = JSON.stringify(target);
      let found = byTarget.get(key);
      if (!found) {
        found = matched(entries.filter(({ spec }) => matchesScope(spec.scope, target)));
        if (byTarget.size >= KEPT_TARGETS) byTarget.clear();
        byTarget.set(key, found);
      }
      return found;
    },
  };
}

function entryOf(spec: WindowSpec, reading: Reading): Entry {
  let made: { from: number; to: number; spans: readonly Interval[] } | undefined;
  const make = (window: ReadWindow, atMs: number) => {
    const [from, to] = [atMs - BEHIND_MS, atMs + MADE_MS];
    made = { from, to, spans: spansOf(window, from, to) };
    return made.spans;
  };
  return {
    spec,
    reading,
    spans(atMs) {
      if (!reading.ok) return [];
      if (made && made.from <= atMs - DAY_MS && atMs + AHEAD_MS <= made.to) return made.spans;
      return make(reading.window, atMs);
    },
  };
}

function matched(entries: readonly Entry[]): Matched {
  const bad = entries.filter(({ reading }) => !reading.ok);
  const good = entries.filter(({ reading }) => reading.ok);
  const denies = good.filter(({ spec }) => spec.kind === 'deny');
  const calendars = [...grouped(good.filter(({ spec }) => spec.kind === 'allow')).values()];
  const timelines = new Map<string, { from: number; to: number; timeline: Timeline }>();
  const holds = (entry: Entry, atMs: number) => holding(entry.spans(atMs), atMs) !== undefined;
  const stopping = (traits: Traits) => denies.filter((entry) => !lets(entry, traits));
  // An allow-list that every one of its entries lets this change ignore does not hold it up.
  const lists = (traits: Traits) => calendars.filter((list) => !list.every((entry) => lets(entry, traits)));

  function make(atMs: number, traits: Traits): Timeline {
    let open: Interval[] = [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }];
    for (const list of lists(traits)) open = intersection(open, merged(list.flatMap((entry) => entry.spans(atMs))));
    const closed = merged(stopping(traits).flatMap((entry) => entry.spans(atMs)));
    return { open: difference(open, closed), knownUntil: atMs + AHEAD_MS };
  }

  return {
    entries,
    bad,
    active: (atMs) => good.filter((entry) => holds(entry, atMs)),
    denying: (atMs, traits) => stopping(traits).filter((entry) => holds(entry, atMs)),
    outside: (atMs, traits) =>
      lists(traits)
        .filter((list) => !list.some((entry) => holds(entry, atMs)))
        .flat(),
    timeline(atMs, traits) {
      const key = `${traits.manual}/${[...traits.is].sort().join(',')}`;
      const kept = timelines.get(key);
      if (kept && kept.from <= atMs && atMs <= kept.to) return kept.timeline;
      // One that was made for this day serves the whole of it, and a little more.
      const from = Math.floor(atMs / DAY_MS) * DAY_MS;
      const timeline = make(from, traits);
      timelines.set(key, { from, to: from + DAY_MS, timeline });
      return timeline;
    },
  };
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = entry.spec.calendar ?? '';
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return groups;
}

/** Whether this entry does not hold up such a change. */
const lets = ({ spec: { override = {} } }: Entry, traits: Traits): boolean =>
  (traits.manual && override.manual === true) || traits.is.some((trait) => override.exempt?.includes(trait));

/** The interval that holds an instant, or the first after it. */
export function openFrom(open: readonly Interval[], atMs: number): Interval | undefined {
  return open[firstEndingAfter(open, atMs)];
}
