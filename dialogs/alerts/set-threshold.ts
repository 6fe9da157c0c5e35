import { z } from 'zod/v4';
import { thresholdsCard } from '../../cards/alerts/thresholds.ts';
import { noted } from '../../cards/parts/card.ts';
import { decimalNumber, endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { effectWords } from './change-monitor.ts';
import { limitWords } from './monitor-change.ts';
import { thresholdsView } from './thresholds-view.ts';

export const setThreshold = capability({
  id: 'alerts.set-threshold',
  summary: 'Change from where on drift of a feature is an alarm; shows first what that would have done',
  phrases: [
    'set threshold of {feature} on {endpoint} to {limit} [because {reason}]',
    'set default threshold on {endpoint} to {limit} {feature=default} [because {reason}]',
  ],
  examples: ['set threshold of amount on ep-fraud to 0.3 because payday moves it'],
  input: z.object({
    endpoint: endpointRef,
    feature: freeText(120),
    limit: decimalNumber(0.005, 10),
    reason: freeText(200).optional(),
  }),
  roles: ['responder', 'engineering', 'risk'],
  effect: 'dangerous',
  preview: async ({ rooms }, { endpoint, feature, limit }) => {
    const effect = await rooms.models.limits.preview(rooms.db, endpoint, feature, limit);
    const tried = effect.windows > 0 ? effectWords(effect) : 'There is no history to try it on yet.';
    return `The limit of ${feature} on ${endpoint} becomes ${limitWords(limit)} (now ${limitWords(effect.before)}). ${tried}`;
  },
  run: async ({ rooms, tx, actor, now, askedBy }, { endpoint, feature, limit, reason }) => {
    const effect = await rooms.models.limits.preview(tx, endpoint, feature, limit);
    const by = (askedBy ?? actor).id;
    const number = await rooms.models.limits.set(tx, { endpoint, feature, value: limit, by, why: reason });
    const text = `The limit of ${feature} on ${endpoint} is ${limitWords(limit)} now; it was ${limitWords(effect.before)}. Say “undo threshold of ${feature} on ${endpoint}” to take it back.`;
    return {
      text,
      card: noted(thresholdsCard(await thresholdsView({ ...rooms, db: tx }, endpoint, now)), text),
      data: { ...effect, number },
      objects: [endpoint],
      why: reason ?? 'no reason given',
    };
  },
});
