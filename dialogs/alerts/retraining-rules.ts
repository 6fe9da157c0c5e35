import { type RetrainingView, retrainingCard, retrainingHeadline } from '../../cards/alerts/training.ts';
import { capability, nothing } from '../capability.ts';
import { retrainingView } from './retraining-view.ts';

export const retrainingRules = capability({
  id: 'alerts.retraining-rules',
  summary: 'List the rules by which models are trained again, with how they stand',
  phrases: ['retraining rules', 'retraining'],
  examples: ['retraining rules'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const view: RetrainingView = await retrainingView(rooms, now);
    const lines = view.rules.map(
      (each) => `${each.id}  ${each.model}  ${each.paused ? 'paused' : 'in force'}  ${each.when.join(' or ')}`,
    );
    return { text: [retrainingHeadline(view), ...lines].join('\n'), card: retrainingCard(view), data: view.rules };
  },
});
