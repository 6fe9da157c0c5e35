import { departmentFault } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { type Check, type Note, type Send, type StepInput, stepInput, step as takeDraftStep } from '../stepped.ts';
import { asText, FIRST_PLAN, firstInput } from './fields.ts';
import { shownUseCase } from './shown.ts';

export const step = capability({
  id: 'intake.step',
  summary: 'Go on with a use case that you began to bring in',
  phrases: ['continue use case {draft}'],
  examples: ['continue use case DRF-104'],
  input: stepInput(firstInput),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, input) => {
    const send: Send = async (inside, answers) => {
      const id = await inside.rooms.intake.create(inside.tx, asText(answers), inside.actor.id);
      return {
        answer: await shownUseCase(inside, id, `“${String(answers['title'])}” is in the portfolio as ${id}.`),
        result: id,
      };
    };
    return takeDraftStep(turn, FIRST_PLAN, input as StepInput, send, { note: alikeNote, check: departmentCheck });
  },
});

/** A form gives the choice; the terminal and an older card send words. */
const departmentCheck: Check = ({ rooms }, { department }): Record<string, string> => {
  const strange = departmentFault(rooms.organisation.departments, department);
  return strange ? { department: strange.replace(/\.$/, '') } : {};
};

/** What sounds like it is said before more is typed. */
const alikeNote: Note = async ({ rooms, tx }, values) => {
  const found = await rooms.intake.alike(tx, values['title'] ?? '');
  if (found.length === 0) return undefined;
  const names = found.slice(0, 3).map(({ id, title }) => `${id} “${title}”`);
  return `This sounds like ${names.join(', ')}. If it is the same, say “use case ${found[0]?.id}” instead of going on.`;
};
