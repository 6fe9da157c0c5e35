import { z } from 'zod/v4';
import { dossierCard } from '../../cards/approvals/dossier.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';

export const dossier = capability({
  id: 'approvals.dossier',
  summary: 'Export a decision as one file that an auditor can verify without Wardroom',
  phrases: ['export decision {request}', 'export {request}'],
  examples: ['export decision REQ-142'],
  input: z.object({ request: requestId }),
  roles: ['approver', 'risk', 'admin'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { request }) => {
    const file = await rooms.approvals.decisionFile(rooms.db, request, actor.id);
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
      bytes: JSON.stringify(file).length,
      source: 'Wardroom',
    });
    return { text: summaryOf(card), card, data: file, objects: [request] };
  },
});
