import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readData } from '../../bot/parse-field.ts';
import { buildRegistry } from '../../bot/registry.ts';
import type { AnyCapability } from '../../dialogs/capability.ts';
import { contextFor, domains } from './house.ts';

const registry = buildRegistry(domains);
const context = contextFor(registry);
const silence = registry.get('alerts.silence') as AnyCapability;
const page = registry.get('alerts.page') as AnyCapability;

test('words in a form are read as in a sentence', () => {
  expect(
    readData(silence, { endpoint: 'fraud', length: '90m', until: 'tomorrow 22:00', reason: '  "as is" ' }, context),
  ).toEqual({
    input: { endpoint: 'fraud', length: 'PT90M', until: '2026-11-24T21:00:00Z', reason: '  "as is" ' },
    errors: {},
  });
  expect(readData(page, { person: 'Finn O’Hara', incident: '7' }, context).input).toEqual({
    person: 'finn',
    incident: '7',
  });
});

test('what fits already is left alone, an empty answer is none, and a forged field is dropped', () => {
  const data = {
    length: 'PT2H',
    until: '2026-12-01T08:00:00Z',
    reason: '',
    verb: 'x',
    __proto__: { endpoint: 'ep-x' },
  };
  expect(readData(silence, data, context)).toEqual({
    input: { length: 'PT2H', until: '2026-12-01T08:00:00Z' },
    errors: {},
  });
});

test('what does not fit is told at its field', () => {
  const { input, errors } = readData(silence, { endpoint: 7, length: 'tea', until: '25:00' }, context);
  expect(input).toEqual({});
  expect(errors).toEqual({
    endpoint: '"7" is not an endpoint, such as ep-fraud',
    length: expect.stringContaining('"tea" is not a duration'),
    until: expect.stringContaining('hours go from 00 to 23'),
  });
});

test('any data gives an answer, never an exception', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.constant('x'.repeat(100_000)));
  const data = fc.record({ endpoint: value, length: value, until: value, reason: value }, { requiredKeys: [] });
  fc.assert(
    fc.property(data, (given) => {
      const { input } = readData(silence, given, context);
      expect(silence.input.partial().safeParse(input).success).toBe(true);
    }),
  );
});
