import { Refused } from '../../services/core/errors.ts';
import { BadCase } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { type Send, type StepInput, step, stepInput } from '../stepped.ts';
import { CASE_PLAN, type CaseForm, caseInput, caseOf } from './case-fields.ts';
import { shownCase } from './case-view.ts';
import { neededUseCase } from './view.ts';

export const stepCase = capability({
  id: 'intake.step-case',
  summary: 'Go on with a business case that you began',
  phrases: ['continue business case {draft}'],
  examples: ['continue business case DRF-106'],
  input: stepInput(caseInput),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, input) => {
    const send: Send = async ({ rooms, tx, now }, answers, { subject = '' }) => {
      const numbers = caseOf(answers as CaseForm);
      try {
        await rooms.intake.keepCase(tx, subject, numbers);
      } catch (error) {
        if (!(error instanceof BadCase)) throw error;
        throw new Refused(`That cannot be right: ${error.message}.`, 'Mend it and send again.');
      }
      return {
        answer: shownCase(rooms, await neededUseCase({ ...rooms, db: tx }, subject), numbers, now),
        result: subject,
      };
    };
    return step(turn, CASE_PLAN, input as StepInput, send);
  },
});
