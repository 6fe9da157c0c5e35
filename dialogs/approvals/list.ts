import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { requestListCard } from '../../cards/approvals/list.ts';
import { missingWords } from '../../cards/approvals/words.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';

const MOST = 30;
const MOST_OWN = 100;

export const list = capability({
  id: 'approvals.list',
  summary: 'List requests for approval, or those that wait for your vote',
  phrases: ['requests', 'all requests', 'my requests {which=my}', 'my votes {which=votes}', 'list requests'],
  examples: ['requests', 'my requests', 'my votes'],
  input: z.object({ which: oneOf(['all', 'my', 'votes']).default('all') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { which }) => {
    const rows =
      which !== 'all'
        ? await rooms.approvals.ofPerson(rooms.db, actor.id, MOST_OWN)
        : await rooms.approvals.list(rooms.db, MOST);
    const standing = await Promise.all(
      rows.map(async (row) => {
        const { decision, shown } = await rooms.approvals.standing(rooms.db, row);
        const mine =
          row.state === 'voting' && decision.state === 'open' && decision.tally.outstanding.includes(actor.id);
        const inPlaceOf = mine ? (decision.tally.standsFor[actor.id] ?? []).map(rooms.people.nameOf) : [];
        return { row, shown, mine, inPlaceOf };
      }),
    );
    const chosen = standing.filter(
      ({ mine, row }) => which === 'all' || mine || (which === 'my' && row.requester === actor.id),
    );
    const requests = chosen.map(({ row, shown, mine, inPlaceOf }) => ({
      id: row.id,
      state: row.state === 'voting' ? ('open' as const) : row.state,
      what: row.title,
      ...(row.kind === 'emergency' ? { withoutVotes: true } : {}),
      requester: rooms.people.nameOf(row.requester),
      missing: shown.missing,
      deadline: Temporal.Instant.from(row.deadline),
      ...(mine ? { waitsForMe: true, ...(inPlaceOf.length > 0 ? { inPlaceOf } : {}) } : {}),
    }));
    const lines = requests.map(
      (entry) =>
        `${entry.id}  ${entry.state}  ${entry.what}${entry.state === 'open' ? `  (${missingWords(entry.missing)})` : ''}${entry.inPlaceOf ? `  you vote for ${entry.inPlaceOf.join(' and ')}` : ''}`,
    );
    const none = {
      all: 'There has been no request yet.',
      my: 'You have asked for nothing, and no request waits for your vote.',
      votes: 'No request waits for your vote.',
    }[which];
    return {
      text: lines.join('\n') || none,
      card: requestListCard({ now, source: 'Wardroom', requests }),
      data: requests.map(({ deadline, ...rest }) => ({ ...rest, deadline: deadline.toString() })),
    };
  },
});
