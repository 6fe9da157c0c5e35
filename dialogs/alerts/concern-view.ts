import { Temporal } from 'temporal-polyfill';
import { type ConcernView, concernCard, concernSummary } from '../../cards/alerts/concern.ts';
import type { ConcernRow } from '../../services/concerns/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function neededConcern(rooms: Rooms, id: string): Promise<ConcernRow> {
  const row = await rooms.concerns.find(rooms.db, id);
  if (!row) throw new Refused(`There is no concern ${id}.`, 'Say “concerns” for the list.', 'unknown-concern');
  return row;
}

export async function concernView(rooms: Rooms, row: ConcernRow, now: Temporal.Instant): Promise<ConcernView> {
  const notes = await rooms.concerns.notes(rooms.db, row.id);
  const path = await rooms.concerns.pathFor(rooms.db, row);
  return {
    now,
    id: row.id,
    about: row.about,
    text: row.text,
    state: row.state,
    ...(row.endpoint ? { endpoint: row.endpoint } : {}),
    ...(row.raised_by ? { by: rooms.people.nameOf(row.raised_by) } : {}),
    at: Temporal.Instant.from(row.raised_at),
    heardBy: (path?.people ?? []).map((id) => rooms.people.nameOf(id)),
    notes: notes.flatMap(({ what, by, text, at }) =>
      what === 'raised' || by === null
        ? []
        : [{ what, by: rooms.people.nameOf(by), text, at: Temporal.Instant.from(at) }],
    ),
  };
}

export async function concernAnswer(turn: Turn, id: string, text: string, why?: string): Promise<Answer> {
  const rooms = { ...turn.rooms, db: turn.tx };
  const row = await neededConcern(rooms, id);
  return {
    text,
    card: concernCard(await concernView(rooms, row, turn.now)),
    data: { concern: id, state: row.state },
    objects: [id, ...(row.endpoint ? [row.endpoint] : [])],
    ...(why ? { why } : {}),
  };
}

/** Answering and closing belong to those who hear it, and to administrators. */
export async function mustHear({ rooms, actor, tx }: Turn, row: ConcernRow): Promise<void> {
  if (actor.roles.includes('admin') || (await rooms.concerns.mayAnswer(tx, actor.id, row))) return;
  throw new Refused(`${row.id} is not yours to answer.`, 'The people on its card hear it.', 'not-yours');
}

export const concernNotice: Draw = async (rooms, { ids }, now) => {
  const view = await concernView(rooms, await neededConcern(rooms, ids['concern'] ?? ''), now);
  return { card: concernCard(view), summary: concernSummary(view) };
};

/** Nobody has answered in time: said once more, unless somebody has meanwhile. */
export const concernReminder: Draw = async (rooms, { ids }, now) => {
  const row = await neededConcern(rooms, ids['concern'] ?? '');
  if (row.state !== 'open') return undefined;
  const view = await concernView(rooms, row, now);
  return { card: concernCard(view), summary: `Unanswered: ${concernSummary(view)}` };
};
