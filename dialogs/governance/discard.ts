import { z } from 'zod/v4';
import { draftsCard } from '../../cards/governance/drafts.ts';
import { Refused } from '../../services/core/errors.ts';
import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { draftsView, MOST_DRAFTS } from './drafts-view.ts';

export const discard = capability({
  id: 'governance.discard',
  summary: 'Discard a form you have begun',
  phrases: ['discard {draft}', 'discard form {draft}'],
  examples: ['discard DRF-104'],
  input: z.object({ draft: draftId }),
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { draft }) => {
    const row = await rooms.drafts.lock(tx, draft);
    if (!row || row.owner !== actor.id) throw new Refused(`You have no form ${draft}.`, 'Say “my drafts”.');
    if (row.state === 'sent') throw new Refused(`${draft} was sent already: it is ${row.result}.`, '', 'finished');
    await rooms.drafts.drop(tx, draft);
    const left = draftsView(now, await rooms.drafts.openOf(tx, actor.id, MOST_DRAFTS));
    return { text: `${draft} is discarded.`, card: draftsCard(left), data: { draft } };
  },
});
