import { z } from 'zod/v4';
import { calendarCard, calendarWords } from '../../cards/windows/calendar.ts';
import { moment } from '../../services/windows/index.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { calendarView, neededEndpoint } from './view.ts';

export const list = capability({
  id: 'windows.list',
  summary: 'Show when changes may run in the next fortnight, and every window and freeze',
  phrases: ['windows', 'freezes', 'windows of {endpoint}', 'windows for {endpoint}', 'change calendar'],
  examples: ['windows', 'windows for ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    if (endpoint) neededEndpoint(rooms, endpoint);
    const view = await calendarView(rooms, now, endpoint);
    const lines = view.entries.map(({ id, kind, name, active, from, until, invalid, zone }) =>
      [
        `${id}  ${kind}  ${name}`,
        ...(active ? ['now'] : []),
        invalid ?? (from ? `${moment(from, zone)} to ${until ? moment(until, zone) : 'no end'}` : 'over'),
      ].join('  '),
    );
    return {
      text: [`${calendarWords(view)}.`, ...lines].join('\n'),
      card: calendarCard(view),
      data: {
        days: view.days,
        frozenNow: view.frozenNow,
        entries: view.entries.map((entry) => ({
          ...entry,
          from: entry.from?.toString(),
          until: entry.until?.toString(),
        })),
      },
    };
  },
});
