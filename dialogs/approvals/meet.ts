import { z } from 'zod/v4';
import { agendaCard } from '../../cards/approvals/agenda.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { agendaView } from './board-view.ts';

export const meet = capability({
  id: 'approvals.meet',
  summary: 'Open a meeting of a review board; whoever speaks or votes in it is present',
  phrases: ['open meeting of {board} [with {present}]'],
  examples: ['open meeting of model-risk-board with Cara, Eva'],
  input: z.object({ board: freeText(120), present: freeText(300).optional() }),
  roles: ['approver', 'risk', 'engineering', 'domain', 'privacy'],
  effect: 'write',
  run: async (turn, { board: words, present = '' }) => {
    const { rooms, tx, actor } = turn;
    const board = rooms.approvals.boardOf(words);
    const names = present
      .split(/,|\band\b/i)
      .map((name) => name.trim())
      .filter(Boolean);
    const people = names.flatMap((name) => {
      const found = rooms.people.find(name);
      return found.length === 1 && found[0] ? [found[0].id] : [];
    });
    const id = await rooms.approvals.openMeeting(tx, board, actor.id, people);
    const view = await agendaView({ ...rooms, db: tx }, board, turn.now);
    return {
      text: `${id}: ${board.name} is meeting.`,
      card: agendaCard(view),
      data: { meeting: id, board: board.id },
      objects: [id],
    };
  },
});
