import { z } from 'zod/v4';
import { STAKEHOLDERS, type Stakeholder } from '../../services/intake/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const reply = capability({
  id: 'intake.reply',
  summary: 'Answer an objection to a use case; whoever objected then signs, or objects again',
  phrases: ['answer objection of {stakeholder} to {useCase} with {text}'],
  examples: ['answer objection of risk to UC-104 with the works council agreed on Monday'],
  input: z.object({
    useCase: useCaseId,
    stakeholder: oneOf(STAKEHOLDERS as unknown as [string, ...string[]]),
    text: freeText(1000),
  }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, stakeholder, text }) => {
    const objector = await turn.rooms.intake.signoffs.reply(
      turn.tx,
      useCase,
      stakeholder as Stakeholder,
      turn.actor,
      text,
    );
    return shownUseCase(
      turn,
      useCase,
      `The objection of ${stakeholder} is answered; ${turn.rooms.people.nameOf(objector)} is told and decides.`,
      { why: text },
    );
  },
});
