import { z } from 'zod/v4';
import { STAKEHOLDERS, type Stakeholder } from '../../services/intake/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const object = capability({
  id: 'intake.object',
  summary: 'Object to a use case; it is blocked until the objection is answered',
  phrases: [
    'object to {useCase} [because {reason}]',
    'object to {useCase} for {stakeholder} because {reason}',
    'reject use case {useCase} [because {reason}]',
  ],
  examples: ['object to UC-104 because nobody asked the works council'],
  input: z.object({
    useCase: useCaseId,
    reason: freeText(500),
    stakeholder: oneOf(STAKEHOLDERS as unknown as [string, ...string[]]).optional(),
  }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, reason, stakeholder }) => {
    const { for: parts } = await turn.rooms.intake.signoffs.object(
      turn.tx,
      useCase,
      turn.actor,
      reason,
      stakeholder as Stakeholder | undefined,
    );
    return shownUseCase(
      turn,
      useCase,
      `${turn.actor.name} objects to ${useCase} for ${parts.join(' and ')}: ${reason}`,
      { why: reason },
    );
  },
});
