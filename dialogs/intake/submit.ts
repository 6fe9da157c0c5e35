import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { FIRST_PLAN } from './fields.ts';

/** As long as the field of the form takes. */
const PROBLEM_LIMIT = 2000;

export const submit = capability({
  id: 'intake.submit',
  summary: 'Bring in a use case: a first draft in three minutes',
  phrases: ['new use case [{title}]', 'use case: {title}', 'submit use case [{title}]'],
  examples: ['new use case', 'new use case Churn of business customers'],
  input: z.object({ title: freeText(80).optional(), problem: freeText(2500).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { title, problem }) => {
    const { actor, rooms } = turn;
    const team = rooms.organisation.teams.find(({ members }) => members.includes(actor.id));
    return begin(turn, FIRST_PLAN, {
      values: {
        ...(title ? { title } : {}),
        ...(problem ? { problem: problem.slice(0, PROBLEM_LIMIT) } : {}),
        ...(team ? { department: team.name } : {}),
        owner: actor.name,
        currency: 'EUR',
      },
    });
  },
});
