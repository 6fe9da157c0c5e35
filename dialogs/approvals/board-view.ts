import { Temporal } from 'temporal-polyfill';
import type { AgendaView } from '../../cards/approvals/agenda.ts';
import { counted } from '../../cards/parts/text.ts';
import { type Meeting, stagesLeft, stagesOver } from '../../services/approvals/index.ts';
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
  // Members vote between the meetings, too: that is in the minutes of the meeting that comes after.
  const all = meeting ? await rooms.approvals.meetings(rooms.db, board.id, MOST_MEETINGS) : [];
  const before = all[all.findIndex(({ id }) => id === meeting?.id) + 1];
  const from = before?.closedAt ?? Temporal.Instant.fromEpochMilliseconds(0);
  const to = meeting?.closedAt ?? now;
  const decided = await rooms.approvals.decidedBetween(rooms.db, board, from, to);
  const sectionOf = async ({ row, past }: (typeof decided)[number]): Promise<string> => {
    const cast = past
      ? await rooms.approvals.votesOfStage(rooms.db, row, past)
      : (await rooms.approvals.standing(rooms.db, row)).decision.tally.counted;
    const secret = ((past?.policy ?? row.policy) as { secret?: boolean }).secret === true;
    const votes = cast.map(
      ({ voter, choice, reason }) => `- ${nameOf(voter)}: ${choice}${reason ? ` (${escaped(reason)})` : ''}`,
    );
    const outcome = past?.reason ?? (row.decision as { reason?: string } | null)?.reason ?? row.state;
    const stages = stagesOver(row.past).length + 1 + stagesLeft(row.later).length;
    const stage = past ? stagesOver(row.past).indexOf(past) + 1 : stagesOver(row.past).length + 1;
    return [
      `### ${row.id} ${escaped(row.title)}${stages > 1 ? ` (stage ${stage} of ${stages})` : ''}`,
      '',
      `${escaped(outcome)} Digest ${row.digest}.`,
      '',
      ...(secret ? [`${counted(votes.length, 'vote')}, by secret ballot.`] : votes),
      '',
    ].join('\n');
  };
  const opened = meeting?.openedAt.epochMilliseconds ?? 0;
  const earlier = await Promise.all(decided.filter(({ at }) => at.epochMilliseconds < opened).map(sectionOf));
  const sections = await Promise.all(decided.filter(({ at }) => at.epochMilliseconds >= opened).map(sectionOf));
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
    ...(earlier.length > 0 ? ['## Decided before the meeting, by each for themselves', '', ...earlier] : []),
    '## Decisions',
    '',
    ...(sections.length > 0 ? sections : ['None.', '']),
    '## Notes',
    '',
    ...(notes.length > 0 ? notes : ['None.']),
    '',
  ].join('\n');
}

const MOST_MEETINGS = 1000;

/** Words of people are no Markdown of ours. */
const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>#|])/g, '\\$1');
