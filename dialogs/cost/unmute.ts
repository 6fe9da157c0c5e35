import { z } from 'zod/v4';
import { anomalyCard } from '../../cards/cost/anomaly.ts';
import { anomalyId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';

export const unmute = capability({
  id: 'cost.unmute',
  summary: 'Hear of a cost anomaly again',
  phrases: ['unmute anomaly {anomaly}'],
  examples: ['unmute anomaly ANO-101'],
  input: z.object({ anomaly: anomalyId }),
  roles: ['responder', 'requester', 'admin'],
  effect: 'write',
  run: async (turn, { anomaly: id }) => {
    await turn.rooms.cost.anomalies.unmute(turn.tx, id, turn.actor);
    const inside = { ...turn.rooms, db: turn.tx };
    const view = await anomalyView(inside, await neededAnomaly(inside, id), turn.now, false);
    return { text: `${turn.actor.name}: ${id} is unmuted.`, card: anomalyCard(view), objects: [id] };
  },
});
