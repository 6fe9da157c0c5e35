import { expect, it } from 'vitest';
import { tookLate } from '../../../services/fleet/changes.rules.ts';

const ten = { traffic: { blue: 90, violet: 10 }, mirror: {} };
const fifty = { traffic: { blue: 50, violet: 50 }, mirror: {} };
const back = { traffic: { blue: 100, violet: 0 }, mirror: {} };
const mirrored = { traffic: { blue: 100, violet: 0 }, mirror: { violet: 20 } };

it.each([
  ['an order of before, over a newer one', ten, fifty, ten, true],
  ['an order that was taken back', ten, back, ten, true],
  ['what was carried out last', ten, fifty, fifty, false],
  [
    'what neither asked for: somebody else did it',
    ten,
    fifty,
    { traffic: { blue: 70, violet: 30 }, mirror: {} },
    false,
  ],
  ['a mirror alone', mirrored, back, mirrored, true],
  ['the same shares without its mirror', mirrored, ten, back, false],
  ['the same order twice', ten, ten, ten, false],
  ['a move that says nothing of mirrors', { traffic: ten.traffic }, fifty, { ...ten, mirror: { violet: 5 } }, true],
  ['deployments without traffic that are not listed', back, fifty, { traffic: { blue: 100 }, mirror: {} }, true],
])('Azure took it late: %s', (_, order, after, now, expected) => {
  expect(tookLate(order, after, now)).toBe(expected);
});
