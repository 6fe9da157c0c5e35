import { z } from 'zod/v4';
import { agendaCard } from '../../cards/approvals/agenda.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { agendaView } from './board-view.ts';

export const adjourn = capability({
  id: 'approvals.adjourn',
  summary: "Close a board's meeting; its minutes go to the board's channel",
  phrases: ['close meeting of {board}'],
  examples: ['close meeting of model-risk-board'],
  input: z.object({ board: freeText(120) }),
  roles: ['approver', 'risk', 'engineering', 'domain', 'privacy'],
  effect: 'write',
  run: async (turn, { board: words }) => {
    const { rooms, tx, actor } = turn;
    const board = rooms.approvals.boardOf(words);
    const id = await rooms.approvals.closeMeeting(tx, board, actor.id);
    const view = await agendaView({ ...rooms, db: tx }, board, turn.now);
    return {
      text: `${id} is closed. Say “minutes of ${board.id}”.`,
      card: agendaCard(view),
      data: { meeting: id },
      objects: [id],
    };
  },
});
