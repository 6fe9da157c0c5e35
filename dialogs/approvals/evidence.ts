import { z } from 'zod/v4';
import { evidenceCard } from '../../cards/approvals/evidence.ts';
import { requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { evidenceView } from './evidence-view.ts';
import { neededRequest } from './view.ts';

export const evidence = capability({
  id: 'approvals.evidence',
  summary: 'Show what is known about a model version before the vote, and what is missing',
  phrases: ['evidence of {request}', 'evidence {request}'],
  examples: ['evidence of REQ-107'],
  input: z.object({ request: requestId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { request }) => {
    const row = await neededRequest(rooms, request);
    const { view, items, lacking } = await evidenceView(rooms, row, now);
    const lines = view.items.map(({ name, state, summary }) => `${name}: ${state}, ${summary}`);
    return {
      text: lines.join('\n'),
      card: evidenceCard(view),
      data: {
        request,
        digest: row.digest,
        lacking,
        items: items.map(({ kind, state, required, summary, digest, source, asOf, limit }) => ({
          kind,
          state,
          required,
          summary,
          digest,
          source,
          asOf: asOf?.toString(),
          limitMinutes: limit,
        })),
      },
    };
  },
});
