import { z } from 'zod/v4';
import { deviationCard, deviationSummary } from '../../cards/approvals/deviation.ts';
import { deviationId, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { deviationView } from './deviation-view.ts';

export const accept = capability({
  id: 'approvals.accept',
  summary: 'Accept what an endpoint serves although it was changed past Wardroom',
  phrases: ['accept {deviation} because {reason}'],
  examples: ['accept DEV-102 because the platform team moved it during the outage'],
  input: z.object({ deviation: deviationId, reason: freeText() }),
  roles: ['approver', 'admin'],
  effect: 'write',
  run: async (turn, { deviation: id, reason }) => {
    const row = await turn.rooms.serving.accept(turn.tx, id, turn.actor.id, reason);
    const view = await deviationView({ ...turn.rooms, db: turn.tx }, row, turn.now);
    return {
      text: deviationSummary(view),
      card: deviationCard(view),
      data: { id, state: row.state, endpoint: row.endpoint },
      objects: [id, row.endpoint],
      why: reason,
    };
  },
});
