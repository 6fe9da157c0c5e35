import { z } from 'zod/v4';
import { changesCard } from '../../cards/windows/changes.ts';
import { moment } from '../../services/windows/index.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { lineOf } from './change-lines.ts';

export const changes = capability({
  id: 'windows.changes',
  summary: 'List planned changes: running, waiting, approved, and those that wait for votes',
  phrases: ['changes', 'planned changes', 'all changes', 'my changes'],
  examples: ['changes', 'my changes'],
  input: z.object({ which: oneOf(['all', 'my']).default('all') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { which }) => {
    const open = await rooms.windows.changes.open(rooms.db);
    const mine = open.filter(
      ({ requester, assignee }) => which === 'all' || requester === actor.id || assignee === actor.id,
    );
    const lines = await Promise.all(mine.map((row) => lineOf(rooms, row)));
    const running = mine.filter(({ state }) => state === 'running').length;
    const words = mine.length === 0 ? 'none is planned' : `${mine.length} planned, ${running} running`;
    return {
      text: [
        `Changes: ${words}.`,
        ...lines.map(({ id, state, title, from }) => `${id}  ${state}  ${title}  ${moment(from, actor.zone)}`),
      ].join('\n'),
      card: changesCard({ now, title: 'Changes', words, changes: lines }),
      data: lines.map((line) => ({ ...line, from: line.from.toString() })),
    };
  },
});
