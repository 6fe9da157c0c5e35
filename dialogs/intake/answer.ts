import { z } from 'zod/v4';
import { SECTIONS } from '../../services/intake/index.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { useCaseId } from './arguments.ts';
import { SECTION_PLANS } from './fields.ts';
import { neededUseCase } from './view.ts';

export const answer = capability({
  id: 'intake.answer',
  summary: 'Answer a group of questions of a use case',
  phrases: [
    'answer {section} of {useCase}',
    'answer the {section} of {useCase}',
    'edit {section} of {useCase}',
    'edit the {section} of {useCase}',
    'change {section} of {useCase}',
    'change the {section} of {useCase}',
    // Title, owner and department are asked with the idea.
    'edit {useCase} {section=idea}',
    'change {useCase} {section=idea}',
    'rename {useCase} {section=idea}',
    'change owner of {useCase} {section=idea}',
    'change the owner of {useCase} {section=idea}',
  ],
  examples: ['answer data of UC-104', 'answer the risk of UC-104'],
  input: z.object({ useCase: useCaseId, section: oneOf(SECTIONS as unknown as [string, ...string[]]) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, section }) => {
    const { rooms, tx } = turn;
    const { answers } = await neededUseCase({ ...rooms, db: tx }, useCase);
    const plan = SECTION_PLANS[section as keyof typeof SECTION_PLANS];
    const fields = plan.steps.flatMap((one) => one.fields);
    const people = new Set(['owner', 'executive']);
    const values = Object.fromEntries(
      fields.flatMap((id) => {
        const known = answers[id];
        return known === undefined ? [] : [[id, people.has(id) ? rooms.people.nameOf(known) : known]];
      }),
    );
    return begin(turn, plan, { subject: `${useCase}/${section}`, values });
  },
});
