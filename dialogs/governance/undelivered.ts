import { z } from 'zod/v4';
import { undeliveredCard } from '../../cards/governance/undelivered.ts';
import { capability } from '../capability.ts';

const MOST = 50;

export const undelivered = capability({
  id: 'governance.undelivered',
  summary: 'List messages that could not be delivered, and why',
  phrases: ['dead letters', 'undelivered', 'undelivered messages'],
  examples: ['dead letters'],
  input: z.object({}),
  roles: ['admin'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const letters = await rooms.undelivered(rooms.db, MOST);
    const lines = letters.map(({ kind, conversation, why, since }) => `${since}  ${kind} to ${conversation}: ${why}`);
    return {
      text: lines.join('\n') || 'Every message was delivered.',
      card: undeliveredCard({ now, letters }),
      data: letters,
    };
  },
});
