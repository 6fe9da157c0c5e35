import { expect, it } from 'vitest';
import { conditionWords, holds } from '../../../services/alerts/step-condition.rules.ts';
import { escalationPolicy } from '../../../services/core/organisation.oncall.ts';
import { minutes, T0 } from './signal-fixtures.ts';

const when = (condition: object) =>
  escalationPolicy.parse({ id: 'p', steps: [{ notify: [{ person: 'ann' }], when: condition }] }).steps[0]?.when;
const seen = {
  severity: 2,
  begun: [0, 10, 20].map((second) => T0.epochMilliseconds + second * 1000),
  zone: 'Europe/Dublin',
};

it.each([
  ['as bad or worse', { severity: 2 }, true],
  ['worse only', { severity: 1 }, false],
  ['exactly these', { severity: [0, 2] }, true],
  ['none of these', { severity: [0, 1] }, false],
  ['in the office', { hours: [{ days: ['mon-fri'], from: '09:00', to: '17:00' }] }, true],
  ['in the office of another zone', { hours: [{ from: '09:00', to: '17:00' }], zone: 'Asia/Tokyo' }, false],
  ['more than two in a minute', { moreThan: 2, within: '1m' }, true],
  ['more than three in a minute', { moreThan: 3, within: '1m' }, false],
])('%s: %#', (_what, condition, go) => {
  expect(holds(when(condition), seen, minutes(0.5)).go).toBe(go);
});

it('waits for a number of alerts and for the office when it is told to, and passes over the rest', () => {
  expect(holds(when({ moreThan: 3, within: '1m' }), seen, minutes(0.5))).toMatchObject({ go: false, wait: true });
  expect(holds(when({ moreThan: 3, within: '1m', otherwise: 'skip' }), seen, minutes(0.5))).toMatchObject({
    wait: false,
  });
  expect(holds(when({ severity: 0 }), seen, minutes(0))).toMatchObject({ go: false, wait: false });
  const night = holds(when({ hours: [{ from: '18:00', to: '19:00' }], otherwise: 'wait' }), seen, minutes(0));
  expect(night).toMatchObject({ wait: true, until: Date.parse('2026-11-23T18:00:00Z') });
  // The window moves on: what began two minutes ago does not count any more.
  expect(holds(when({ moreThan: 2, within: '1m' }), seen, minutes(2)).go).toBe(false);
});

it('a number without a time is refused in words', () => {
  expect(() => when({ moreThan: 3 })).toThrow('belong together');
});

it.each([
  [{ severity: 2 }, 'it is SEV 2 or worse'],
  [{ severity: 0 }, 'it is SEV 0'],
  [{ severity: [1, 3] }, 'it is SEV 1 or 3'],
  [{ moreThan: 5, within: '2m', severity: 1 }, 'more than 5 alerts began within 2 min and it is SEV 1 or worse'],
  [{ hours: [{ from: '09:00', to: '17:00' }] }, 'it is within the hours of the step'],
  [{}, undefined],
])('says what a step waits for: %j', (condition, words) => {
  expect(conditionWords(when(condition))).toBe(words);
});
