import { requestCard } from '../../cards/approvals/request.ts';
import { cardOf, type RequestRow } from '../../services/approvals/index.ts';
import type { OwnViews, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { requestView, type Standing } from './view.ts';

/**
 * The card of a request as an answer: a message stays in step with every other one of that request, and what a click
 * answers is seen by who clicked. In a channel everybody reads it, so it is not one person's view there.
 */
export async function requestAnswer(
  { key, now, actor, place }: Pick<Turn, 'key' | 'now' | 'actor' | 'place'>,
  rooms: Rooms,
  row: RequestRow,
  known?: Standing,
) {
  const alone = place.kind === 'personal' || place.kind === 'console' || place.message !== undefined;
  const standing = known ?? (await rooms.approvals.standing(rooms.db, row));
  const view = await requestView(rooms, row, now, alone ? actor.id : undefined, standing);
  const own = alone ? undefined : await ownViews(rooms, row, standing);
  const ids = { request: row.id, ...(place.kind === 'personal' ? { person: actor.id } : {}) };
  const live = { card: cardOf(row.id), kind: 'approvals.request', ids, as: key };
  return {
    view,
    shown: { card: requestCard(view), ...(own ? { own } : {}), ...(place.message === undefined ? { live } : {}) },
  };
}

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
