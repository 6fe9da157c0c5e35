import { z } from 'zod/v4';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { cardOf } from '../../services/approvals/index.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { ownViews } from './own.ts';
import { neededRequest, requestView } from './view.ts';

export const show = capability({
  id: 'approvals.show',
  summary: 'Show a request for approval, its votes and what is missing',
  phrases: ['request {request}', 'show request {request}', 'show {request}'],
  examples: ['request REQ-142'],
  input: z.object({ request: requestId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor, place }, { request }) => {
    const row = await neededRequest(rooms, request);
    // In a channel everybody reads the answer, so it must not be one person's view.
    const alone = place.kind === 'personal' || place.kind === 'console' || place.message !== undefined;
    const standing = await rooms.approvals.standing(rooms.db, row);
    const view = await requestView(rooms, row, now, alone ? actor.id : undefined, standing);
    const own = alone ? undefined : await ownViews(rooms, row, standing);
    return {
      text: requestSummary(view),
      card: requestCard(view),
      ...(own ? { own } : {}),
      data: {
        id: row.id,
        state: row.state,
        title: row.title,
        plan: row.plan,
        digest: row.digest,
        votes: view.votes,
        missing: view.missing,
      },
      live: {
        card: cardOf(row.id),
        kind: 'approvals.request',
        ids: { request: row.id, ...(place.kind === 'personal' ? { person: actor.id } : {}) },
      },
    };
  },
});
