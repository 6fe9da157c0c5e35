import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { gaps, ownShifts, scopeOf, standing } from '../../../services/alerts/oncall.rules.ts';
import { type Organisation, organisation, schedule } from '../../../services/core/organisation.ts';

const at = (text: string) => Temporal.Instant.from(text);
const everybody = () => true;
const spans = (list: readonly { start: Temporal.Instant; end: Temporal.Instant | undefined }[]) =>
  list.map(({ start, end }) => `${start} ${end}`);

const weekly = (more: object = {}) =>
  schedule.parse({ id: 'weekly', zone: 'UTC', rotation: { people: ['ann', 'ben'], from: '2026-11-02' }, ...more });

describe('who is on call', () => {
  it('is told with the next change of hands', () => {
    const found = standing(weekly(), at('2026-11-03T00:00:00Z'), everybody);
    expect(found.people).toEqual(['ann']);
    expect(found.next?.people).toEqual(['ben']);
    expect(found.next?.at.toString()).toBe('2026-11-09T09:00:00Z');
    expect(found.gaps).toEqual([]);
  });

  it('has no next one when one person does it all', () => {
    const alone = weekly({ rotation: { people: ['ann'], from: '2026-11-02' } });
    expect(standing(alone, at('2026-11-03T00:00:00Z'), everybody).next).toBeUndefined();
  });
});

describe('gaps', () => {
  const off = { insteadOf: 'ann', from: '2026-11-04T00:00:00Z', to: '2026-11-05T00:00:00Z' };
  const more = { insteadOf: 'ann', from: '2026-11-05T00:00:00Z', to: '2026-11-06T12:00:00Z' };

  it('are the times at which somebody was taken off and nobody put on, neighbours as one', () => {
    const found = gaps(
      weekly({ overrides: [off, more] }),
      at('2026-11-03T00:00:00Z'),
      at('2026-11-17T00:00:00Z'),
      everybody,
    );
    expect(spans(found)).toEqual(['2026-11-04T00:00:00Z 2026-11-06T12:00:00Z']);
  });

  it('begin now when nobody is on call already', () => {
    const found = gaps(weekly({ overrides: [off] }), at('2026-11-04T10:00:00Z'), at('2026-11-17T00:00:00Z'), everybody);
    expect(spans(found)).toEqual(['2026-11-04T10:00:00Z 2026-11-05T00:00:00Z']);
  });

  it('are the shifts of somebody who cannot be reached, too', () => {
    const found = gaps(weekly(), at('2026-11-03T00:00:00Z'), at('2026-11-17T00:00:00Z'), (id) => id === 'ann');
    expect(spans(found)).toEqual(['2026-11-09T09:00:00Z 2026-11-16T09:00:00Z']);
  });
});

describe('the shifts of one person', () => {
  it('go on through an hour in which somebody joins', () => {
    const joins = { person: 'ben', alongside: true, from: '2026-11-04T00:00:00Z', to: '2026-11-05T00:00:00Z' };
    const shifts = ownShifts(
      weekly({ overrides: [joins] }),
      'ann',
      at('2026-11-03T00:00:00Z'),
      at('2026-11-30T00:00:00Z'),
      5,
    );
    expect(spans(shifts)).toEqual([
      '2026-11-02T09:00:00Z 2026-11-09T09:00:00Z',
      '2026-11-16T09:00:00Z 2026-11-23T09:00:00Z',
    ]);
  });
});

describe('the shifts of one person in turns of an hour', () => {
  it('are as many as were asked for, each an hour long and none twice', () => {
    const hourly = weekly({
      rotation: { people: ['ann', 'ben', 'cara'], from: '2026-11-02', every: 1, unit: 'hours' },
    });
    const from = at('2026-11-03T00:30:00Z');
    const found = ownShifts(hourly, 'ben', from, from.add({ hours: 1680 }), 40);
    expect(found).toHaveLength(40);
    expect(new Set(found.map(({ start }) => start.toString())).size).toBe(40);
    expect(found.every(({ start, end }) => end?.equals(start.add({ hours: 1 })))).toBe(true);
  });
});

describe('what was asked about', () => {
  const house: Organisation = organisation.parse({
    name: 'Northwind',
    fallbackChannel: 'ops',
    people: [{ id: 'ann', name: 'Ann Berg', entraId: '00000000-0000-4000-8000-000000000001' }],
    channels: [{ id: 'ops', name: 'Ops' }],
    teams: [{ id: 'fraud', name: 'Fraud Team', members: ['ann'], channel: 'ops' }],
    workspaces: [],
    endpoints: [
      { id: 'ep-fraud', workspace: 'mlw', owner: 'fraud', escalation: 'both', business: { purpose: 'stops fraud' } },
      { id: 'ep-aml', workspace: 'mlw', owner: 'fraud', business: { purpose: 'finds money' } },
    ],
    schedules: [
      { id: 'first', zone: 'UTC', rotation: { people: ['ann'], from: '2026-11-02' } },
      { id: 'second', zone: 'UTC', rotation: { people: ['ann'], from: '2026-11-02' } },
    ],
    escalationPolicies: [
      {
        id: 'both',
        steps: [
          { notify: [{ schedule: 'second' }] },
          { after: '10m', notify: [{ schedule: 'first' }, { role: 'admin' }] },
        ],
      },
    ],
  });

  it('is an endpoint with the steps of its escalation, a team with its schedules, or a schedule', () => {
    expect(scopeOf(house, 'ep-fraud')).toEqual({
      kind: 'endpoint',
      name: 'ep-fraud',
      schedules: [
        { id: 'second', steps: [1] },
        { id: 'first', steps: [2] },
      ],
      others: [{ step: 2, kind: 'role', id: 'admin' }],
    });
    expect(scopeOf(house, 'AML')).toMatchObject({ kind: 'endpoint', name: 'ep-aml', schedules: [] });
    expect(scopeOf(house, 'fraud').kind).toBe('team');
    expect(scopeOf(house, 'fraud  team').name).toBe('Fraud Team');
    expect(scopeOf(house, 'First').kind).toBe('schedule');
    expect(scopeOf(house, undefined).schedules).toHaveLength(2);
  });

  it('is refused with the nearest name when nothing is called so', () => {
    expect(() => scopeOf(house, 'secnd')).toThrow(/no endpoint, team or schedule called "secnd"/);
  });
});
