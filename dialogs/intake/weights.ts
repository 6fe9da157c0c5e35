import { z } from 'zod/v4';
import { intakeNoteCard } from '../../cards/intake/question.ts';
import { AXES, type Weights } from '../../services/intake/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { percentage } from './arguments.ts';

export const weights = capability({
  id: 'intake.weights',
  summary: 'Change the weights by which every use case is scored',
  phrases: [
    'set weights value {value} feasibility {feasibility} data {data} strategic {strategic} because {reason}',
    'set weights',
    'change weights',
    'change the weights',
  ],
  examples: ['set weights value 40 feasibility 25 data 25 strategic 10 because growth comes first this year'],
  input: z.object({
    value: percentage,
    feasibility: percentage,
    data: percentage,
    strategic: percentage,
    reason: freeText(500),
  }),
  roles: ['admin', 'domain'],
  effect: 'write',
  run: async (turn, { reason, ...given }) => {
    const wanted = Object.fromEntries(AXES.map((axis) => [axis, given[axis] / 100])) as unknown as Weights;
    const before = await turn.rooms.intake.setWeights(turn.tx, wanted, turn.actor.id);
    const words = (each: Weights) => AXES.map((axis) => `${axis} ${Math.round(each[axis] * 100)}`).join(' ');
    const text = `The weights are ${words(wanted)} from now on; they were ${words(before)}. To undo: set weights ${words(before)} because …`;
    return {
      text,
      card: intakeNoteCard({ text, icon: 'Scales' }),
      data: { before, now: wanted },
      why: reason,
    };
  },
});
