import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { requestListCard } from '../../cards/approvals/list.ts';
import { missingWords } from '../../cards/approvals/words.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';

const MOST = 30;

export const list = capability({
  id: 'approvals.list',
  summary: 'List requests for approval, or those that wait for your vote',
  phrases: ['requests', 'all requests', 'my requests', 'my votes', 'list requests'],
  examples: ['requests', 'my requests', 'my votes'],
  input: z.object({ which: oneOf(['all', 'my']).default('all') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { which }) => {
    const rows = await rooms.approvals.list(rooms.db, MOST);
    const standing = await Promise.all(
      rows.map(async (row) => {
        const { ballot, decision } = await rooms.approvals.standing(rooms.db, row);
        const mine =
          row.state === 'voting' &&
          row.requester !== actor.id &&
          ballot.members.some(({ person }) => person === actor.id) &&
          !decision.tally.counted.some(({ voter }) => voter === actor.id);
        return { row, decision, mine };
      }),
    );
    const chosen = standing.filter(({ mine, row }) => which === 'all' || mine || row.requester === actor.id);
    const requests = chosen.map(({ row, decision, mine }) => ({
      id: row.id,
      state: row.state === 'voting' ? ('open' as const) : row.state,
      what: row.title,
      ...(row.kind === 'emergency' ? { withoutVotes: true } : {}),
      requester: rooms.people.nameOf(row.requester),
      missing: decision.missing,
      deadline: Temporal.Instant.from(row.deadline),
      ...(mine ? { waitsForMe: true } : {}),
    }));
    const lines = requests.map(
      (entry) =>
        `${entry.id}  ${entry.state}  ${entry.what}${entry.state === 'open' ? `  (${missingWords(entry.missing)})` : ''}`,
    );
    const none = which === 'my' ? 'No request waits for your vote.' : 'There has been no request yet.';
    return {
      text: lines.join('\n') || none,
      card: requestListCard({ now, source: 'Wardroom', requests }),
      data: requests.map(({ deadline, ...rest }) => ({ ...rest, deadline: deadline.toString() })),
    };
  },
});
