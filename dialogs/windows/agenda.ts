import { changesCard } from '../../cards/windows/changes.ts';
import { capability, nothing } from '../capability.ts';
import { lineOf } from './change-lines.ts';

export const agenda = capability({
  id: 'windows.agenda',
  summary: 'The agenda of the change board: what it has to decide, with votes so far and conflicts',
  phrases: ['change agenda', 'agenda of the change board', 'cab agenda', 'change board'],
  examples: ['change agenda'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const open = (await rooms.windows.changes.open(rooms.db)).filter(({ state }) => state === 'voting');
    const lines = await Promise.all(open.map((row) => lineOf(rooms, row, true)));
    const words = open.length === 0 ? 'nothing waits for the board' : `${open.length} to decide`;
    return {
      text: [`Agenda: ${words}.`, ...lines.map(({ id, title, votes }) => `${id}  ${title}  ${votes ?? ''}`)].join('\n'),
      card: changesCard({ now, title: 'Agenda', words, changes: lines }),
      data: lines.map((line) => ({ ...line, from: line.from.toString() })),
    };
  },
});
