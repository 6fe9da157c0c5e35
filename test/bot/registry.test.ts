import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import { buildRegistry } from '../../bot/registry.ts';
import { endpointRef, freeText, incidentId, oneOf, personRef, requestId } from '../../dialogs/arguments.ts';
import { type AnyCapability, type Capability, capability } from '../../dialogs/capability.ts';
import { declare, domains } from './house.ts';

const house = (...capabilities: AnyCapability[]) => buildRegistry([{ name: 'x', notices: {}, capabilities }]);
const problemsOf = (...capabilities: AnyCapability[]): string => {
  try {
    house(...capabilities);
    return '';
  } catch (error) {
    return String(error);
  }
};

describe('a registry', () => {
  const registry = buildRegistry(domains);

  test('finds a capability by its id', () => {
    expect(registry.get('alerts.ack')?.summary).toBe('Acknowledge an incident');
    expect(registry.get('alerts.nothing')).toBeUndefined();
  });

  test('lists what a role may run, the same list for the same roles', () => {
    const ids = (roles: Parameters<typeof registry.allowedFor>[0]) => registry.allowedFor(roles).map(({ id }) => id);
    expect(ids([])).toEqual(['alerts.incident', 'alerts.timeline', 'alerts.oncall', 'approvals.request']);
    expect(ids(['approver'])).toContain('approvals.vote');
    expect(ids(['admin'])).toContain('fleet.scale');
    expect(ids(['admin'])).not.toContain('approvals.vote');
    expect(registry.allowedFor(['risk', 'responder'])).toBe(registry.allowedFor(['responder', 'risk']));
  });
});

describe('the start stops', () => {
  const incident = z.object({ incident: incidentId });
  test.each<[string, AnyCapability[], string]>([
    ['two of the same id', [declare({ id: 'x.a' }), declare({ id: 'x.a' })], 'x.a: the id is declared twice'],
    ['an id of another domain', [declare({ id: 'y.a' })], 'y.a: the id must be "x.verb"'],
    ['an id that is no verb', [declare({ id: 'x.A b' })], 'the id must be'],
    ['no example', [declare({ id: 'x.a', examples: [] })], 'x.a: has no example'],
    ['no phrase', [declare({ id: 'x.a', phrases: [] })], 'x.a: has no phrase'],
    ['no role', [declare({ id: 'x.a', roles: [] })], 'x.a: names no role'],
    ['an example that nobody reads', [declare({ id: 'x.a', examples: ['b'] })], 'x.a: no phrase reads the example "b"'],
    [
      'an example that another reads',
      [declare({ id: 'x.a', examples: ['x b'] }), declare({ id: 'x.b' })],
      'x.a: x.b also reads the example "x b"',
    ],
    [
      'an example that does not pass the input',
      [
        declare({
          id: 'x.a',
          phrases: ['a {word}'],
          examples: ['a toolong'],
          input: z.object({ word: freeText(3) }),
        }),
      ],
      'in the example "a toolong" "toolong" is not text',
    ],
    [
      'a slot without a field',
      [declare({ id: 'x.a', phrases: ['a {b}'] })],
      'x.a: "a {b}": the input has no field "b"',
    ],
    [
      'a required field that no phrase gives',
      [declare({ id: 'x.a', input: incident })],
      'x.a: no phrase can give the required field "incident"',
    ],
    [
      'dangerous without a preview',
      [declare({ id: 'x.a', effect: 'dangerous' })],
      'x.a: is dangerous and has no preview',
    ],
    ['a second person without danger', [declare({ id: 'x.a', secondPerson: true })], 'x.a: asks for a second person'],
    [
      'a phrase that starts with a slot',
      [declare({ id: 'x.a', phrases: ['{incident} a'], input: incident })],
      'a phrase starts with a word',
    ],
    [
      'a text slot with no end',
      [
        declare({
          id: 'x.a',
          phrases: ['a {text} {incident}'],
          input: z.object({ text: freeText(), incident: incidentId }),
        }),
      ],
      'must be last or end at a word',
    ],
    [
      'a field twice',
      [declare({ id: 'x.a', phrases: ['a {incident} {incident}'], input: incident })],
      'a field stands twice',
    ],
    ['an open bracket', [declare({ id: 'x.a', phrases: ['a [b'] })], 'a bracket is not closed'],
    [
      'a constant that is no value',
      [declare({ id: 'x.a', phrases: ['a {way=north}'], input: z.object({ way: oneOf(['up', 'down']) }) })],
      '"north" is no value of "way"',
    ],
    [
      'the same phrase twice',
      [
        declare({ id: 'x.a', phrases: ['go'], examples: ['go'] }),
        declare({ id: 'x.b', phrases: ['go'], examples: ['go'] }),
      ],
      'x.a "go" and x.b "go" collide',
    ],
    [
      'the same phrase through brackets',
      [
        declare({ id: 'x.a', phrases: ['go [now]'], examples: ['go'] }),
        declare({ id: 'x.b', phrases: ['go now'], examples: ['go now'] }),
      ],
      'collide: both read "go now"',
    ],
    [
      'slots that take the same words',
      [
        declare({
          id: 'x.a',
          phrases: ['show {endpoint}'],
          examples: ['show ep-a'],
          input: z.object({ endpoint: endpointRef }),
        }),
        declare({
          id: 'x.b',
          phrases: ['show {person}'],
          examples: ['show Ann Berg'],
          input: z.object({ person: personRef }),
        }),
      ],
      'x.a "show {endpoint}" and x.b "show {person}" collide',
    ],
  ])('on %s', (_, capabilities, problem) => {
    expect(problemsOf(...capabilities)).toContain(problem);
  });

  test('on a role that does not exist', () => {
    const odd = { ...declare({ id: 'x.a' }), roles: ['captain'] } as unknown as Capability;
    expect(problemsOf(capability(odd))).toContain('unknown role "captain"; the roles are viewer');
  });

  test('once, with everything that is wrong', () => {
    const problems = problemsOf(declare({ id: 'x.a', examples: [] }), declare({ id: 'x.b', effect: 'dangerous' }));
    expect(problems).toContain('x.a: has no example');
    expect(problems).toContain('x.b: is dangerous');
  });
});

test('slots that tell themselves apart may stand in the same place', () => {
  const incident = z.object({ incident: incidentId });
  const person = z.object({ person: personRef });
  const show = (id: 'x.a' | 'x.b', slot: string, example: string, input: z.ZodObject) =>
    declare({ id, phrases: [`show ${slot}`], examples: [example], input });
  expect(
    problemsOf(show('x.a', '{incident}', 'show INC-1', incident), show('x.b', '{person}', 'show Ann', person)),
  ).toBe('');
  const request = z.object({ request: requestId });
  expect(
    problemsOf(show('x.a', '{incident}', 'show INC-1', incident), show('x.b', '{request}', 'show REQ-1', request)),
  ).toBe('');
});

test('a constant in a phrase gives its field', () => {
  const registry = house(
    declare({
      id: 'x.a',
      phrases: ['raise {way=up}'],
      examples: ['raise'],
      input: z.object({ way: oneOf(['up', 'down']) }),
    }),
  );
  expect(registry.patterns[0]?.given).toEqual({ way: 'up' });
});
