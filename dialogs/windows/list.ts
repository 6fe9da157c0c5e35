import { z } from 'zod/v4';
import { calendarCard, calendarWords } from '../../cards/windows/calendar.ts';
import { moment } from '../../services/windows/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { calendarView } from './view.ts';

export const list = capability({
  id: 'windows.list',
  summary: 'Show when changes may run in the next fortnight, and every window and freeze',
  phrases: [
    'windows',
    'freezes',
    'calendar',
    'windows calendar',
    'windows of {endpoint}',
    'windows for {endpoint}',
    'freezes of {endpoint}',
    'freezes for {endpoint}',
    'windows this week',
    'windows next week',
    'calendar',
    'change calendar',
    'freeze calendar',
    'deployment windows',
    'deployment calendar',
    'next window',
    'when is the next window',
    'when can i deploy',
    'when can we deploy',
    'can i deploy',
    'can we deploy',
    'what is frozen',
    'is anything frozen',
    'is there a freeze',
    'are we frozen',
    'when does the freeze end',
    'when is the next freeze',
  ],
  examples: ['windows', 'windows for ep-fraud'],
  input: z.object({ endpoint: freeText(120).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
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
