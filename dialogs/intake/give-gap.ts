import { z } from 'zod/v4';
import { readinessCard } from '../../cards/intake/readiness.ts';
import { freeText, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { readinessView } from './readiness.ts';

export const giveGap = capability({
  id: 'intake.give-gap',
  summary: 'Give a gap of a department to somebody who closes it',
  phrases: [
    'give gap {statement} of {department} to {person}',
    'give the gap {statement} of {department} to {person}',
    'assign gap {statement} of {department} to {person}',
  ],
  examples: ['give gap records of Retail to Ben'],
  input: z.object({ statement: freeText(120), department: freeText(80), person: personRef }),
  roles: ['requester', 'engineering', 'domain', 'risk', 'admin'],
  effect: 'write',
  run: async (turn, { statement: words, department: said, person }) => {
    const { rooms, tx, actor, now } = turn;
    const { department, statement } = await rooms.intake.giveGap(tx, {
      statement: words,
      department: said,
      person,
      by: actor.id,
    });
    const view = await readinessView({ ...rooms, db: tx }, department);
    return {
      text: `${rooms.people.nameOf(person)} owns the gap “${statement.label}” of ${department}.`,
      card: readinessCard({ now, ...view, only: department }),
      data: { department, statement: statement.id, person },
    };
  },
});
