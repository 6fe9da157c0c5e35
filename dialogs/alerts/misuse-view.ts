import { Temporal } from 'temporal-polyfill';
import { type MisuseView, misuseCard, misuseSummary } from '../../cards/alerts/misuse.ts';
import type { ChecklistItem, MisuseDecision, MisuseRow, Traffic } from '../../services/concerns/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function neededCase(rooms: Rooms, id: string): Promise<MisuseRow> {
  const row = await rooms.concerns.misuse.find(rooms.db, id);
  if (!row) throw new Refused(`There is no case ${id}.`, 'Say “misuse cases” for the list.', 'unknown-case');
  return row;
}

export function misuseView(rooms: Rooms, row: MisuseRow, now: Temporal.Instant): MisuseView {
  const { nameOf } = rooms.people;
  const purpose = rooms.organisation.endpoints.find(({ id }) => id === row.endpoint)?.business.purpose;
  const before = Object.entries(row.before as Traffic).filter(([, share]) => share > 0);
  return {
    now,
    id: row.id,
    endpoint: row.endpoint,
    ...(purpose ? { purpose } : {}),
    state: row.state,
    why: row.why,
    by: [nameOf(row.opened_by), nameOf(row.confirmed_by)],
    openedAt: Temporal.Instant.from(row.opened_at),
    ...(row.concern ? { concern: row.concern } : {}),
    ...(row.incident ? { incident: row.incident } : {}),
    before: before.map(([name, share]) => `${name} ${share} %`).join(', ') || 'none',
    checklist: (row.checklist as ChecklistItem[]).map(({ id, what, owner, done }) => ({
      id,
      what,
      owner: nameOf(owner),
      ...(done ? { done: { by: nameOf(done.by), note: done.note } } : {}),
    })),
    ...(row.decision && row.decided_by
      ? { decision: { what: row.decision as MisuseDecision, by: row.decided_by.split(',').map((id) => nameOf(id)) } }
      : {}),
    ...(row.lessons ? { lessons: row.lessons } : {}),
  };
}

export async function misuseAnswer(turn: Turn, id: string, why?: string): Promise<Answer> {
  const rooms = { ...turn.rooms, db: turn.tx };
  const row = await neededCase(rooms, id);
  const view = misuseView(rooms, row, turn.now);
  return {
    text: misuseSummary(view),
    card: misuseCard(view),
    data: { misuse: id, state: row.state, change: row.change },
    objects: [id, row.endpoint, ...(row.concern ? [row.concern] : [])],
    ...(why ? { why } : {}),
  };
}

export const misuseNotice: Draw = async (rooms, { ids }, now) => {
  const view = misuseView(rooms, await neededCase(rooms, ids['misuse'] ?? ''), now);
  return { card: misuseCard(view), summary: misuseSummary(view) };
};
