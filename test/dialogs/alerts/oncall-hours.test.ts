import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { northwind, openPager, type Pager } from './pager.ts';

/** Scenarios 38 and 39 in one house in Chicago, which begins in the night in which its clocks go back (2020-11-01). */
const POLICIES = `  - id: fraud-oncall
    steps: [{ notify: [{ person: ann }] }]
  - id: default-oncall
    steps: [{ notify: [{ person: ann }] }]`;
const desk = (id: string) => `  - id: ${id}
    zone: America/Chicago
    rotation: { people: [ann], from: 2020-10-01 }
    hours: [{ person: ben, from: '09:00', to: '21:00' }]
`;
const yaml = northwind(POLICIES, [
  [
    'schedules:\n',
    `schedules:
${['with-more', 'with-other', 'with-less'].map(desk).join('')}  - id: by-day
    zone: America/Chicago
    rotation: { people: [gita, dev], from: 2020-10-30, at: '01:30', every: 1, unit: days }
  - id: by-hour
    zone: America/Chicago
    rotation: { people: [gita, dev], from: 2020-10-31, until: 2020-11-01, at: '00:30', every: 1, unit: hours }
`,
  ],
]);

let pager: Pager;
beforeAll(async () => {
  pager = await openPager(yaml, { WARDROOM_SANDBOX_START: '2020-11-01T05:00:00Z' });
});
afterAll(() => pager.stop());

describe('scenario 38: three overrides of the same hours', () => {
  /** Who is on call at 00, 09 and 21 on the clocks of Chicago. */
  async function hours(schedule: string, day: string): Promise<string[]> {
    const { alerts, db } = pager.house.app.rooms;
    const at = (time: string) =>
      Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime('America/Chicago').toInstant();
    const found = [];
    for (const time of ['00:00', '09:00', '21:00']) {
      const { standings } = await alerts.oncall.now(db, schedule, at(time));
      found.push([...(standings[0]?.people ?? [])].sort().join(' '));
    }
    return found;
  }

  it('add, replace and take off inside, and change nothing outside', async () => {
    // Midnight in Chicago is seven in Amsterdam.
    const span = 'from 2020-11-02 07:00 to 2020-11-06 07:00';
    expect(await pager.ask('ann', `override with-more add Dev ${span}`)).toContain('Dev Patel as well');
    expect(await pager.ask('ann', `override with-other with Dev instead of Ben ${span}`)).toContain(
      'Dev Patel for Ben',
    );
    expect(await pager.ask('ann', `override with-less without Ben ${span}`)).toContain('without Ben Okafor');
    for (const schedule of ['with-more', 'with-other', 'with-less'])
      for (const day of ['2020-11-01', '2020-11-06'])
        expect(await hours(schedule, day), `${schedule} ${day}`).toEqual(['ann', 'ann ben', 'ann']);
    for (const day of ['2020-11-02', '2020-11-05']) {
      expect(await hours('with-more', day)).toEqual(['ann dev', 'ann ben dev', 'ann dev']);
      expect(await hours('with-other', day)).toEqual(['ann', 'ann dev', 'ann']);
      expect(await hours('with-less', day)).toEqual(['ann', 'ann', 'ann']);
    }
  });
});

describe('scenario 39: hands change while the clocks go back', () => {
  /** When somebody was told that they are on call by this schedule now. */
  const told = async (schedule: string, from: string): Promise<string[]> =>
    (await pager.house.transcript())
      .filter(({ operation, at }) => operation === 'create' && at >= from)
      .filter(({ body }) => JSON.stringify(body).includes(`on call for ${schedule} now`))
      .map(({ at }) => at.slice(0, 16));

  it('at the first of the two times, and one hour is two hours long', async () => {
    await pager.house.advance('PT4H40M');
    expect(await told('by-day', '2020-11-01T05:00')).toEqual(['2020-11-01T06:30']);
    const hourly = await told('by-hour', '2020-11-01T05:00');
    expect(hourly.slice(0, 4)).toEqual([
      '2020-11-01T05:30',
      '2020-11-01T06:30',
      '2020-11-01T08:30',
      '2020-11-01T09:30',
    ]);
  });
});
