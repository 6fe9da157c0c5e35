import { Temporal } from 'temporal-polyfill';
import type { Inhibition, Route } from '../core/organisation.noise.ts';
import { isOpen, type Marks, NO_MARKS } from './episodes.rules.ts';
import { correlate, type OpenIncident } from './incidents.rules.ts';
import { type Firing, judge, type Quiet } from './muting.rules.ts';
import { type ChatRule, groupKeyOf, routingOf, subjectOf } from './routes.rules.ts';
import type { Signal } from './signal.ts';

/**
 * What people would have been called for, had these rules been in force: the stored events once more through the rules
 * that decide today, in memory and on the events' own clock. What people did then is not replayed, so an incident ends
 * when its alerts do; one whose platform never says so counts as over a day after its last signal.
 */
export interface ReplayRules {
  routes: readonly Route[];
  rules: readonly ChatRule[];
  inhibitions: readonly Inhibition[];
  quiets: readonly Quiet[];
}

/** One incident that would have called somebody. */
export interface Page {
  /** When, in milliseconds since the epoch, and of which alert. */
  at: number;
  key: string;
  headline: string;
  rule: string;
  endpoint?: string;
  /** The alert had begun so much earlier: it waited for a condition. */
  waited: number;
}

interface Open extends OpenIncident {
  firing: Set<string>;
  stateless: boolean;
  lastAt: number;
}

const STATELESS_ENDS_MS = 86_400_000;
const LATE_MS = 1_000;

export function replayer({ routes, rules, inhibitions, quiets }: ReplayRules) {
  const marks = new Map<string, Marks>();
  const firing = new Map<string, Firing>();
  const held = new Map<string, { signal: Signal; since: number; again: number | undefined }>();
  const arrivals = new Map<string, number[]>();
  const pages: Page[] = [];
  let incidents: Open[] = [];
  let number = 0;

  function event(signal: Signal, at: number): void {
    settle(at);
    const { dedupKey: key } = signal;
    const before = marks.get(key) ?? NO_MARKS;
    const routing = routingOf(routes, rules, signal);
    const group = groupKeyOf(routing, signal);
    const decision = decide(signal, at, before, group);
    marks.set(key, decision.marks);
    if (signal.condition === 'resolved') {
      if (!isOpen(decision.marks)) over(key, at);
      return;
    }
    firing.set(key, { key, subject: subjectOf(signal), rule: signal.rule });
    if (decision.action === 'record') return;
    if (routing.moreThan) {
      const counted = `${routing.route ?? ''}|${group ?? key}`;
      arrivals.set(counted, [...(arrivals.get(counted) ?? []), at].slice(-1_001));
    }
    const holder = incidents.find(({ id }) => id === decision.incident);
    if (holder) Object.assign(holder, { lastSignalAt: instant(at), lastAt: at });
    if (decision.action === 'update' && !held.has(key)) return;
    tellOrHold(signal, at, held.get(key)?.since ?? at);
  }

  const decide = (signal: Signal, at: number, before: Marks, group: string | undefined) =>
    correlate(instant(at), signal, incidents, { marks: before, ...(group === undefined ? {} : { group }) });

  function tellOrHold(signal: Signal, at: number, since: number): void {
    const { dedupKey: key } = signal;
    const routing = routingOf(routes, rules, signal);
    const group = groupKeyOf(routing, signal);
    const counted = `${routing.route ?? ''}|${group ?? key}`;
    const known = marks.get(key) ?? NO_MARKS;
    const verdict = judge(instant(at), {
      key,
      subject: subjectOf(signal),
      marks: known,
      routing,
      countKey: counted,
      arrivals: arrivals.get(counted) ?? [],
      quiets,
      inhibitions,
      firing: [...firing.values()],
    });
    if (verdict.holds.length > 0) {
      held.set(key, { signal, since, again: verdict.again });
      return;
    }
    held.delete(key);
    const decision = decide(signal, at, known, group);
    const mate = incidents.find(({ id }) => id === decision.incident);
    if (mate) {
      mate.keys = [...mate.keys, key];
      mate.firing.add(key);
      mate.stateless &&= signal.stateless;
      return;
    }
    number += 1;
    incidents.push({
      id: String(number),
      workspace: signal.workspace,
      endpoint: signal.endpoint,
      lastSignalAt: instant(at),
      lastStartedAt: signal.startedAt,
      keys: [key],
      ...(group === undefined ? {} : { group }),
      firing: new Set([key]),
      stateless: signal.stateless,
      lastAt: at,
    });
    const waited = at - since > LATE_MS ? at - since : 0;
    const { headline, rule, endpoint } = signal;
    pages.push({ at, key, headline, rule, ...(endpoint ? { endpoint } : {}), waited });
  }

  function over(key: string, at: number): void {
    firing.delete(key);
    held.delete(key);
    for (const incident of incidents) incident.firing.delete(key);
    incidents = incidents.filter((incident) => incident.firing.size > 0 && !stale(incident, at));
    // What it inhibited may be told now.
    for (const [, { signal, since, again }] of [...held]) if (again === undefined) tellOrHold(signal, at, since);
  }

  const stale = ({ stateless, lastAt }: Open, at: number) => stateless && lastAt + STATELESS_ENDS_MS < at;

  /** Everything that would have been looked at again until then. */
  function settle(at: number): void {
    incidents = incidents.filter((incident) => !stale(incident, at));
    for (;;) {
      const [next] = [...held.values()]
        .filter(({ again }) => again !== undefined && again <= at)
        .sort((a, b) => (a.again ?? 0) - (b.again ?? 0));
      if (next?.again === undefined) return;
      tellOrHold(next.signal, next.again, next.since);
    }
  }

  function finish(at: number): readonly Page[] {
    settle(at);
    return pages;
  }

  return { event, finish };
}

const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at);

export interface Trial {
  before: number;
  after: number;
  /** Per day, oldest first: "2026-11-23". */
  days: readonly { day: string; before: number; after: number }[];
  /** Nobody would be called for these any more; the latest first. */
  gone: readonly Page[];
  /** Called for anyway, but later than today. */
  later: readonly Page[];
  /** Called for although today's rules do not. */
  fresh: readonly Page[];
}

/** Two replays of the same events, side by side. */
export function compare(before: readonly Page[], after: readonly Page[], from: number, until: number): Trial {
  const near = (a: Page, b: Page) => a.key === b.key && Math.abs(a.at - a.waited - (b.at - b.waited)) < 60_000;
  const indexed = (pages: readonly Page[]) => {
    const byKey = new Map<string, Page[]>();
    for (const page of pages) byKey.set(page.key, [...(byKey.get(page.key) ?? []), page]);
    return byKey;
  };
  const then = indexed(before);
  const now = indexed(after);
  const gone = before.filter((page) => !(now.get(page.key) ?? []).some((other) => near(page, other)));
  const fresh = after.filter((page) => !(then.get(page.key) ?? []).some((other) => near(page, other)));
  const later = after.filter((page) => page.waited > 0 && !fresh.includes(page));
  const days: { day: string; before: number; after: number }[] = [];
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  for (let at = from; at <= until; at += 86_400_000) days.push({ day: dayOf(at), before: 0, after: 0 });
  const byDay = new Map(days.map((each) => [each.day, each]));
  for (const page of before) {
    const day = byDay.get(dayOf(page.at));
    if (day) day.before += 1;
  }
  for (const page of after) {
    const day = byDay.get(dayOf(page.at));
    if (day) day.after += 1;
  }
  return {
    before: before.length,
    after: after.length,
    days,
    gone: gone.toReversed(),
    later: later.toReversed(),
    fresh: fresh.toReversed(),
  };
}
