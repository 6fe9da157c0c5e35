import { Temporal } from 'temporal-polyfill';
import type { RequestView } from '../../cards/approvals/request.ts';
import { type ConditionRow, type RequestRow, stagesLeft, stagesOver } from '../../services/approvals/index.ts';
import type { Rooms } from '../rooms.ts';

/** What the card of a promotion shows besides its votes: evidence, conditions, what changed, the stage. */
export async function releaseParts(
  rooms: Rooms,
  row: RequestRow,
): Promise<Pick<RequestView, 'evidence' | 'conditions' | 'changed' | 'stage'>> {
  const conditions = await rooms.approvals.conditionsOf(rooms.db, row.id);
  const shown = conditions.filter(({ state }) => state !== 'dropped').map((each) => conditionLine(rooms, each));
  const over = stagesOver(row.past);
  const stages = over.length + 1 + stagesLeft(row.later).length;
  const common = {
    ...(shown.length > 0 ? { conditions: shown } : {}),
    ...(stages > 1 ? { stage: { at: over.length + 1, of: stages, over: over.map(({ reason }) => reason) } } : {}),
  };
  if (row.kind !== 'promote') return common;
  const { items, lacking } = await rooms.approvals.gateOf(rooms.db, row);
  const required = items.filter((item) => item.required);
  const changed = await rooms.approvals.changedSince(rooms.db, row);
  return {
    ...common,
    ...(row.state === 'draft'
      ? {}
      : {
          evidence: {
            there: required.filter(({ state }) => state === 'present').length,
            required: required.length,
            lacking,
          },
        }),
    ...(changed ? { changed: { at: Temporal.Instant.from(changed.at), what: changed.what } } : {}),
  };
}

export const conditionLine = (rooms: Rooms, { number, what, owner, due, state, proof }: ConditionRow) => ({
  number,
  what,
  owner: rooms.people.nameOf(owner),
  due: Temporal.Instant.from(due),
  ...(state === 'met' ? { met: proof ?? 'no proof was kept' } : {}),
});
