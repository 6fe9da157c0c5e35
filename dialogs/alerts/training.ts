import { z } from 'zod/v4';
import { trainingCard, trainingSummary } from '../../cards/alerts/training.ts';
import { trainingCardOf } from '../../services/training/index.ts';
import { trainingId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededTraining, trainingView } from './training-view.ts';

export const training = capability({
  id: 'alerts.training',
  summary: 'Show how a training run goes',
  phrases: ['training {training}', 'show training {training}'],
  examples: ['training TRN-101'],
  input: z.object({ training: trainingId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { training: id }) => {
    const row = await neededTraining(rooms, id);
    const view = trainingView(rooms, row, now);
    return {
      text: trainingSummary(view),
      card: trainingCard(view),
      data: row,
      live: { card: trainingCardOf(id), kind: 'alerts.training', ids: { training: id } },
    };
  },
});
