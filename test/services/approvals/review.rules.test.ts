import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { MOST_REMINDERS, type Reviewed, remindAt, whyNoReview } from '../../../services/approvals/review.rules.ts';

const emergency: Reviewed = {
  id: 'REQ-101',
  kind: 'emergency',
  requester: 'ann',
  confirmedBy: 'ben',
  roles: ['risk', 'approver'],
};

describe('who may review an emergency', () => {
  it.each([
    ['a voter who had no part in it', { id: 'cara', roles: ['risk'] }, emergency, undefined],
    ['who asked for it', { id: 'ann', roles: ['risk'] }, emergency, /You answer for this emergency/],
    ['who confirmed it', { id: 'ben', roles: ['approver'] }, emergency, /You answer for this emergency/],
    ['somebody without such a role', { id: 'jon', roles: ['viewer', 'admin'] }, emergency, /would have voted/],
    [
      'anybody, when nobody would have voted',
      { id: 'cara', roles: ['risk'] },
      { ...emergency, roles: [] },
      /would have voted/,
    ],
    ['a voter of what was voted on', { id: 'cara', roles: ['risk'] }, { ...emergency, kind: 'change' }, /voted on/],
    [
      'a second voter',
      { id: 'eva', roles: ['approver'] },
      { ...emergency, review: { by: 'cara', finding: 'justified' as const, why: 'x', at: '2026-11-24T10:00:00Z' } },
      /already/,
    ],
  ])('%s', (_name, person, about, why) => {
    const no = whyNoReview(person, about);
    if (why) expect(no?.why).toMatch(why);
    else expect(no).toBeUndefined();
  });
});

it('reminds four hours before it is due, then, then every day for a week', () => {
  const due = Temporal.Instant.from('2026-11-25T14:05:00Z');
  const hours = Array.from({ length: MOST_REMINDERS }, (_, count) => remindAt(due, count).since(due).total('hours'));
  expect(hours).toEqual([-4, 0, 24, 48, 72, 96, 120]);
});
