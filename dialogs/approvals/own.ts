import type { RequestRow } from '../../services/approvals/index.ts';
import type { OwnViews } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import type { Standing } from './view.ts';

/**
 * Who sees an open request otherwise than everybody, so that nobody is offered a vote they do not have: the requester, who
 * is excluded, who has voted, and then everybody else without a vote. Who may vote sees what everybody sees.
 */
export async function ownViews(
  rooms: Rooms,
  row: RequestRow,
  { ballot, decision }: Standing,
): Promise<OwnViews | undefined> {
  if (row.state !== 'voting') return undefined;
  const { counted } = decision.tally;
  const eligible = new Set(decision.tally.eligible);
  const everybody = (await rooms.people.members()) ?? [];
  const people = new Set([
    row.requester,
    ...ballot.excluded.map(({ person }) => person),
    ...counted.map(({ voter }) => voter),
    ...everybody.filter(({ id, active }) => active && !eligible.has(id)).map(({ id }) => id),
  ]);
  return { verb: 'approvals.show', ids: { request: row.id }, people: [...people] };
}
