import { z } from 'zod/v4';
import { agendaCard } from '../../cards/approvals/agenda.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { agendaView } from './board-view.ts';

export const agenda = capability({
  id: 'approvals.agenda',
  summary: 'Show what a review board has to decide, and when it meets',
  phrases: ['board agenda', 'board agenda of {board}', 'agenda of {board}'],
  examples: ['board agenda', 'agenda of model-risk-board'],
  input: z.object({ board: freeText(120).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { board }) => {
    const view = await agendaView(rooms, rooms.approvals.boardOf(board), now);
    const card = agendaCard(view);
    const lines = view.items.map(({ id, what }) => `${id}  ${what}`);
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: { board: view.board.id, items: view.items.map(({ id }) => id) },
    };
  },
});
