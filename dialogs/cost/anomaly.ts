import { z } from 'zod/v4';
import { anomalyCard, anomalySummary } from '../../cards/cost/anomaly.ts';
import { anomalyId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';

export const anomaly = capability({
  id: 'cost.anomaly',
  summary: 'One cost that is out of the ordinary: how much, what drove it, who did what',
  phrases: ['anomaly {anomaly}', 'cost anomaly {anomaly}', 'show anomaly {anomaly}', 'show {anomaly}'],
  examples: ['anomaly ANO-101'],
  input: z.object({ anomaly: anomalyId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { anomaly: id }) => {
    const view = await anomalyView(rooms, await neededAnomaly(rooms, id, actor), now);
    return {
      text: `${id}: ${anomalySummary(view)} (${view.state}).`,
      card: anomalyCard(view),
      data: { ...view, source: undefined },
      objects: [id],
    };
  },
});
