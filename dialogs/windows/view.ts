import { Temporal } from 'temporal-polyfill';
import type { AnswerView } from '../../cards/windows/answer.ts';
import type { CalendarView } from '../../cards/windows/calendar.ts';
import type { EntryView } from '../../cards/windows/entry.ts';
import { Refused } from '../../services/core/errors.ts';
import {
  type Decision,
  daysAhead,
  endpointsIn,
  matchesScope,
  scopeOf,
  scopeWords,
  targetOf,
  type WindowSpec,
} from '../../services/windows/index.ts';
import type { Rooms } from '../rooms.ts';

export const FORTNIGHT_DAYS = 14;
const LOOK_AHEAD_MS = 400 * 86_400_000;
const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

/** Two instants of the parser; a time of day is one of them twice. */
export function asSpan(when: string): { from: Temporal.Instant; to: Temporal.Instant } {
  const [from = '', to = from] = when.split('/');
  return { from: Temporal.Instant.from(from), to: Temporal.Instant.from(to) };
}

export function neededEndpoint(rooms: Rooms, name: string): void {
  if (rooms.organisation.endpoints.some(({ id }) => id === name)) return;
  throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
}

/** The picture of a fortnight and the entries that make it, those that hold now first. */
export async function calendarView(rooms: Rooms, now: Temporal.Instant, about?: string): Promise<CalendarView> {
  const calendar = await rooms.windows.calendar(rooms.db);
  const { organisation } = rooms;
  const scope = about ? scopeOf(organisation, about) : undefined;
  const names = scope
    ? endpointsIn(organisation, (target) => matchesScope(scope, target))
    : organisation.endpoints.map(({ id }) => id);
  const at = now.epochMilliseconds;
  const concerns = new Set(names.flatMap((name) => calendar.about(targetOf(organisation, name)).entries));
  const listed = scope ? calendar.entries.filter((entry) => concerns.has(entry)) : calendar.entries;
  const plain = { manual: false, is: [] };
  const entries = listed.map((entry) => {
    const { spec, reading } = entry;
    const span = entry.spans(at).find(({ end }) => end > at);
    const near = span && span.start < at + LOOK_AHEAD_MS ? span : undefined;
    return {
      id: spec.id,
      name: spec.name ?? spec.id,
      kind: spec.kind,
      scope: scopeWords(spec.scope),
      zone: reading.ok ? reading.window.zone : 'UTC',
      ...(near ? { from: instant(near.start) } : {}),
      ...(near && Number.isFinite(near.end) ? { until: instant(near.end) } : {}),
      active: near !== undefined && near.start <= at,
      ...(reading.ok ? {} : { invalid: `${reading.error} ${reading.next}` }),
    };
  });
  const order = (entry: (typeof entries)[number]) =>
    entry.invalid ? -2 : entry.active ? -1 : (entry.from?.epochMilliseconds ?? Number.MAX_SAFE_INTEGER);
  return {
    now,
    about: scope ? (names.length === 1 ? (names[0] ?? '') : scopeWords(scope)) : 'everything',
    frozenNow: names.filter((name) => calendar.about(targetOf(organisation, name)).denying(at, plain).length > 0),
    endpoints: names.length,
    days: daysAhead(
      calendar,
      names.map((name) => targetOf(organisation, name)),
      at,
      organisation.zone,
      FORTNIGHT_DAYS,
    ),
    entries: [...entries].sort((a, b) => order(a) - order(b)),
    zone: organisation.zone,
  };
}

export async function answerView(
  rooms: Rooms,
  now: Temporal.Instant,
  endpoint: string,
  decision: Decision,
  { needMinutes, asked }: { needMinutes?: number | undefined; asked?: AnswerView['asked'] } = {},
): Promise<AnswerView> {
  const calendar = await rooms.windows.calendar(rooms.db);
  const named = (id: string) => calendar.entries.find(({ spec }) => spec.id === id)?.spec.name ?? id;
  const held = await rooms.windows.holding(endpoint, now, rooms.db);
  const owner = rooms.organisation.endpoints.find(({ id }) => id === endpoint)?.owner;
  const team = rooms.organisation.teams.find(({ id }) => id === owner);
  return {
    now,
    endpoint,
    allowed: decision.allowed,
    why: decision.why,
    zone: decision.zone,
    ...(decision.until ? { until: decision.until } : {}),
    ...(decision.next ? { next: decision.next } : {}),
    by: decision.by.map(named),
    advisories: decision.advisories,
    ...(needMinutes ? { needMinutes } : {}),
    ...(team ? { ask: team.name } : {}),
    ...(asked ? { asked } : {}),
    mute: held.some(({ kind }) => kind === 'maintenance'),
  };
}

/** An entry by the id that people say: FRZ-101, or the name it has in wardroom.yaml. */
export async function entryView(rooms: Rooms, now: Temporal.Instant, id: string): Promise<EntryView> {
  const calendar = await rooms.windows.calendar(rooms.db);
  const wanted = id.trim().toLowerCase();
  const entry = calendar.entries.find(({ spec }) => spec.id.toLowerCase() === wanted);
  const row = await rooms.windows.find(rooms.db, id.trim().toUpperCase());
  const spec: WindowSpec | undefined =
    entry?.spec ?? (row ? { ...(row.spec as Omit<WindowSpec, 'id'>), id: row.id } : undefined);
  if (!spec) throw new Refused(`There is no window or freeze ${id}.`, 'Say “windows” for the list.');
  const at = now.epochMilliseconds;
  const span = entry?.spans(at).find(({ end }) => end > at);
  const reading = entry?.reading;
  return {
    now,
    id: spec.id,
    kind: spec.kind,
    name: spec.name ?? row?.reason ?? spec.id,
    scope: scopeWords(spec.scope),
    endpoints: endpointsIn(rooms.organisation, (target) => matchesScope(spec.scope, target)),
    zone: reading?.ok ? reading.window.zone : 'UTC',
    ...(span ? { from: instant(span.start) } : {}),
    ...(span && Number.isFinite(span.end) ? { until: instant(span.end) } : {}),
    ...(spec.rrule || spec.cron ? { rule: spec.rrule ?? spec.cron ?? '' } : {}),
    ...(row?.reason ? { reason: row.reason } : {}),
    ...(row ? { by: rooms.people.nameOf(row.created_by) } : {}),
    exempt: spec.override?.exempt ?? [],
    notes: reading?.ok ? reading.window.notes : [],
    holdsUp: spec.kind === 'deny' && !row?.ended_at ? await rooms.windows.heldUpBy(rooms.db, spec.id) : [],
    ...(row?.ended_at
      ? { ended: { at: Temporal.Instant.from(row.ended_at), by: rooms.people.nameOf(row.ended_by ?? 'wardroom') } }
      : {}),
    fromFile: row === undefined,
    ...(reading && !reading.ok ? { invalid: `${reading.error} ${reading.next}` } : {}),
  };
}
