import { z } from 'zod/v4';
import { answerCard, answerWords } from '../../cards/windows/answer.ts';
import { ahead, duration, endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { minutesOf } from './minutes.ts';
import { answerView, asSpan, neededEndpoint } from './view.ts';

export const next = capability({
  id: 'windows.next',
  summary: 'Say whether a change may run on an endpoint now, and when next',
  phrases: [
    'next window for {endpoint} [taking {taking}]',
    'next window {endpoint}',
    ...['may i', 'can i', 'can we', 'may we', 'should i'].flatMap((may) => [
      `${may} deploy {endpoint} [{when}]`,
      `${may} deploy to {endpoint} [{when}]`,
      `${may} change {endpoint} [{when}]`,
    ]),
    ...['can i', 'can we', 'may i', 'may we'].flatMap((may) => [
      `when ${may} deploy {endpoint}`,
      `when ${may} deploy to {endpoint}`,
    ]),
    'when is the next window for {endpoint}',
    'when does the freeze of {endpoint} end',
    'when does the freeze end for {endpoint}',
    'when is {endpoint} open',
    'why is {endpoint} frozen',
    'why is {endpoint} closed',
    'why can i not deploy {endpoint}',
    "why can't i deploy {endpoint}",
    'is {endpoint} frozen [{when}]',
    'is {endpoint} open [{when}]',
  ],
  examples: [
    'next window for ep-fraud',
    'next window for ep-fraud taking 90m',
    'may i deploy ep-fraud',
    'can i deploy ep-fraud tonight',
  ],
  input: z.object({ endpoint: endpointRef, taking: duration.optional(), when: ahead.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint, taking, when }) => {
    neededEndpoint(rooms, endpoint);
    const needMinutes = taking ? minutesOf(taking) : undefined;
    const asked = when ? asSpan(when) : undefined;
    const decision = await rooms.windows.ask(
      { endpoint, now: asked?.from ?? now, ...(needMinutes ? { needMinutes } : {}) },
      rooms.db,
    );
    const view = await answerView(rooms, now, endpoint, decision, { needMinutes, asked });
    const { allowed, code, why, by, zone } = decision;
    return {
      text: `${answerWords(view)}. ${why}`,
      card: answerCard(view),
      data: {
        endpoint,
        ...(asked ? { from: asked.from.toString(), to: asked.to.toString() } : {}),
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
