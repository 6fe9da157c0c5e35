import { z } from 'zod/v4';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { freeText, oneOf, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, requestView } from './view.ts';

const DONE = { approve: 'approved', reject: 'rejected', abstain: 'abstained on' } as const;

export const vote = capability({
  id: 'approvals.vote',
  summary: 'Vote on a request for approval',
  phrases: [
    'vote {choice} on {request} [because {reason}]',
    'approve {request} [because {reason}]',
    'reject {request} because {reason}',
    'abstain on {request}',
  ],
  examples: ['approve REQ-142', 'reject REQ-142 because the bias report is missing'],
  input: z.object({
    request: requestId,
    choice: oneOf(['approve', 'reject', 'abstain']),
    reason: freeText().optional(),
  }),
  // Everybody may try: who may vote on this request is its policy's business, and the answer says why not.
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { request, choice, reason }) => {
    const { rooms } = turn;
    const decision = await rooms.approvals.vote(turn.tx, request, {
      voter: turn.actor.id,
      choice,
      reason,
      turn: turn.key,
    });
    const inside = { ...rooms, db: turn.tx };
    const row = await neededRequest(inside, request);
    const view = await requestView(inside, row, turn.now, turn.actor.id);
    const next = decision.state === 'open' ? `Still needed: ${decision.missing.join('; ')}.` : decision.reason;
    return {
      text: `${turn.actor.name} ${DONE[choice]} ${request}. ${next}`,
      card: requestCard(view),
      data: { request, choice, state: row.state, missing: decision.missing, summary: requestSummary(view) },
      objects: [request, ...(row.incident ? [row.incident] : [])],
      ...(reason ? { why: reason } : {}),
    };
  },
});
