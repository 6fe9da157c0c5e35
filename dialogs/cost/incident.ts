import { z } from 'zod/v4';
import { anomalyCard } from '../../cards/cost/anomaly.ts';
import { anomalyId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';

export const incident = capability({
  id: 'cost.incident',
  summary: 'Make an incident of a cost anomaly: its owners are called',
  phrases: ['make {anomaly} an incident', 'raise anomaly {anomaly}'],
  examples: ['make ANO-101 an incident'],
  input: z.object({ anomaly: anomalyId }),
  roles: ['responder', 'requester', 'admin'],
  effect: 'write',
  run: async (turn, { anomaly: id }) => {
    await turn.rooms.cost.anomalies.toIncident(turn.tx, id, turn.actor);
    const inside = { ...turn.rooms, db: turn.tx };
    const view = await anomalyView(inside, await neededAnomaly(inside, id), turn.now, false);
    return { text: `${turn.actor.name}: ${id} is made an incident.`, card: anomalyCard(view), objects: [id] };
  },
});
