import { z } from 'zod/v4';
import { capability } from '../capability.ts';

export const redeliver = capability({
  id: 'governance.redeliver',
  summary: 'Try once more to deliver the messages that were given up',
  phrases: ['redeliver', 'redeliver dead letters', 'retry dead letters'],
  examples: ['redeliver dead letters'],
  input: z.object({}),
  roles: ['admin'],
  effect: 'write',
  run: async (turn) => {
    const count = await turn.rooms.redeliver(turn.tx);
    const text =
      count === 0
        ? 'No message was given up.'
        : `${count} ${count === 1 ? 'message is' : 'messages are'} tried once more. Say “dead letters” for what fails again.`;
    return { text, data: { count } };
  },
});
