import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy, Board } from '../core/organisation.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { ApprovalsDeps } from './requests.deps.ts';
import { closedSince, type RequestRow } from './requests.store.ts';
import { type PastStage, stagesOver } from './stages.rules.ts';

export interface Meeting {
  id: string;
  board: string;
  openedAt: Temporal.Instant;
  openedBy: string;
  closedAt: Temporal.Instant | undefined;
  present: readonly string[];
  notes: readonly { request: string | null; text: string; by: string; at: string }[];
}

/** Boards: what they have to decide, their meetings, and the record of both. */
export function boards(deps: ApprovalsDeps) {
  const { clock, audit, outbox, organisation, people } = deps;

  function boardOf(words: string | undefined): Board {
    const all = organisation.boards;
    const wanted = words?.trim().toLowerCase();
    const found = wanted
      ? all.filter(
          ({ id, name }) => id === wanted || name.toLowerCase() === wanted || name.toLowerCase().includes(wanted),
        )
      : all;
    const [board] = found;
    if (board && found.length === 1) return board;
    const names = all.map(({ id }) => id).join(', ');
    if (all.length === 0) throw new Refused('There is no board.', 'Ask an administrator to add one under boards.');
    throw new Refused(
      board ? 'Which board do you mean?' : `There is no board "${words?.slice(0, 60)}".`,
      `I know ${names}.`,
    );
  }

  const meetings = async (db: Db | Tx, board: string, most: number): Promise<Meeting[]> => {
    const found = await db
      .selectFrom('board_meetings')
      .selectAll()
      .where('board', '=', board)
      .orderBy('opened_at', 'desc')
      .limit(most)
      .execute();
    return found.map((row) => ({
      id: row.id,
      board: row.board,
      openedAt: Temporal.Instant.from(row.opened_at),
      openedBy: row.opened_by,
      closedAt: row.closed_at ? Temporal.Instant.from(row.closed_at) : undefined,
      present: row.present,
      notes: row.notes,
    }));
  };

  async function running(tx: Tx, board: Board): Promise<Meeting> {
    const [last] = await meetings(tx, board.id, 1);
    if (!last || last.closedAt)
      throw new Refused(`${board.name} is not meeting now.`, `Say “open meeting of ${board.id}”.`);
    return last;
  }

  return {
    boardOf,
    meetings,

    /** Requests that the board votes on or that wait for evidence before it does. */
    async boardAgenda(db: Db | Tx, board: Board): Promise<RequestRow[]> {
      const open = await db
        .selectFrom('requests')
        .selectAll()
        .where('state', 'in', ['voting', 'evidence'])
        .orderBy('deadline')
        .execute();
      return open.filter((row) => ((row.policy as ApprovalPolicy).voters?.boards ?? []).includes(board.id));
    },

    /** The next meeting by the board's own week; undefined for one that decides asynchronously. */
    nextMeeting: (board: Board): Temporal.Instant | undefined => nextMeeting(clock.now(), board),

    async openMeeting(tx: Tx, board: Board, by: string, present: readonly string[]): Promise<string> {
      const [last] = await meetings(tx, board.id, 1);
      if (last && !last.closedAt) throw new Refused(`${last.id} of ${board.name} is open already.`, 'Close it first.');
      if (!board.members.includes(by))
        throw new Refused(`Only members of ${board.name} open its meetings.`, `Ask ${people.nameOf(board.chair)}.`);
      const id = await nextNumber(tx, 'MTG');
      const there = [...new Set([by, ...present.filter((person) => board.members.includes(person))])];
      await tx
        .insertInto('board_meetings')
        .values({
          id,
          board: board.id,
          opened_at: clock.now().toString(),
          opened_by: by,
          present: JSON.stringify(there),
          notes: JSON.stringify([]),
        })
        .execute();
      await audit.append(tx, {
        actor: by,
        action: 'approvals.meeting-opened',
        objects: [id],
        detail: { board: board.id, present: there },
      });
      return id;
    },

    /** Somebody who speaks is there. */
    async takeNote(tx: Tx, board: Board, by: string, text: string): Promise<Meeting> {
      const meeting = await running(tx, board);
      if (!board.members.includes(by)) throw new Refused(`Only members of ${board.name} take its notes.`);
      const request = /\bREQ-\d{1,9}\b/i.exec(text)?.[0]?.toUpperCase() ?? null;
      const notes = [...meeting.notes, { request, text, by, at: clock.now().toString() }];
      const present = [...new Set([...meeting.present, by])];
      await tx
        .updateTable('board_meetings')
        .set({ notes: JSON.stringify(notes), present: JSON.stringify(present) })
        .where('id', '=', meeting.id)
        .execute();
      return { ...meeting, notes, present };
    },

    async closeMeeting(tx: Tx, board: Board, by: string): Promise<string> {
      const meeting = await running(tx, board);
      if (!board.members.includes(by)) throw new Refused(`Only members of ${board.name} close its meetings.`);
      await tx
        .updateTable('board_meetings')
        .set({ closed_at: clock.now().toString() })
        .where('id', '=', meeting.id)
        .execute();
      await audit.append(tx, {
        actor: by,
        action: 'approvals.meeting-closed',
        objects: [meeting.id],
        detail: { board: board.id },
      });
      await outbox.say(tx, {
        key: `minutes:${meeting.id}`,
        kind: 'approvals.minutes',
        ids: { board: board.id, meeting: meeting.id },
        conversation: `channel:${board.channel}`,
        priority: 5,
      });
      return meeting.id;
    },

    /** What the board decided in this time, as the only stage or one of several; for its minutes. */
    async decidedBetween(
      db: Db | Tx,
      board: Board,
      from: Temporal.Instant,
      to: Temporal.Instant,
    ): Promise<{ row: RequestRow; past?: PastStage; at: Temporal.Instant }[]> {
      const rows = await closedSince(db, from.toString());
      const own = (policy: object) => ((policy as ApprovalPolicy).voters?.boards ?? []).includes(board.id);
      return rows
        .flatMap((row) => [
          ...stagesOver(row.past)
            .filter(({ policy }) => own(policy))
            .map((past) => ({ row, past, at: Temporal.Instant.from(past.closedAt) })),
          ...(row.decided_at && own(row.policy) ? [{ row, at: Temporal.Instant.from(row.decided_at) }] : []),
        ])
        .filter(
          ({ at }) => from.epochMilliseconds <= at.epochMilliseconds && at.epochMilliseconds <= to.epochMilliseconds,
        )
        .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds);
    },
  };
}

export function nextMeeting(now: Temporal.Instant, { meets }: Pick<Board, 'meets'>): Temporal.Instant | undefined {
  if (!meets) return undefined;
  const local = now.toZonedDateTimeISO(meets.zone);
  for (let days = 0; days <= 7; days += 1) {
    const day = local.toPlainDate().add({ days });
    if (day.dayOfWeek !== meets.day) continue;
    const at = day.toZonedDateTime({ timeZone: meets.zone, plainTime: Temporal.PlainTime.from(meets.at) }).toInstant();
    if (at.epochMilliseconds > now.epochMilliseconds) return at;
  }
  return undefined;
}
