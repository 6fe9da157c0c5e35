import { z } from 'zod/v4';
import { anomalyCard } from '../../cards/cost/anomaly.ts';
import { anomalyId, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';

export const acknowledge = capability({
  id: 'cost.acknowledge',
  summary: 'Acknowledge a cost anomaly: somebody knows why',
  phrases: ['acknowledge anomaly {anomaly} [because {reason}]', 'ack anomaly {anomaly} [because {reason}]'],
  examples: ['acknowledge anomaly ANO-101 because the sweep was planned'],
  input: z.object({ anomaly: anomalyId, reason: freeText(300).optional() }),
  roles: ['responder', 'requester', 'admin'],
  effect: 'write',
  run: async (turn, { anomaly: id, reason }) => {
    await turn.rooms.cost.anomalies.acknowledge(turn.tx, id, turn.actor, reason);
    const inside = { ...turn.rooms, db: turn.tx };
    const view = await anomalyView(inside, await neededAnomaly(inside, id), turn.now, false);
    return {
      text: `${turn.actor.name}: ${id} is acknowledged.`,
      card: anomalyCard(view),
      objects: [id],
      ...(reason ? { why: reason } : {}),
    };
  },
});
