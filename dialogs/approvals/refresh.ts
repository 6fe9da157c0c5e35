import { z } from 'zod/v4';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const refresh = capability({
  id: 'approvals.refresh',
  summary: 'Look at the evidence of a request again',
  phrases: ['refresh evidence of {request}', 'refresh {request}'],
  examples: ['refresh evidence of REQ-107'],
  input: z.object({ request: requestId }),
  roles: ['requester', 'engineering', 'approver', 'risk', 'domain', 'privacy'],
  effect: 'write',
  run: async (turn, { request }) => {
    const { rooms, tx, actor } = turn;
    await rooms.approvals.refresh(tx, request, actor.id);
    const inside = { ...rooms, db: tx };
    const { shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return {
      text: `I look at the evidence of ${request} again; its card shows what I find.`,
      ...shown,
      data: { request },
    };
  },
});
