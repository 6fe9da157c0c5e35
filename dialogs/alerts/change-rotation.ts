import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { scheduleRef } from './oncall-words.ts';
import { answersOf, MAY_ROTATE, rotationPlan } from './rotation-plan.ts';

export const changeRotation = capability({
  id: 'alerts.change-rotation',
  summary: 'Change a rotation of a schedule: people, turns, hours, zone',
  phrases: ['change rotation of {schedule}', 'change rotation {name} of {schedule}'],
  examples: ['change rotation of platform-primary'],
  input: z.object({ schedule: scheduleRef, name: freeText(60).optional() }),
  roles: MAY_ROTATE,
  effect: 'write',
  run: async (turn, { schedule, name }) => {
    const known = await turn.rooms.alerts.rotations.current(turn.tx, schedule, name);
    return begin(turn, rotationPlan, { values: answersOf(turn, known), subject: known.schedule.id });
  },
});
