import { z } from 'zod/v4';
import { counted } from '../../cards/parts/text.ts';
import { changesCard } from '../../cards/windows/changes.ts';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { lineOf } from './change-lines.ts';

const MOST = 50;

export const minutesOfBoard = capability({
  id: 'windows.minutes-of-board',
  summary: 'The minutes of the change board: what it decided, who voted how, and why',
  phrases: ['change minutes [of {days} days]', 'minutes of the change board', 'cab minutes'],
  examples: ['change minutes', 'change minutes of 30 days'],
  input: z.object({ days: wholeNumber(1, 366).default(7) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { days }) => {
    const since = now.subtract({ hours: 24 * days }).toString();
    const decided = await rooms.windows.changes.decided(rooms.db, since, MOST);
    const lines = await Promise.all(decided.map((row) => lineOf(rooms, row, true)));
    const words =
      decided.length === 0
        ? `nothing was decided in ${counted(days, 'day')}`
        : `${decided.length} decided in ${counted(days, 'day')}`;
    return {
      text: [
        `Minutes: ${words}.`,
        ...lines.map(({ id, state, title, votes }) => `${id}  ${state}  ${title}  ${votes ?? ''}`),
      ].join('\n'),
      card: changesCard({ now, title: 'Minutes', words, changes: lines }),
      data: lines.map((line) => ({ ...line, from: line.from.toString() })),
    };
  },
});
