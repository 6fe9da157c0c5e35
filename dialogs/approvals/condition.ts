import { z } from 'zod/v4';
import { freeText, requestId, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const condition = capability({
  id: 'approvals.condition',
  summary: 'Say that a condition of an approval is met, and what shows it',
  phrases: [
    'condition {number} of {request} is met because {proof}',
    'condition {number} of {request} met because {proof}',
  ],
  examples: ['condition 1 of REQ-107 is met because the report covers age now: https://reports.northwind.example/17'],
  input: z.object({ request: requestId, number: wholeNumber(1, 999), proof: freeText() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { request, number, proof }) => {
    const { rooms, tx, actor } = turn;
    const { left } = await rooms.approvals.meetCondition(tx, request, number, { by: actor.id, proof });
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    const rest = left === 0 ? 'No condition is open any more.' : `${left} still open.`;
    return {
      text: `Condition ${number} of ${request} is met. ${rest}`,
      ...shown,
      data: { request, number, left, state: view.state },
      why: proof,
    };
  },
});
