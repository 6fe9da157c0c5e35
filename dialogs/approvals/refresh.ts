import { z } from 'zod/v4';
import { requestCard } from '../../cards/approvals/request.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, requestView } from './view.ts';

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
    const view = await requestView(inside, await neededRequest(inside, request), turn.now, actor.id);
    return {
      text: `I look at the evidence of ${request} again; its card shows what I find.`,
      card: requestCard(view),
      data: { request },
    };
  },
});
