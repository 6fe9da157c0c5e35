import { z } from 'zod/v4';
import { rejectedCard } from '../../cards/alerts/rejected.ts';
import { capability } from '../capability.ts';

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
    const lines = rejections.map(({ day, hook, reason, count }) => `${day}  ${hook}  ${reason}  ${count}`);
    return {
      text: lines.join('\n') || 'No webhook call was refused.',
      card: rejectedCard({ now, rejections }),
      data: rejections,
    };
  },
});
