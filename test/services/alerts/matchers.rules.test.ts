import { expect, it } from 'vitest';
import { fits, matchersText, readMatchers } from '../../../services/core/matchers.rules.ts';

const read = (text: string) => {
  const found = readMatchers(text);
  if (!found.ok) throw new Error(found.why);
  return found.value;
};
const subject = { kind: 'latency', endpoint: 'ep-fraud', rule: 'SlowFraud', severity: 'page', sev: '1', zone: 'aa' };

it.each([
  ['kind=latency', true],
  ['kind = latency, endpoint = EP-Fraud', true],
  ['{kind="latency", zone=~"a.*"}', true],
  ['kind=~drift|latency', true],
  ['kind=~lat', false],
  ['kind!=latency', false],
  ['zone!~b.*', true],
  ['team=""', true],
  ['team!=""', false],
  ['ep-fraud', true],
  ['slowfraud', true],
  ['ep-fraud zone=ab', false],
  ['sev<=1', true],
  ['sev > 1', false],
  ['missing<3', false],
])('%s fits: %s', (text, expected) => {
  expect(fits(read(text), subject)).toBe(expected);
  // As it is written out it means the same.
  expect(fits(read(matchersText(read(text))), subject)).toBe(expected);
});

it.each([
  ['', 'names nothing'],
  ['kind=', 'cannot be read'],
  ['=latency', 'cannot be read'],
  ['kind=~"("', 'is no pattern'],
  ['kind=~"(a+)+b"', 'repeats a group'],
  ['kind=~".*.*.*.*.*"', 'open ends'],
  ['sev<worse', 'needs a number'],
  ['"unended', 'cannot be read'],
  [`kind=${'x'.repeat(700)}`, 'too long'],
])('%s is refused: %s', (text, why) => {
  expect(readMatchers(text)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});

it('hostile patterns end in time', () => {
  const slow = read('kind=~"a*a*a*b"');
  expect(fits(slow, { kind: 'a'.repeat(5_000) })).toBe(false);
});
