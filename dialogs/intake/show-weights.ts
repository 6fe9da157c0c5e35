import { intakeNoteCard } from '../../cards/intake/question.ts';
import { AXES } from '../../services/intake/index.ts';
import { capability, nothing } from '../capability.ts';

export const showWeights = capability({
  id: 'intake.show-weights',
  summary: 'Show the weights by which use cases are scored, and who set them',
  phrases: ['weights', 'show weights', 'what are the weights', 'which weights count'],
  examples: ['weights'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms }) => {
    const { weights, set } = await rooms.intake.weightsSet(rooms.db);
    const words = AXES.map((axis) => `${axis} ${Math.round(weights[axis] * 100)} %`).join(', ');
    const by = set
      ? `${rooms.people.nameOf(set.person)} set them on ${set.at.slice(0, 10)}.`
      : 'They are Wardroom’s own; nobody has changed them.';
    const text = `The weights are ${words}. ${by}`;
    return { text, card: intakeNoteCard({ text, icon: 'Scales' }), data: { weights, ...(set ? { set } : {}) } };
  },
});
