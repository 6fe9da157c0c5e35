import { expect, it } from 'vitest';
import { storable } from '../../../services/alerts/clean.ts';

it('leaves good JSON as it is', () => {
  const good = { a: [1, null, true, 'é', '😀'], b: { c: '' } };
  expect(storable(good)).toEqual(good);
});

it('replaces what jsonb cannot hold, in values and in names', () => {
  expect(storable({ 'a\0': ['\0x', '\ud800', '\udc00y'] })).toEqual({ 'a�': ['�x', '�', '�y'] });
});

it('cuts what is nested without end, instead of running out of stack', () => {
  const depth = 200_000;
  const deep: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  expect(JSON.stringify(storable(deep)).length).toBeLessThan(200);
});

it('keeps a name that means something to JavaScript a name', () => {
  const odd = storable(JSON.parse('{"__proto__": {"polluted": true}}')) as object;
  expect(JSON.stringify(odd)).toBe('{"__proto__":{"polluted":true}}');
  expect('polluted' in {}).toBe(false);
});
