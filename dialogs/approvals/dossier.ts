import { z } from 'zod/v4';
import { dossierCard, fileOf } from '../../cards/approvals/dossier.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';

const JSON_TEXT = 'application/json; charset=utf-8';

export const dossier = capability({
  id: 'approvals.dossier',
  summary: 'Export a decision as one file that an auditor can verify without Wardroom',
  phrases: ['export decision {request}', 'export {request}'],
  examples: ['export decision REQ-142'],
  input: z.object({ request: requestId }),
  roles: ['approver', 'risk', 'admin'],
  // It makes a file, which is ours.
  effect: 'write',
  run: async ({ rooms, now, actor, tx }, { request }) => {
    const file = await rooms.approvals.decisionFile(tx, request, actor.id);
    const body = JSON.stringify(file);
    const token = await rooms.files.keep(tx, { name: fileOf(request), type: JSON_TEXT, body, madeFor: actor.id });
    const url = rooms.fileUrl(token);
    const card = dossierCard({
      now,
      request,
      state: file.request.state,
      digest: file.request.digest,
      seal: file.seal,
      votes: file.votes.length,
      evidence: file.evidence.map(({ kind, digest }) => ({ kind, digest })),
      entries: file.record.flat().length,
      head: file.exported.head,
      bytes: Buffer.byteLength(body),
      url,
      source: 'Wardroom',
    });
    return { text: `${summaryOf(card)}. The file: ${url}`, card, data: file, objects: [request] };
  },
});
