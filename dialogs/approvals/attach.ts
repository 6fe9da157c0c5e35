import { z } from 'zod/v4';
import { ATTACHABLE, MOST_EVIDENCE_BYTES } from '../../services/approvals/index.ts';
import { freeText, oneOf, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

const MOST_PASTED = 20_000;

export const attach = capability({
  id: 'approvals.attach',
  summary: 'Attach a finding to a request: its JSON, or a signed address in Azure Blob storage',
  phrases: ['attach {kind} to {request} {file}'],
  examples: ['attach robustness to REQ-107 {"checks":[{"name":"noise","value":0.01,"limit":0.02}]}'],
  input: z.object({ request: requestId, kind: oneOf(ATTACHABLE), file: freeText(MOST_PASTED) }),
  roles: ['requester', 'engineering', 'risk', 'domain', 'privacy'],
  effect: 'write',
  prepare: async ({ rooms, actor }, { request, kind, file }) => {
    const isAddress = /^https?:\/\//i.test(file);
    const text = isAddress ? await rooms.approvals.attachment(file, MOST_EVIDENCE_BYTES) : file;
    const from = isAddress ? new URL(file).pathname.split('/').at(-1) : 'pasted';
    const source = `attached by ${rooms.people.nameOf(actor.id)} (${from})`;
    return rooms.approvals.attach(request, kind, text, { by: actor.id, source });
  },
  run: async (turn, { request, kind }, store) => {
    await store(turn.tx);
    const inside = { ...turn.rooms, db: turn.tx };
    const { shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return { text: `Attached ${kind} to ${request}.`, ...shown, data: { request, kind } };
  },
});
