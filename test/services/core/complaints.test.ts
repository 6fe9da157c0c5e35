import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { speakPlainly } from '../../../services/core/complaints.ts';

beforeAll(speakPlainly);
afterAll(() => void z.config({ customError: undefined }));

const schema = z.strictObject({
  text: z.string().min(1).max(3),
  count: z.number().int().min(1).max(9).optional(),
  kind: z.enum(['add', 'remove']).optional(),
  list: z.array(z.string()).min(2).optional(),
  own: z.string({ error: 'own is the name of a thing' }).optional(),
});

const said = (body: unknown) =>
  schema.safeParse(body).error?.issues.map(({ path, message }) => [...path, message].join(': '));

it.each([
  [{}, 'text: is missing; it is a text'],
  [{ text: 5 }, 'text: must be a text, not a number'],
  [{ text: null }, 'text: must be a text, not null'],
  [{ text: '' }, 'text: needs at least 1 character'],
  [{ text: 'four' }, 'text: needs at most 3 characters'],
  [{ text: 'a', count: 0 }, 'count: must be at least 1'],
  [{ text: 'a', count: 10 }, 'count: must be at most 9'],
  [{ text: 'a', count: 1.5 }, 'count: must be a whole number, not a number'],
  [{ text: 'a', kind: 'explode' }, 'kind: must be one of add, remove'],
  [{ text: 'a', list: ['x'] }, 'list: needs at least 2 entries'],
  [{ text: 'a', more: 1 }, 'has nothing called "more"'],
  [{ text: 'a', own: 1 }, 'own: own is the name of a thing'],
  [[], 'must be an object, not a list'],
])('says of %j what is wrong and what would be right', (body, words) => expect(said(body)).toEqual([words]));
