import { Refused } from '../../services/core/errors.ts';
import { SECTION_WORDS, type Section } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { type Send, type StepInput, step, stepInput } from '../stepped.ts';
import { asText, everyField, SECTION_PLANS } from './fields.ts';
import { shownUseCase } from './shown.ts';

export const stepSection = capability({
  id: 'intake.step-section',
  summary: 'Go on with answers for a use case that you began',
  phrases: ['continue answers {draft}'],
  examples: ['continue answers DRF-105'],
  input: stepInput(everyField),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, input) => {
    const taken = input as StepInput;
    const draft = await turn.rooms.drafts.find(turn.tx, taken.draft);
    const [useCase = '', section = ''] = draft?.subject?.split('/') ?? [];
    const plan = SECTION_PLANS[section as Section];
    if (!draft || !plan) throw new Refused(`There is no form ${taken.draft}.`, 'Say “my drafts”.');
    const fields = plan.steps.flatMap((one) => one.fields);
    const send: Send = async (inside, answers, { since }) => {
      const { intake } = inside.rooms;
      const text = asText(answers);
      const given = Object.fromEntries(fields.map((id) => [id, text[id]]));
      const { changed } = await intake.answer(inside.tx, useCase, given, { by: inside.actor.id, since });
      await intake.delegations.answered(inside.tx, useCase, section as Section, inside.actor.id);
      const what =
        changed.length === 0
          ? 'nothing changed'
          : `${changed.length} ${changed.length === 1 ? 'answer' : 'answers'} kept`;
      return {
        answer: await shownUseCase(inside, useCase, `${useCase}, ${SECTION_WORDS[section as Section]}: ${what}.`),
        result: useCase,
      };
    };
    return step(turn, plan, taken, send);
  },
});
