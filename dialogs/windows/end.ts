import { z } from 'zod/v4';
import { entryCard } from '../../cards/windows/entry.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { entryView } from './view.ts';

export const end = capability({
  id: 'windows.end',
  summary: 'End a freeze or take a window away; what came with it in one import goes too',
  phrases: [
    'end freeze {entry} [because {reason}]',
    'end window {entry} [because {reason}]',
    'unfreeze {entry} [because {reason}]',
  ],
  examples: ['end freeze FRZ-101 because the migration is done'],
  input: z.object({ entry: freeText(63), reason: freeText(300).optional() }),
  roles: ['responder', 'approver', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { entry, reason }) => {
    const id = /^\w+-\d+$/.test(entry.trim()) ? entry.trim().toUpperCase() : entry.trim();
    const ended = await rooms.windows.end(tx, id, actor.id, reason);
    const view = await entryView({ ...rooms, db: tx }, now, id);
    const more = ended.length > 1 ? ` ${ended.length - 1} more came with it and ended too.` : '';
    return {
      text: `${id} has ended.${more} Waiting changes start in order.`,
      card: entryCard(view),
      data: { ended },
      objects: ended,
      ...(reason ? { why: reason } : {}),
    };
  },
});
