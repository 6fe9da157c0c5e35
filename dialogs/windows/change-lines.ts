import { Temporal } from 'temporal-polyfill';
import type { ChangesView } from '../../cards/windows/changes.ts';
import { type Conflict, type PlannedRow, STATE_WORDS } from '../../services/windows/index.ts';
import type { Rooms } from '../rooms.ts';

/** One line of a list of changes, with its votes when they are wanted. */
export async function lineOf(rooms: Rooms, row: PlannedRow, votes = false): Promise<ChangesView['changes'][number]> {
  const standing = votes ? await rooms.windows.changes.standing(rooms.db, row) : undefined;
  const cast = (standing?.tally.counted ?? []).map(
    ({ voter, choice, reason }) => `${rooms.people.nameOf(voter)}: ${choice}${reason ? ` (${reason})` : ''}`,
  );
  return {
    id: row.id,
    title: row.title,
    state: STATE_WORDS[row.state],
    class: row.class,
    targets: row.targets,
    from: Temporal.Instant.from(row.starts_at),
    conflicts: (row.conflicts as Conflict[]).length,
    ...(votes
      ? {
          votes: [...cast, ...(row.state === 'voting' ? (standing?.missing ?? []) : row.note ? [row.note] : [])].join(
            '; ',
          ),
        }
      : {}),
    who: rooms.people.nameOf(row.assignee),
  };
}
