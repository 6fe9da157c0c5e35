import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { auditCard } from '../../cards/governance/audit.ts';
import { counted } from '../../cards/parts/text.ts';
import { capability } from '../capability.ts';

export const audit = capability({
  id: 'governance.audit',
  summary: 'Check that nobody altered the log of decisions',
  phrases: ['audit verify', 'verify audit', 'verify the audit log'],
  examples: ['audit verify'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const verdict = await rooms.audit.verify(rooms.db);
    const { broken } = verdict;
    const row = broken ? await rooms.audit.entry(rooms.db, broken.seq) : undefined;
    const text = broken
      ? `Entry ${broken.seq} of the audit log was altered: ${broken.why}${row ? ` (${row.action} at ${row.at})` : ''}.`
      : `The audit log is whole: ${counted(verdict.rows, 'entry', 'entries')} checked, head ${verdict.head.slice(0, 16)}.`;
    const card = auditCard({
      now,
      checked: verdict.rows,
      head: verdict.head,
      ...(broken
        ? {
            broken: {
              entry: broken.seq,
              why: broken.why,
              ...(row ? { at: Temporal.Instant.from(row.at), action: row.action } : {}),
            },
          }
        : {}),
    });
    return { text, card, data: verdict };
  },
});
