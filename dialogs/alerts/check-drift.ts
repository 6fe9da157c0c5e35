import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { duration, endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { checkAnswer } from './check-view.ts';
import { conversationOf } from './order-view.ts';

const LONGEST_HOURS = 24 * 31;

export const checkDrift = capability({
  id: 'alerts.check-drift',
  summary:
    'Compute drift from what the deployments collected: against training data, an earlier window or a data asset',
  phrases: [
    'check drift of {endpoint}',
    'check drift of {endpoint} against {baseline}',
    'check drift of {endpoint} over {window} [against {baseline}]',
  ],
  examples: ['check drift of ep-fraud', 'check drift of ep-fraud over 12 hours against earlier'],
  input: z.object({ endpoint: endpointRef, window: duration.optional(), baseline: freeText(120).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { endpoint, window, baseline }) => {
    const hours = window ? Temporal.Duration.from(window).total({ unit: 'hours' }) : 24;
    if (hours < 1 || hours > LONGEST_HOURS)
      throw new Refused('Collected data is read by the hour, for up to 31 days.', 'For example: over 24 hours.');
    const asked = { baseline: (baseline ?? 'training').replace(/^azureml:|:\d+$/g, ''), hours: Math.round(hours) };
    const by = { id: turn.actor.id, conversation: conversationOf(turn) };
    return checkAnswer(turn, await turn.rooms.models.checks.open(turn.tx, { kind: 'drift', asked }, endpoint, by));
  },
});
