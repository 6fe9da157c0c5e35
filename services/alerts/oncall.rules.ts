import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Organisation, Schedule } from '../core/organisation.ts';
import { nextHandOff, onCall, shifts } from '../core/schedule.rules.ts';
import { fold, nearest } from '../core/similar.ts';

type Instant = Temporal.Instant;

/** How far ahead gaps are looked for and a schedule is pictured. */
export const PICTURE_DAYS = 14;
const BIT_HOURS = 48;

/** What somebody's words were about: the schedules, and whom else an endpoint's escalation tells. */
export interface Scope {
  kind: 'all' | 'schedule' | 'endpoint' | 'team';
  /** "ep-fraud", "Fraud"; empty for all. */
  name: string;
  schedules: { id: string; steps: number[] }[];
  /** Steps of the escalation that tell somebody without a schedule. */
  others: { step: number; kind: 'person' | 'channel' | 'role'; id: string }[];
}

/** An endpoint (also without its "ep-"), a team by id or name, or a schedule. Throws Refused with the nearest name. */
export function scopeOf(organisation: Organisation, about: string | undefined): Scope {
  const { schedules, endpoints, teams } = organisation;
  if (about === undefined) return { kind: 'all', name: '', schedules: schedules.map(plain), others: [] };
  const wanted = fold(about.replace(/[?.!\s]+$/, ''));
  const schedule = schedules.find(({ id }) => id === wanted);
  if (schedule) return { kind: 'schedule', name: schedule.id, schedules: [plain(schedule)], others: [] };
  const tails = endpoints.filter(({ id }) => fold(id).endsWith(`-${wanted}`));
  const team = teams.find(({ id, name }) => id === wanted || fold(name) === wanted);
  const endpoint = endpoints.find(({ id }) => fold(id) === wanted) ?? (team || tails.length > 1 ? undefined : tails[0]);
  if (endpoint) return { kind: 'endpoint', name: endpoint.id, ...targetsOf(organisation, [endpoint.escalation]) };
  if (team) {
    const own = endpoints.filter(({ owner }) => owner === team.id).map(({ escalation }) => escalation);
    return { kind: 'team', name: team.name, schedules: targetsOf(organisation, own).schedules, others: [] };
  }
  const names = [...schedules, ...endpoints, ...teams].map(({ id }) => id);
  throw unknown(about, nearest(wanted, names), 'endpoint, team or schedule', schedules);
}

const plain = ({ id }: Schedule) => ({ id, steps: [] });

/** The schedule of this name. Throws Refused with the nearest one. */
export function neededSchedule({ schedules }: Organisation, name: string): Schedule {
  const wanted = fold(name.replace(/[?.!\s]+$/, ''));
  const found = schedules.find(({ id }) => id === wanted);
  if (found) return found;
  const ids = schedules.map(({ id }) => id);
  throw unknown(name, nearest(wanted, ids), 'schedule', schedules);
}

function unknown(name: string, near: string | undefined, what: string, schedules: readonly Schedule[]): Refused {
  const known = schedules.slice(0, 5).map(({ id }) => id);
  const next = near ? `Did you mean ${near}?` : `Schedules are ${known.join(', ') || 'not declared yet'}.`;
  // It is said back where others read it: nothing of it may act as Markdown.
  const said = name.replace(/[^\p{L}\p{N}._'-]+/gu, ' ').trim();
  return new Refused(`I know no ${what} called "${said}".`, next, 'unknown-schedule');
}

/** Whom the policies tell, step by step; a policy that hands on is followed once. */
function targetsOf(organisation: Organisation, policies: readonly (string | undefined)[]) {
  const found = new Map<string, number[]>();
  const others: Scope['others'] = [];
  for (const id of new Set(policies)) {
    const policy = organisation.escalationPolicies.find((entry) => entry.id === id);
    for (const [index, { notify }] of (policy?.steps ?? []).entries()) {
      const step = index + 1;
      for (const target of notify) {
        if ('schedule' in target) found.set(target.schedule, [...(found.get(target.schedule) ?? []), step]);
        else if ('person' in target) others.push({ step, kind: 'person', id: target.person });
        else if ('channel' in target) others.push({ step, kind: 'channel', id: target.channel });
        else others.push({ step, kind: 'role', id: target.role });
      }
    }
  }
  return { schedules: [...found].map(([id, steps]) => ({ id, steps })), others };
}

/** The endpoints whose escalation calls this schedule. */
export function servedBy({ endpoints, escalationPolicies }: Organisation, schedule: string) {
  const calls = escalationPolicies.filter(({ steps }) =>
    steps.some(({ notify }) => notify.some((target) => 'schedule' in target && target.schedule === schedule)),
  );
  return endpoints.filter(({ escalation }) => calls.some(({ id }) => id === escalation));
}

/** The team that owns what the schedule is called for; undefined when there are several, or none. */
export function ownedBy(organisation: Organisation, schedule: string) {
  const owners = new Set(servedBy(organisation, schedule).map(({ owner }) => owner));
  return owners.size === 1 ? organisation.teams.find(({ id }) => owners.has(id)) : undefined;
}

/** A stretch of time; without an end nothing in the schedule ends it. */
export interface Stretch {
  start: Instant;
  end: Instant | undefined;
}

export interface Standing {
  people: readonly string[];
  /** When somebody else takes over, and who. */
  next: { at: Instant; people: readonly string[] } | undefined;
  /** Times ahead at which nobody who can be reached is on call. */
  gaps: Stretch[];
}

/** Who is on call now and next, and where nobody is in the two weeks ahead. */
export function standing(schedule: Schedule, now: Instant, reachable: (person: string) => boolean): Standing {
  const at = nextHandOff(schedule, now);
  return {
    people: onCall(schedule, now).people,
    next: at && { at, people: onCall(schedule, at).people },
    gaps: gaps(schedule, now, now.add({ hours: 24 * PICTURE_DAYS }), reachable),
  };
}

/** Where nobody is on call who can be reached, between two instants; neighbours are one gap. */
export function gaps(schedule: Schedule, from: Instant, to: Instant, reachable: (person: string) => boolean) {
  const empty = shifts(schedule, from, to).filter(({ people }) => !people.some(reachable));
  return joined(empty).map(({ start, end }) => ({ start: later(start, from), end }));
}

/** When this person is on call: the shift that runs at `from` and those that begin before `to`, at most `most`. */
export function ownShifts(schedule: Schedule, person: string, from: Instant, to: Instant, most: number): Stretch[] {
  const own: Stretch[] = [];
  let at = from;
  // Bit by bit, so that turns of an hour are not worked out for weeks when ten are wanted.
  while (Temporal.Instant.compare(at, to) < 0 && joined(own).length <= most) {
    const until = earlier(at.add({ hours: BIT_HOURS }), to);
    for (const shift of shifts(schedule, at, until)) {
      const seen = own.at(-1)?.start.equals(shift.start) ?? false;
      if (!seen && shift.people.includes(person)) own.push(shift);
    }
    at = until;
  }
  return joined(own).slice(0, most);
}

/** Stretches that touch become one. */
function joined(parts: readonly Stretch[]): Stretch[] {
  const list: Stretch[] = [];
  for (const { start, end } of parts) {
    const last = list.at(-1);
    if (last?.end?.equals(start)) last.end = end;
    else list.push({ start, end });
  }
  return list;
}

const earlier = (a: Instant, b: Instant): Instant => (Temporal.Instant.compare(a, b) < 0 ? a : b);
const later = (a: Instant, b: Instant): Instant => (Temporal.Instant.compare(a, b) > 0 ? a : b);
