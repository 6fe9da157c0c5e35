import { z } from 'zod/v4';
import { minutesCard } from '../../cards/approvals/minutes.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { minutesOf } from './board-view.ts';

export const minutes = capability({
  id: 'approvals.minutes',
  summary: 'The minutes of a board: who was there, what was decided by whom, what was noted; as Markdown',
  phrases: ['minutes of {board}'],
  examples: ['minutes of model-risk-board'],
  input: z.object({ board: freeText(120) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { board: words }) => {
    const board = rooms.approvals.boardOf(words);
    const [meeting] = await rooms.approvals.meetings(rooms.db, board.id, 1);
    const markdown = await minutesOf(rooms, board, meeting, now);
    return {
      text: markdown,
      card: minutesCard({ now, id: board.id, board: board.name, markdown }),
      data: { board: board.id, markdown },
    };
  },
});
