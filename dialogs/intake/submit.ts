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
  phrases: [
    'new use case [{title}]',
    'use case: {title}',
    ...['new', 'add', 'create', 'submit', 'propose', 'register', 'start', 'bring in'].flatMap((verb) => [
      ...(verb === 'new' ? [] : [`${verb} use case [{title}]`, `${verb} a use case [{title}]`]),
      ...(verb === 'new' ? [] : [`${verb} new use case [{title}]`, `${verb} a new use case [{title}]`]),
      `${verb} idea [{title}]`,
      ...(verb === 'new' ? [] : [`${verb} an idea [{title}]`]),
    ]),
    'i have an idea [{title}]',
  ],
  examples: ['new use case', 'new use case Churn of business customers'],
  input: z.object({ title: freeText(80).optional(), problem: freeText(2500).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { title, problem }) => {
    const { actor, rooms } = turn;
    const { departments, teams } = rooms.organisation;
    const mine = teams.filter(({ members }) => members.includes(actor.id));
    const known = departments.find(({ teams: ids }) => mine.some(({ id }) => ids.includes(id)));
    const department = known?.name ?? (departments.length === 0 ? mine[0]?.name : undefined);
    return begin(turn, FIRST_PLAN, {
      values: {
        ...(title ? { title } : {}),
        ...(problem ? { problem: problem.slice(0, PROBLEM_LIMIT) } : {}),
        ...(department ? { department } : {}),
        owner: actor.name,
        currency: rooms.organisation.cost.currency,
      },
    });
  },
});
