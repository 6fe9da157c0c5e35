import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const withdraw = capability({
  id: 'intake.withdraw',
  summary: 'Withdraw a use case; it leaves the portfolio and stays in the record',
  phrases: ['withdraw', 'delete', 'cancel', 'drop'].flatMap((verb) => [
    `${verb} use case {useCase} [because {reason}]`,
    `${verb} {useCase} [because {reason}]`,
  ]),
  examples: ['withdraw UC-104 because UC-102 does it'],
  input: z.object({ useCase: useCaseId, reason: freeText(500) }),
  roles: ['requester', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, reason }) => {
    await turn.rooms.intake.withdraw(turn.tx, useCase);
    return shownUseCase(turn, useCase, `${useCase} is withdrawn.`, { why: reason });
  },
});
