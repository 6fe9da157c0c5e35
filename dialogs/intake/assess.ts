import { z } from 'zod/v4';
import { readinessCard } from '../../cards/intake/readiness.ts';
import { READINESS_QUESTIONS } from '../../services/intake/index.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { readinessView } from './readiness.ts';

const level = wholeNumber(1, 5);

export const assess = capability({
  id: 'intake.assess',
  summary: 'Assess how ready a department is: nine statements, each from 1 (not at all) to 5 (fully)',
  phrases: ['assess readiness of {department}', 'assess the readiness of {department}'],
  examples: ['assess readiness of Retail'],
  input: z.object({
    department: freeText(80),
    ...(Object.fromEntries(
      READINESS_QUESTIONS.map(({ id, label }) => [
        id,
        level.meta({ argument: 'number', description: `${label}: 1 to 5` }),
      ]),
    ) as Record<string, typeof level>),
  }),
  form: true,
  roles: ['requester', 'engineering', 'domain', 'risk', 'admin'],
  effect: 'write',
  run: async (turn, input) => {
    const { department: said, ...levels } = input as { department: string } & Record<string, number>;
    const answers = Object.fromEntries(Object.entries(levels).map(([id, value]) => [id, Number(value)]));
    const department = await turn.rooms.intake.assess(turn.tx, said, answers, turn.actor.id);
    const view = await readinessView({ ...turn.rooms, db: turn.tx });
    return {
      text: `${department} is assessed.`,
      card: readinessCard({ now: turn.now, ...view }),
      data: view.departments,
    };
  },
});
