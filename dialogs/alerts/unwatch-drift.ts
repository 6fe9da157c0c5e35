import { z } from 'zod/v4';
import { answerCard } from '../../cards/governance/answer.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';

export const unwatchDrift = capability({
  id: 'alerts.unwatch-drift',
  summary: 'Stop comparing the collected data of an endpoint by itself',
  phrases: ['stop watching drift of {endpoint}'],
  examples: ['stop watching drift of ep-fraud'],
  input: z.object({ endpoint: endpointRef }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async ({ rooms, tx }, { endpoint }) => {
    await rooms.models.watches.stop(tx, endpoint);
    const text = `The collected data of ${endpoint} is not compared by itself any more.`;
    return { text, card: answerCard({ text }), data: { endpoint } };
  },
});
