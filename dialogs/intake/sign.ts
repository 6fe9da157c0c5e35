import { z } from 'zod/v4';
import { STAKEHOLDERS, type Stakeholder } from '../../services/intake/index.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const sign = capability({
  id: 'intake.sign',
  summary: 'Sign a use case off for your part: business, data science, risk or IT',
  phrases: [
    'sign off {useCase} [for {stakeholder}]',
    'sign {useCase} [for {stakeholder}]',
    'approve use case {useCase} [for {stakeholder}]',
  ],
  examples: ['sign off UC-104', 'sign off UC-104 for risk'],
  input: z.object({
    useCase: useCaseId,
    stakeholder: oneOf(STAKEHOLDERS as unknown as [string, ...string[]]).optional(),
  }),
  // Who may sign for what follows from the use case and the roles; the answer says why not.
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, stakeholder }) => {
    const { state, for: parts } = await turn.rooms.intake.signoffs.sign(
      turn.tx,
      useCase,
      turn.actor,
      stakeholder as Stakeholder | undefined,
    );
    const left = state.holding.map((one) => one.stakeholder).join(', ');
    return shownUseCase(
      turn,
      useCase,
      `${turn.actor.name} signed ${useCase} off for ${parts.join(' and ')}. ${state.complete ? 'Everybody has signed.' : `Still missing: ${left}.`}`,
    );
  },
});
