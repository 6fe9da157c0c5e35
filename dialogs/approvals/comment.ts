import { z } from 'zod/v4';
import { freeText, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest } from './view.ts';

export const comment = capability({
  id: 'approvals.comment',
  summary: 'Say something about a request, on record and in the thread under its card',
  phrases: ['comment on {request} {text}'],
  examples: ['comment on REQ-107 who has looked at the false alarms of small merchants?'],
  input: z.object({ request: requestId, text: freeText() }),
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor }, { request, text }) => {
    await neededRequest({ ...rooms, db: tx }, request);
    await rooms.approvals.comment(tx, request, { by: actor.id, text });
    return { text: `Said in the thread of ${request}.`, data: { request }, why: text };
  },
});
