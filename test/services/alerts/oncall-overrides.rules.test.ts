import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { checkAgainst, checkPerson, checkTimes, type Wish } from '../../../services/alerts/oncall-overrides.rules.ts';
import { type Override, schedule } from '../../../services/core/organisation.ts';
import { onCall } from '../../../services/core/schedule.rules.ts';

const at = (text: string) => Temporal.Instant.from(text);
const NOW = at('2026-11-23T14:05:00Z');
const nameOf = (id: string) => id.toUpperCase();

/** ann always, ben from nine to nine in Chicago (UTC-6 in November). */
const chicago = (overrides: Override[] = []) => ({
  ...schedule.parse({
    id: 'chicago',
    zone: 'America/Chicago',
    rotation: { people: ['ann'], from: '2026-11-02' },
    hours: [{ person: 'ben', from: '09:00', to: '21:00' }],
  }),
  overrides,
});
const wish = (more: Partial<Wish> = {}): Wish => ({
  alongside: false,
  from: at('2026-11-25T06:00:00Z'),
  to: at('2026-11-29T06:00:00Z'),
  ...more,
});
const asOverride = ({ from, to, ...rest }: Wish, number: number): Override & { number: number } => ({
  ...rest,
  number,
  from: from.toString(),
  to: to.toString(),
});

describe('an override made in chat', () => {
  it.each([
    ['adds somebody', { person: 'cara', alongside: true }, ['ann cara', 'ann ben cara', 'ann cara']],
    ['replaces somebody', { person: 'cara', insteadOf: 'ben' }, ['ann', 'ann cara', 'ann']],
    ['takes somebody off', { insteadOf: 'ben' }, ['ann', 'ann', 'ann']],
    ['takes over from everybody', { person: 'cara' }, ['cara', 'cara', 'cara']],
  ])('%s inside its time and nobody outside of it', (_, more, inside) => {
    checkAgainst(chicago(), wish(more), nameOf);
    const changed = chicago([asOverride(wish(more), 7)]);
    const people = (day: string) =>
      ['00', '10', '21'].map((hour) => [...onCall(changed, at(`${day}T${hour}:00:00-06:00`)).people].sort().join(' '));
    expect(people('2026-11-26')).toEqual(inside);
    expect(people('2026-11-24')).toEqual(['ann', 'ann ben', 'ann']);
    expect(people('2026-11-29')).toEqual(['ann', 'ann ben', 'ann']);
  });

  it('is refused when another one has part of its time, and the other one is named', () => {
    const taken = chicago([asOverride(wish({ person: 'cara' }), 7)]);
    const later = { from: at('2026-11-28T00:00:00Z'), to: at('2026-12-01T00:00:00Z') };
    expect(() => checkAgainst(taken, wish({ person: 'dev', ...later }), nameOf)).toThrow(/Override 7 \(CARA\)/);
    const after = { from: at('2026-11-29T06:00:00Z'), to: at('2026-12-01T00:00:00Z') };
    expect(() => checkAgainst(taken, wish({ person: 'dev', ...after }), nameOf)).not.toThrow();
  });

  it('is refused when it puts somebody in the place of one who is not on call then', () => {
    expect(() => checkAgainst(chicago(), wish({ person: 'cara', insteadOf: 'dev' }), nameOf)).toThrow(
      /DEV is not on call for chicago in that time/,
    );
    expect(() => checkAgainst(chicago(), wish({ person: 'ann', insteadOf: 'ann' }), nameOf)).toThrow(/themselves/);
  });

  it.each([
    ['ends before it begins', { to: at('2026-11-25T05:00:00Z') }, /end before it begins/],
    ['takes no time', { to: at('2026-11-25T06:00:00Z') }, /end before it begins/],
    ['began in the past', { from: at('2026-11-23T13:00:00Z') }, /in the past/],
    ['is longer than three months', { to: at('2027-03-25T06:00:00Z') }, /longer than 92 days/],
    ['is years ahead', { from: at('2029-01-01T00:00:00Z'), to: at('2029-01-02T00:00:00Z') }, /a year ahead/],
  ])('is refused when it %s', (_, more, why) => {
    expect(() => checkTimes(wish(more), NOW)).toThrow(why);
  });

  it('puts nobody on call who could not acknowledge, who left, or whose rights are unknown', () => {
    const member = (more: object) => [
      {
        id: 'cara',
        name: 'Cara',
        entraId: '',
        zone: 'UTC',
        roles: ['viewer', 'responder'] as const,
        active: true,
        ...more,
      },
    ];
    expect(() => checkPerson('cara', member({}))).not.toThrow();
    expect(() => checkPerson('cara', member({ roles: ['viewer'] }))).toThrow(/could not acknowledge/);
    expect(() => checkPerson('cara', member({ active: false }))).toThrow(/not here any more/);
    expect(() => checkPerson('nobody', member({}))).toThrow(/not here any more/);
    expect(() => checkPerson('cara', undefined)).toThrow(/cannot look up/);
  });
});
