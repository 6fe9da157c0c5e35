import { z } from 'zod/v4';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { freeText, oneOf, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, requestView } from './view.ts';

export const review = capability({
  id: 'approvals.review',
  summary: 'Close the review of an emergency: whether it was right to act without votes',
  phrases: ['review {request} {finding} because {why}'],
  examples: [
    'review REQ-142 justified because declines were back to normal within two minutes',
    'review REQ-142 unjustified because the second approver was in the room',
  ],
  input: z.object({ request: requestId, finding: oneOf(['justified', 'unjustified']), why: freeText() }),
  // Everybody may try: who may review this one follows from the policy it passed over, and the answer says why not.
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { request, finding, why }) => {
    await rooms.approvals.review(tx, request, { by: actor.id, finding, why });
    const inside = { ...rooms, db: tx };
    const row = await neededRequest(inside, request);
    const view = await requestView(inside, row, now);
    return {
      text: `${actor.name} reviewed ${request}: ${finding}. ${why}`,
      card: requestCard(view),
      data: { request, finding, summary: requestSummary(view) },
      objects: [request, ...(row.incident ? [row.incident] : [])],
      why,
    };
  },
});
