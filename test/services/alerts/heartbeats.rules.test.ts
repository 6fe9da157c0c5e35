import { expect, it } from 'vitest';
import { inWords, signalOf, silentAt, stateOf } from '../../../services/alerts/heartbeats.rules.ts';
import { heartbeat } from '../../../services/core/organisation.ts';
import { minutes, T0 } from './signal-fixtures.ts';

const expected = heartbeat.parse({ id: 'labels', every: '2h', grace: '10m', endpoint: 'ep-churn', severity: 1 });
const heard = { firstAt: T0, lastAt: T0, beats: 3 };

it('a heartbeat that was never heard waits, and is missed by nobody', () => {
  expect(stateOf(minutes(9999), expected, undefined)).toBe('waiting');
});

it.each([
  [0, 'alive'],
  [120, 'alive'],
  [121, 'late'],
  [130, 'late'],
  // Without its timer nothing is missing: the alert and the word come together.
  [500, 'late'],
] as const)('%i minutes after it was heard it is %s', (later, state) =>
  expect(stateOf(minutes(later), expected, heard)).toBe(state),
);

it('it is missing from its alert until it is heard', () => {
  expect(stateOf(minutes(131), expected, { ...heard, missingSince: minutes(130) })).toBe('missing');
  expect(silentAt(expected, heard).toString()).toBe(minutes(130).toString());
});

it('its silence and its return are one alert', () => {
  const missing = signalOf(expected, T0, minutes(130));
  const back = signalOf(expected, T0, minutes(130), minutes(200));
  expect(missing).toMatchObject({ condition: 'fired', kind: 'availability', severity: 1, endpoint: 'ep-churn' });
  expect(missing.headline).toBe('labels was not heard for 2 h 10 min; it is expected every 2 h');
  expect(back).toMatchObject({ condition: 'resolved', dedupKey: missing.dedupKey, startedAt: missing.startedAt });
  expect(back.eventKey).not.toBe(missing.eventKey);
  expect(signalOf(expected, T0, minutes(900)).eventKey).not.toBe(missing.eventKey);
});

it.each([
  [5, '5 min'],
  [60, '1 h'],
  [90, '1 h 30 min'],
  [1440, '24 h'],
  [10080, '7 days'],
])('%i minutes are “%s”', (count, words) => expect(inWords(count)).toBe(words));
