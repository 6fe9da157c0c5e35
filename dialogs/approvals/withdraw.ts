import { z } from 'zod/v4';
import { requestCard } from '../../cards/approvals/request.ts';
import { freeText, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, requestView } from './view.ts';

export const withdraw = capability({
  id: 'approvals.withdraw',
  summary: 'Take back a request that you opened',
  phrases: ['withdraw {request} [because {reason}]'],
  examples: ['withdraw REQ-142', 'withdraw REQ-142 because v8 replaces it'],
  input: z.object({ request: requestId, reason: freeText().optional() }),
  roles: ['responder', 'requester'],
  effect: 'write',
  run: async (turn, { request, reason }) => {
    await turn.rooms.approvals.withdraw(turn.tx, request, turn.actor.id);
    const inside = { ...turn.rooms, db: turn.tx };
    const view = await requestView(inside, await neededRequest(inside, request), turn.now);
    return {
      text: `${request} is withdrawn.`,
      card: requestCard(view),
      data: { request, state: 'withdrawn' },
      ...(reason ? { why: reason } : {}),
    };
  },
});
