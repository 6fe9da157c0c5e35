import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  eligibleFor,
  exclusionsOf,
  remindersOf,
  stillMay,
  votingEnds,
} from '../../../services/approvals/voters.rules.ts';
import type { BusinessHours } from '../../../services/core/business-hours.rules.ts';
import type { Member } from '../../../services/core/roster.ts';

const office: BusinessHours = {
  zone: 'Europe/Amsterdam',
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  holidays: [],
};
const T0 = Temporal.Instant.from('2026-11-27T15:00+01:00');
const shown = (at: Temporal.Instant) =>
  at.toZonedDateTimeISO('Europe/Amsterdam').toPlainDateTime().toString({ smallestUnit: 'minute' });
const person = (id: string, roles: Member['roles'], active = true): Member => ({
  id,
  name: id.toUpperCase(),
  entraId: id,
  zone: 'UTC',
  roles,
  active,
});
const PEOPLE = [
  person('cara', ['risk']),
  person('dev', ['engineering']),
  person('eva', ['viewer']),
  person('max', ['risk'], false),
];
const BOARDS = [{ id: 'board', name: 'Board', members: ['eva', 'max'], chair: 'eva', channel: 'ops' }];
const voters = (over: object) => ({ voters: { people: [], roles: [], boards: [], ...over } });

describe('a deadline in working hours', () => {
  it('passes over the weekend, and its reminders too', () => {
    const end = votingEnds(T0, { deadline: 8 * 60 }, office);
    expect(shown(end)).toBe('2026-11-30T15:00');
    const reminders = remindersOf(T0, end, { at: [50, 80], before: 240 }, office);
    // Half of eight hours and four hours before the end are one moment, so one reminder.
    expect(reminders.map(shown)).toEqual(['2026-11-30T11:00', '2026-11-30T13:24']);
  });
  it('by the clock it is the clock', () => {
    const end = votingEnds(T0, { deadline: 240 }, undefined);
    const reminders = remindersOf(T0, end, { at: [50, 80], before: 240 }, undefined);
    expect(reminders.map((at) => T0.until(at).total('minutes'))).toEqual([120, 192]);
  });
});

describe('who may vote', () => {
  it('are named people, members of boards, and holders of roles who are there', () => {
    const found = eligibleFor(voters({ boards: ['board'], roles: ['risk'], people: ['dev'] }), BOARDS, PEOPLE);
    expect(found.map((each) => each.person)).toEqual(['cara', 'dev', 'eva']);
  });
  it.each([
    ['keeps the role', voters({ roles: ['risk'] }), ['risk'], PEOPLE[0], true],
    ['lost the role', voters({ roles: ['risk'] }), ['risk'], person('cara', ['viewer']), false],
    [
      'lost the role and is on the board',
      voters({ roles: ['risk'], boards: ['board'] }),
      ['risk'],
      person('eva', []),
      true,
    ],
    ['left', voters({ people: ['cara'] }), ['risk'], person('cara', ['risk'], false), false],
    ['is unknown now', voters({ people: ['cara'] }), ['risk'], undefined, false],
  ])('somebody who %s', (_what, policy, then, now, may) => {
    expect(stillMay(policy, BOARDS, { person: now?.id ?? 'cara', roles: then }, now)).toBe(may);
  });
  it('never on their own work, nor for whoever made it', () => {
    const to = T0.add({ hours: 8 });
    const delegation = (from: string, person: string, until = to) => ({
      from,
      to: person,
      since: T0.subtract({ hours: 1 }),
      until,
    });
    const found = exclusionsOf(
      { requester: 'ann', authors: ['hugo', 'ann'], committers: ['hugo', 'gita'] },
      [delegation('ann', 'cara'), delegation('dev', 'eva'), delegation('gita', 'lea', T0)],
      { from: T0, to },
      (id) => id,
    );
    expect(found.map((each) => each.person)).toEqual(['hugo', 'gita', 'cara']);
    expect(found.at(-1)?.why).toBe('ann, who cannot vote on it, has delegated to you, so you cannot either.');
  });
});
