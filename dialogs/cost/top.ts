import { z } from 'zod/v4';
import { DIMENSIONS } from '../../services/cost/index.ts';
import { freeText, oneOf, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { brokenDown } from './breakdown.ts';

export const top = capability({
  id: 'cost.top',
  summary: 'The most expensive resources, or endpoints, teams, projects',
  phrases: [
    'top {count} [costs]',
    'top {count} {by} [{of}]',
    'top {count} {of}',
    'top {count} {by} by cost [{of}]',
    'top {count} costs of {of}',
    'top costs {count=10}',
    'most expensive',
    'most expensive {by} [{of}]',
    'what is the most expensive {by} [{of}]',
    'what are the most expensive {by} [{of}]',
    'which {by} costs most [{of}]',
    'which {by} costs the most [{of}]',
    'which {by} is most expensive [{of}]',
    'which {by} is the most expensive [{of}]',
    'who spends most [{of}] {by=team}',
    'who spends the most [{of}] {by=team}',
    'who spent most [{of}] {by=team}',
    'who spent the most [{of}] {by=team}',
    'biggest spenders [{of}] {by=team}',
    'what drives [our] costs [{of}]',
    'what is driving [our] costs [{of}]',
    'where does the money go [{of}]',
    'where does our money go [{of}]',
    'what costs most [{of}]',
    'what costs the most [{of}]',
    'biggest costs [{of}]',
  ],
  examples: ['top 10', 'top 5 endpoints last month', 'which team costs most'],
  input: z.object({
    count: wholeNumber(1, 40).default(10),
    by: oneOf(DIMENSIONS).default('resource'),
    of: freeText(160).optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: (turn, { count, by, of }) => brokenDown(turn, of, by, 'actual', count),
});
