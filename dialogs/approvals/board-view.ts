import { Temporal } from 'temporal-polyfill';
import type { AgendaView } from '../../cards/approvals/agenda.ts';
import { counted } from '../../cards/parts/text.ts';
import type { Meeting } from '../../services/approvals/index.ts';
import type { Board } from '../../services/core/organisation.ts';
import { dayAndTime, stretch } from '../../services/windows/index.ts';
import type { Rooms } from '../rooms.ts';

export async function agendaView(rooms: Rooms, board: Board, now: Temporal.Instant): Promise<AgendaView> {
  const waiting = await rooms.approvals.boardAgenda(rooms.db, board);
  const [last] = await rooms.approvals.meetings(rooms.db, board.id, 1);
  const next = rooms.approvals.nextMeeting(board);
  const nameOf = rooms.people.nameOf;
  const items = await Promise.all(
    waiting.map(async (row) => {
      const { shown } = await rooms.approvals.standing(rooms.db, row);
      const lacking = row.state === 'evidence' ? (await rooms.approvals.gateOf(rooms.db, row)).lacking.length : 0;
      return {
        id: row.id,
        what: row.title,
        missing: shown.missing,
        deadline: Temporal.Instant.from(row.deadline),
        lacking,
      };
    }),
  );
  return {
    now,
    board: { id: board.id, name: board.name, chair: nameOf(board.chair), members: board.members.map(nameOf) },
    ...(next ? { next } : {}),
    ...(last && !last.closedAt
      ? { meeting: { id: last.id, since: last.openedAt, present: last.present.map(nameOf), notes: last.notes.length } }
      : {}),
    items,
  };
}

/** The minutes of a meeting, or of what was decided asynchronously since the last one, as Markdown. */
export async function minutesOf(
  rooms: Rooms,
  board: Board,
  meeting: Meeting | undefined,
  now: Temporal.Instant,
): Promise<string> {
  const nameOf = rooms.people.nameOf;
  const zone = board.meets?.zone ?? rooms.organisation.zone;
  const minute = (at: Temporal.Instant) => at.round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const when = (at: Temporal.Instant) => dayAndTime(minute(at), zone);
  const from = meeting?.openedAt ?? Temporal.Instant.fromEpochMilliseconds(0);
  const to = meeting?.closedAt ?? now;
  const decided = await rooms.approvals.decidedBetween(rooms.db, board, from, to);
  const sections = await Promise.all(
    decided.map(async (row) => {
      const { ballot, decision } = await rooms.approvals.standing(rooms.db, row);
      const secret = Boolean((ballot.policy as { secret?: boolean }).secret);
      const votes = decision.tally.counted.map(
        ({ voter, choice, reason }) => `- ${nameOf(voter)}: ${choice}${reason ? ` (${escaped(reason)})` : ''}`,
      );
      const outcome = (row.decision as { reason?: string } | null)?.reason ?? row.state;
      return [
        `### ${row.id} ${escaped(row.title)}`,
        '',
        `${escaped(outcome)} Digest ${row.digest}.`,
        '',
        ...(secret ? [`${counted(votes.length, 'vote')}, by secret ballot.`] : votes),
        '',
      ].join('\n');
    }),
  );
  const notes = (meeting?.notes ?? []).map(
    ({ by, text, at }) => `- ${when(Temporal.Instant.from(at))} ${nameOf(by)}: ${escaped(text)}`,
  );
  return [
    `# ${board.name}: minutes${meeting ? ` of ${meeting.id}` : ''}`,
    '',
    meeting
      ? `${meeting.closedAt ? stretch(minute(meeting.openedAt), minute(meeting.closedAt), zone) : `${when(meeting.openedAt)} ${zone}, still open`}. Chair: ${nameOf(board.chair)}.`
      : `Decided asynchronously until ${when(now)} ${zone}. Chair: ${nameOf(board.chair)}.`,
    ...(meeting ? [`Present: ${meeting.present.map(nameOf).join(', ')}.`] : []),
    '',
    '## Decisions',
    '',
    ...(sections.length > 0 ? sections : ['None.', '']),
    '## Notes',
    '',
    ...(notes.length > 0 ? notes : ['None.']),
    '',
  ].join('\n');
}

/** Words of people are no Markdown of ours. */
const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>#|])/g, '\\$1');
