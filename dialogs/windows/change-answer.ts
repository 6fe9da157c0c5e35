import { changeCard, changeSummary } from '../../cards/windows/change.ts';
import { plannedCardOf } from '../../services/windows/index.ts';
import { numbered } from '../arguments.ts';
import type { Answer, Turn } from '../capability.ts';
import { changeView, neededChange } from './change-view.ts';

export const plannedId = numbered('planned', 'a requested change, such as RFC-104');

/** The change as it is after what was done with it, in the transaction that did it. */
export async function changeAnswer(
  turn: Turn,
  id: string,
  more: { words?: string; why?: string | undefined; reading?: boolean } = {},
): Promise<Answer> {
  const rooms = more.reading ? turn.rooms : { ...turn.rooms, db: turn.tx };
  const view = await changeView(rooms, await neededChange(rooms, id), turn.now);
  return {
    text: more.words ? `${id}: ${more.words}` : `${changeSummary(view)}.`,
    card: changeCard(view),
    data: {
      id,
      state: view.state,
      revision: view.revision,
      conflicts: view.conflicts,
      missing: view.missing,
      from: view.from.toString(),
      to: view.to.toString(),
      assignee: view.assignee.name,
      run: view.run,
      note: view.note,
    },
    live: { card: plannedCardOf(id), kind: 'windows.change', ids: { change: id } },
    objects: [id, ...view.targets],
    ...(more.why ? { why: more.why } : {}),
  };
}
