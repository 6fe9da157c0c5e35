import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { rejectedCard } from '../../cards/alerts/rejected.ts';
import { counted } from '../../cards/parts/text.ts';
import { capability } from '../capability.ts';
import { dayWords } from '../times.ts';
import { doorWords, refusalWords } from './rejected-words.ts';

const MOST = 100;

export const rejected = capability({
  id: 'alerts.rejected',
  summary: 'Count the webhook calls that were refused, by day, hook and reason',
  phrases: ['rejected calls', 'refused calls', 'list rejected calls'],
  examples: ['rejected calls'],
  input: z.object({}),
  roles: ['admin'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const rejections = await rooms.alerts.rejections(rooms.db, MOST);
    const told = rejections.map(({ day, hook, reason, count }) => ({
      day,
      count,
      door: doorWords(hook),
      reason: refusalWords(reason),
    }));
    const lines = told.map(
      ({ day, door, reason, count }) =>
        `${dayWords(Temporal.PlainDate.from(day))}: ${counted(count, 'call')} at ${door}; ${reason}`,
    );
    return {
      text: lines.join('\n') || 'No webhook call was refused.',
      card: rejectedCard({ now, rejections: told }),
      data: rejections,
    };
  },
});
