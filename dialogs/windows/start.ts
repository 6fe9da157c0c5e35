import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const start = capability({
  id: 'windows.start',
  summary: 'Start an approved change; while it is closed it waits and starts by itself',
  phrases: ['start {change}', 'go on with {change}'],
  examples: ['start RFC-104'],
  input: z.object({ change: plannedId }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  // How its endpoints stand is noted with the start itself: a moment later the change may have moved them.
  prepare: ({ rooms }, { change }) => rooms.windows.changes.stands(change),
  run: async (turn, { change: id }, stood) => {
    const { started, why } = await turn.rooms.windows.changes.start(turn.tx, id, turn.actor.id, stood);
    return changeAnswer(turn, id, {
      words: started ? `it has started. ${why}` : `it waits, and starts by itself when it is open. ${why}`,
    });
  },
});
