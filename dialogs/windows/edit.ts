import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { plannedId } from './change-answer.ts';
import { neededChange } from './change-view.ts';
import { requestPlan, valuesOf } from './request-form.ts';

export const edit = capability({
  id: 'windows.edit',
  summary: 'Edit a requested change in its form; what was voted is voted on again',
  phrases: ['edit {change}'],
  examples: ['edit RFC-104'],
  input: z.object({ change: plannedId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id }) => {
    const row = await neededChange({ ...turn.rooms, db: turn.tx }, id);
    await turn.rooms.windows.changes.needed(turn.tx, id, 'edit');
    return begin(turn, requestPlan, { subject: `${id}@${row.revision}`, values: valuesOf(row, turn.actor.zone) });
  },
});
