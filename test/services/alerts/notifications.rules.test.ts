import { expect, it } from 'vitest';
import { beatAt, firstLook, GROUP_LIVES_MS, toSay } from '../../../services/alerts/notifications.rules.ts';

const pace = { repeat: 60, sendResolved: true };
const told = { firing: ['a', 'b'], resolved: ['c'], at: 100 };

it.each([
  ['the first time something fires', undefined, { firing: ['a'], resolved: [] }, 0, 'first'],
  ['nothing fires and nothing was told', undefined, { firing: [], resolved: ['a'] }, 0, undefined],
  ['one more fires', told, { firing: ['a', 'b', 'd'], resolved: ['c'] }, 101, 'new'],
  ['one that was over fires again', told, { firing: ['a', 'b', 'c'], resolved: [] }, 101, 'new'],
  ['nothing changed', told, { firing: ['a', 'b'], resolved: ['c'] }, 159, undefined],
  ['the repeat interval has passed', told, { firing: ['a', 'b'], resolved: ['c'] }, 160, 'repeat'],
  ['one is over', told, { firing: ['a'], resolved: ['b', 'c'] }, 101, 'over'],
  ['one was muted, which is no end', told, { firing: ['a'], resolved: ['c'] }, 101, undefined],
  ['all is over', told, { firing: [], resolved: ['a', 'b', 'c'] }, 101, 'over'],
  ['all was told to be over', { ...told, firing: [] }, { firing: [], resolved: ['c'] }, 999, undefined],
] as const)('%s', (_what, before, standing, now, reason) => {
  const speech = toSay(now, before, standing, pace);
  expect(speech.speak ? speech.reason : undefined).toBe(reason);
  expect(speech.why).not.toBe('');
});

it('a route that does not tell ends says nothing of them', () => {
  const quiet = { repeat: 60, sendResolved: false };
  expect(toSay(101, told, { firing: ['a'], resolved: ['b', 'c'] }, quiet).speak).toBe(false);
  expect(toSay(101, told, { firing: [], resolved: ['a', 'b', 'c'] }, quiet).speak).toBe(false);
});

it.each([
  [1_000, 500, 900, 1_000],
  [1_000, 500, 1_000, 1_000],
  [1_000, 500, 1_001, 1_500],
  [1_000, 500, 9_999, 10_000],
])('first look %i, every %i: at %i the next is %i', (first, interval, at, next) => {
  expect(beatAt(first, interval, at)).toBe(next);
});

it.each([
  ['no group of the kind before', 2_000, undefined, 10_200],
  ['the beat of the one before comes sooner', 2_000, { first: 3_000, interval: 2_000, over: 7_000 }, 9_000],
  ['the group wait is over sooner', 500, { first: 3_000, interval: 5_000, over: 8_000 }, 8_700],
  [
    'the one before was over long ago',
    2_000,
    { first: 3_000, interval: 2_000, over: 8_200 - GROUP_LIVES_MS - 1 },
    10_200,
  ],
])('what fires again at 8.2 s: %s', (_what, wait, before, at) => {
  expect(firstLook(8_200, { wait }, before)).toBe(at);
});
