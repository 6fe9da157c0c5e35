import { z } from 'zod/v4';
import { thresholdsCard } from '../../cards/alerts/thresholds.ts';
import { noted } from '../../cards/parts/card.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { limitWords } from './monitor-change.ts';
import { thresholdsView } from './thresholds-view.ts';

export const undoThreshold = capability({
  id: 'alerts.undo-threshold',
  summary: 'Take back the last change of a drift limit',
  phrases: ['undo threshold of {feature} on {endpoint}'],
  examples: ['undo threshold of amount on ep-fraud'],
  input: z.object({ endpoint: endpointRef, feature: freeText(120) }),
  roles: ['responder', 'engineering', 'risk'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { endpoint, feature }) => {
    const { was, now: value } = await rooms.models.limits.undo(tx, endpoint, feature, actor.id);
    const text = `The limit of ${feature} on ${endpoint} is ${limitWords(value)} again; it was ${limitWords(was)}.`;
    return {
      text,
      card: noted(thresholdsCard(await thresholdsView({ ...rooms, db: tx }, endpoint, now)), text),
      data: { endpoint, feature, limit: value },
      objects: [endpoint],
    };
  },
});
