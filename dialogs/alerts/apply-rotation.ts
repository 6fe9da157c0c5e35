import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { MAY_ROTATE, rotationForm, rotationPlan, wishOf } from './rotation-plan.ts';
import { changeAnswer } from './rotation-view.ts';

export const applyRotation = capability({
  id: 'alerts.apply-rotation',
  summary: 'Put the rotation of a form in force; whom it touches is told, and it can be undone',
  phrases: ['apply rotation {draft}'],
  examples: ['apply rotation DRF-104'],
  input: z.object({ draft: draftId }),
  roles: MAY_ROTATE,
  effect: 'write',
  prepare: ({ rooms }) => rooms.people.members(),
  run: async (turn, { draft }, members) => {
    const { rooms, tx, actor } = turn;
    const row = await rooms.drafts.find(tx, draft);
    if (row?.form !== rotationPlan.verb)
      throw new Refused(`There is no form ${draft} of a rotation.`, 'Say “my drafts”.');
    if (row.owner !== actor.id)
      throw new Refused(
        `${draft} is ${rooms.people.nameOf(row.owner)}'s form.`,
        'Begin one of your own: new rotation.',
      );
    const answers = rotationForm.safeParse(row.values);
    if (!answers.success) throw new Refused(`${draft} is not complete.`, `Say “continue rotation ${draft}”.`);
    const { reason } = answers.data;
    const by = { id: actor.id, reason, draft };
    return changeAnswer(turn, await rooms.alerts.rotations.apply(tx, wishOf(turn, answers.data), by, members));
  },
});
