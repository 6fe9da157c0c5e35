import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import type { Plan } from '../form.ts';

const PART_CHARACTERS = 3000;
const part = (description: string) =>
  freeText(PART_CHARACTERS)
    .meta({ argument: 'text', description: `${description}, up to ${PART_CHARACTERS} characters` })
    .optional();

/** The parts of a model card; what is left empty is missing, and the gate says so. */
export const cardParts = z.object({
  purpose: part('what the model is for, and what it is not for'),
  users: part('who uses its answers, and how'),
  assumptions: part('what has to be true for it to work'),
  limits: part('where it is known to be weak'),
  edgeCases: part('rare inputs and what happens with them'),
  decisionLogic: part('how it comes to its answers, in words for somebody who is affected'),
  oversight: part('who can stop or overrule it'),
});

export const cardPlan: Plan = {
  capability: { id: 'approvals.card-step', summary: 'Write a model card', input: cardParts, effect: 'write' },
  verb: 'approvals.card-step',
  steps: [
    {
      title: 'What it is for',
      intro: 'For whoever decides about the model, and for whoever it decides about.',
      fields: ['purpose', 'users'],
    },
    { title: 'What it rests on', fields: ['assumptions', 'limits', 'edgeCases'] },
    { title: 'How it decides', intro: 'Asked for where the risk is high.', fields: ['decisionLogic', 'oversight'] },
  ],
  labels: {
    purpose: 'Purpose',
    users: 'Intended users',
    assumptions: 'Assumptions',
    limits: 'Limits',
    edgeCases: 'Edge cases',
    decisionLogic: 'Decision logic',
    oversight: 'Human oversight',
  },
};
