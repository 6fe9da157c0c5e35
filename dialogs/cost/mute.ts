import { z } from 'zod/v4';
import { anomalyCard } from '../../cards/cost/anomaly.ts';
import { anomalyId, freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';

export const mute = capability({
  id: 'cost.mute',
  summary: 'Do not hear of what a cost anomaly is about for some days, with a reason',
  phrases: ['mute anomaly {anomaly} for {days} days because {reason}', 'mute anomaly {anomaly} because {reason}'],
  examples: ['mute anomaly ANO-101 for 14 days because we load history'],
  input: z.object({ anomaly: anomalyId, days: wholeNumber(1, 90).default(14), reason: freeText(300) }),
  roles: ['responder', 'requester', 'admin'],
  effect: 'write',
  run: async (turn, { anomaly: id, days, reason }) => {
    const until = await turn.rooms.cost.anomalies.mute(turn.tx, id, turn.actor, days, reason);
    const inside = { ...turn.rooms, db: turn.tx };
    const view = await anomalyView(inside, await neededAnomaly(inside, id), turn.now, false);
    return {
      text: `${view.name} is muted until ${until.slice(0, 10)}: ${reason}.`,
      card: anomalyCard(view),
      objects: [id],
      why: reason,
    };
  },
});
