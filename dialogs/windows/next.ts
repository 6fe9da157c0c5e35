import { z } from 'zod/v4';
import { answerCard, answerWords } from '../../cards/windows/answer.ts';
import { duration, endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { minutesOf } from './minutes.ts';
import { answerView, neededEndpoint } from './view.ts';

export const next = capability({
  id: 'windows.next',
  summary: 'Say whether a change may run on an endpoint now, and when next',
  phrases: [
    'next window for {endpoint} [taking {taking}]',
    'next window {endpoint}',
    'may i deploy {endpoint}',
    'can i deploy to {endpoint}',
    'is {endpoint} frozen',
  ],
  examples: ['next window for ep-fraud', 'next window for ep-fraud taking 90m', 'may i deploy ep-fraud'],
  input: z.object({ endpoint: endpointRef, taking: duration.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint, taking }) => {
    neededEndpoint(rooms, endpoint);
    const needMinutes = taking ? minutesOf(taking) : undefined;
    const decision = await rooms.windows.ask({ endpoint, now, ...(needMinutes ? { needMinutes } : {}) }, rooms.db);
    const view = await answerView(rooms, now, endpoint, decision, needMinutes);
    const { allowed, code, why, by, zone } = decision;
    return {
      text: `${answerWords(view)}. ${why}`,
      card: answerCard(view),
      data: {
        endpoint,
        allowed,
        code,
        why,
        by,
        zone,
        until: decision.until?.toString(),
        next: decision.next?.toString(),
      },
    };
  },
});
