import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { scheduleRef } from './oncall-words.ts';
import { MAY_ROTATE } from './rotation-plan.ts';
import { changeAnswer, lookWords } from './rotation-view.ts';

export const deleteRotation = capability({
  id: 'alerts.delete-rotation',
  summary: 'Delete a rotation that lies over a schedule, or a schedule that was made in chat',
  phrases: [
    'delete rotation {name} of {schedule} [because {reason}]',
    'delete rotation of {schedule} [because {reason}]',
  ],
  examples: ['delete rotation nights of platform-primary because Ben is back'],
  input: z.object({ schedule: scheduleRef, name: freeText(60).optional(), reason: freeText(200).optional() }),
  roles: MAY_ROTATE,
  effect: 'dangerous',
  preview: async (turn, { schedule, name }) =>
    lookWords(turn, await turn.rooms.alerts.rotations.previewDelete(turn.rooms.db, schedule, name)),
  run: async (turn, { schedule, name, reason }) =>
    changeAnswer(
      turn,
      await turn.rooms.alerts.rotations.remove(turn.tx, schedule, name, { id: turn.actor.id, reason }),
    ),
});
