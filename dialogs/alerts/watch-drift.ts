import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { answerCard } from '../../cards/governance/answer.ts';
import { duration, endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';

export const watchDrift = capability({
  id: 'alerts.watch-drift',
  summary: 'Compare the collected data of an endpoint by itself, again and again, and alarm',
  phrases: ['watch drift of {endpoint} every {every} [against {baseline}]', 'watch drift of {endpoint}'],
  examples: ['watch drift of ep-fraud every 24 hours against training'],
  input: z.object({
    endpoint: endpointRef,
    every: duration.default('PT24H'),
    baseline: freeText(120).default('training'),
  }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async ({ rooms, tx, actor }, { endpoint, every, baseline }) => {
    const everyMinutes = Math.round(Temporal.Duration.from(every).total({ unit: 'minutes' }));
    const { next } = await rooms.models.watches.set(tx, { endpoint, everyMinutes, baseline, by: actor.id });
    const text = `The collected data of ${endpoint} is compared with ${baseline} every ${everyMinutes / 60} h, next ${said(next, actor.zone)}. It alarms when a feature is over its limit in 2 of 3 windows.`;
    return { text, card: answerCard({ text }), data: { endpoint, everyMinutes, baseline, next: next.toString() } };
  },
});
