import { z } from 'zod/v4';
import { numbered } from '../arguments.ts';
import { capability } from '../capability.ts';
import { MAY_ROTATE } from './rotation-plan.ts';
import { changeAnswer } from './rotation-view.ts';

export const undoRotation = capability({
  id: 'alerts.undo-rotation',
  summary: 'Take the latest change of a rotation back: what was before it is in force again',
  phrases: ['undo rotation {rotation}'],
  examples: ['undo rotation ROT-101'],
  input: z.object({ rotation: numbered('rotation', 'a change of a rotation, such as ROT-101') }),
  roles: MAY_ROTATE,
  effect: 'write',
  run: async (turn, { rotation }) =>
    changeAnswer(turn, await turn.rooms.alerts.rotations.undo(turn.tx, rotation, turn.actor.id)),
});
