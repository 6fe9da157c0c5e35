import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { type StepInput, step, stepInput } from '../stepped.ts';
import { MAY_ROTATE, noteOf, rotationForm, rotationPlan, wishOf } from './rotation-plan.ts';
import { previewAnswer } from './rotation-view.ts';

export const rotationStep = capability({
  id: 'alerts.rotation-step',
  summary: 'Go on with the form of a rotation',
  phrases: ['continue rotation {draft}'],
  examples: ['continue rotation DRF-104'],
  input: stepInput(rotationForm).extend({ draft: draftId }),
  roles: MAY_ROTATE,
  effect: 'write',
  prepare: ({ rooms }) => rooms.people.members(),
  run: (turn, input, members) =>
    step(
      turn,
      rotationPlan,
      input as StepInput,
      async (_, answers, { id }) => {
        const made = rotationForm.parse(answers);
        const look = await turn.rooms.alerts.rotations.preview(turn.tx, wishOf(turn, made), members);
        // What is put in force is what the form says when it is, which may be on another day.
        const values = Object.fromEntries(Object.entries(made).map(([name, value]) => [name, String(value)]));
        await turn.rooms.drafts.keep(turn.tx, id, { at: rotationPlan.steps.length - 1, values });
        return { answer: previewAnswer(turn, look, id), result: look.schedule };
      },
      { note: noteOf },
    ),
});
