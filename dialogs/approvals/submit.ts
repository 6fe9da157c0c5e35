import { z } from 'zod/v4';
import { promotionOf } from '../../services/approvals/index.ts';
import { freeText, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { budgetFor, requireAgreement } from './budget.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const submit = capability({
  id: 'approvals.submit',
  summary: 'Turn the draft of a new model version into your request for approval',
  phrases: ['submit {request} [because {reason}]'],
  examples: ['submit REQ-107 because it finds more fraud'],
  input: z.object({ request: requestId, reason: freeText().optional() }),
  roles: ['requester', 'engineering'],
  effect: 'write',
  prepare: async (turn, { request }) => {
    const row = await neededRequest(turn.rooms, request);
    return row.kind === 'promote' ? budgetFor(turn, promotionOf(row)) : { words: undefined };
  },
  run: async (turn, { request, reason }, budget) => {
    const { rooms, tx, actor } = turn;
    await rooms.approvals.submit(tx, request, actor.id, reason);
    await requireAgreement(turn, request, budget);
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return {
      text: `You ask for ${request} now. I am gathering the evidence; the vote opens when it is complete.${budget.words ? ` ${budget.words}.` : ''}`,
      ...shown,
      data: { request, state: view.state },
      ...(reason ? { why: reason } : {}),
    };
  },
});
