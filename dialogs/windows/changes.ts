import { z } from 'zod/v4';
import { changesCard } from '../../cards/windows/changes.ts';
import { moment } from '../../services/windows/index.ts';
import { endpointRef, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { lineOf } from './change-lines.ts';
import { neededEndpoint } from './view.ts';

/** More than anybody reads in one card. */
const MOST = 60;

export const changes = capability({
  id: 'windows.changes',
  summary: 'List planned changes: running, waiting, approved, and those that wait for votes',
  phrases: [
    'changes',
    'planned changes',
    'open changes',
    'upcoming changes',
    'changes this week',
    'what changes are planned',
    'all changes',
    'my changes',
    'changes for {endpoint}',
    'changes of {endpoint}',
  ],
  examples: ['changes', 'my changes'],
  input: z.object({ which: oneOf(['all', 'my']).default('all'), endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { which, endpoint }) => {
    if (endpoint) neededEndpoint(rooms, endpoint);
    const open = await rooms.windows.changes.open(rooms.db);
    const mine = open.filter(
      ({ requester, assignee, targets }) =>
        (which === 'all' || requester === actor.id || assignee === actor.id) &&
        (endpoint === undefined || targets.some((target) => target.split('/')[0] === endpoint)),
    );
    const lines = await Promise.all(mine.slice(0, MOST).map((row) => lineOf(rooms, row)));
    const running = mine.filter(({ state }) => state === 'running').length;
    const words = mine.length === 0 ? 'none is planned' : `${mine.length} planned, ${running} running`;
    return {
      text: [
        `Changes: ${words}.`,
        ...lines.map(({ id, state, title, from }) => `${id}  ${state}  ${title}  ${moment(from, actor.zone)}`),
        ...(mine.length > MOST ? [`and ${mine.length - MOST} more: say “changes for” and an endpoint`] : []),
      ].join('\n'),
      card: changesCard({ now, title: 'Changes', words, changes: lines }),
      data: lines.map((line) => ({ ...line, from: line.from.toString() })),
    };
  },
});
