import { z } from 'zod/v4';
import { requestSummary } from '../../cards/approvals/request.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const show = capability({
  id: 'approvals.show',
  summary: 'Show a request for approval, its votes and what is missing',
  phrases: ['request {request}', 'show request {request}', 'show {request}'],
  examples: ['request REQ-142'],
  input: z.object({ request: requestId }),
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, { request }) => {
    const row = await neededRequest(turn.rooms, request);
    const { view, shown } = await requestAnswer(turn, turn.rooms, row);
    return {
      text: requestSummary(view),
      ...shown,
      data: {
        id: row.id,
        state: row.state,
        title: row.title,
        plan: row.plan,
        digest: row.digest,
        votes: view.votes,
        missing: view.missing,
      },
    };
  },
});
