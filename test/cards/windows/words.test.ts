import { describe, expect, it } from 'vitest';
import { repeats } from '../../../cards/windows/words.ts';

describe('a recurrence rule in words', () => {
  it.each([
    ['FREQ=DAILY', 'every day'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR', 'every 2 weeks on Monday and Friday'],
    ['RRULE:FREQ=MONTHLY;BYDAY=1TU', 'every month on the first Tuesday'],
    ['FREQ=MONTHLY;BYDAY=-1FR', 'every month on the last Friday'],
    ['FREQ=WEEKLY;WKST=SU;BYDAY=TU', 'every week on Tuesday'],
  ])('%s is %s', (rule, words) => expect(repeats(rule)).toBe(words));

  it.each([
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1',
    'FREQ=WEEKLY;UNTIL=20261231T000000Z',
    'FREQ=YEARLY;BYDAY=20MO',
    'FREQ=MONTHLY;BYDAY=7TU',
    'FREQ=MONTHLY;BYDAY=TU',
    'FREQ=DAILY;BYDAY=MO,TU',
    '0 22 * * 5',
    '',
  ])('"%s" stays as it is', (rule) => expect(repeats(rule)).toBe(rule));
});
