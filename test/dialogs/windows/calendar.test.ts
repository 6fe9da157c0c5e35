import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';

interface Said {
  text: string;
  data: Record<string, never> & {
    allowed: boolean;
    code: string;
    id: string;
    ids: string[];
    endpoints: string[];
    next: string;
  };
}

/** It is Monday 23 November 2026, 15:05 in Amsterdam. */
/** Tries windows.list, windows.next, windows.show, windows.freeze, windows.add, windows.end, windows.import-calendar. */
describe('the calendar in the chat', () => {
  let house: House;
  let server: Server;
  let calendar = '';
  const type = async (as: string, text: string): Promise<Said> => {
    const answer = await house.app.console.ask({ as, text, yes: true });
    if (answer.status !== 200) throw new Error(answer.body.error);
    if (answer.body.kind !== 'answer') throw new Error(answer.body.text);
    return answer.body as unknown as Said;
  };
  const next = async (endpoint = 'ep-fraud') => (await type('jon', `next window for ${endpoint}`)).data;

  beforeAll(async () => {
    house = await openHouse();
    server = createServer((_req, res) => res.end(calendar)).listen(0, '127.0.0.1');
  });
  beforeEach(async () => {
    expect((await fetch(`${house.url}/sandbox/reset`, { method: 'POST' })).ok).toBe(true);
  });
  afterAll(async () => {
    server.close();
    await house.stop();
  });

  it('freezes now until a time in the words of the speaker, tells the teams, and thaws', async () => {
    expect(await next()).toMatchObject({ allowed: true, code: 'open', by: ['office-hours'] });
    const frozen = await type(
      'ann',
      'freeze now for payments until Monday 08:00 because the payment provider migrates',
    );
    expect(frozen.data).toMatchObject({
      id: 'FRZ-101',
      endpoints: ['ep-fraud', 'ep-aml'],
      until: '2026-11-30T07:00:00Z',
    });
    expect(await next()).toMatchObject({
      allowed: false,
      code: 'freeze',
      by: ['FRZ-101'],
      next: '2026-11-30T07:00:00Z',
      zone: 'Europe/Amsterdam',
    });
    expect(await next('ep-credit')).toMatchObject({ allowed: true });
    await house.advance('PT1S');
    const told = (await house.messages('ben', 'fraud-ops')).map(textOf).join();
    expect(told).toContain('Frozen: team fraud (the payment provider migrates)');
    await type('ben', 'end freeze FRZ-101 because it went well');
    expect(await next()).toMatchObject({ allowed: true });
    await expect(type('ben', 'end freeze FRZ-101')).rejects.toThrow('FRZ-101 was ended already.');
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'FRZ-101');
    expect(record.map(({ action }) => action)).toEqual(expect.arrayContaining(['windows.frozen', 'windows.thawed']));
  });

  it('shows a fortnight with the windows, and what makes it so', async () => {
    const shown = await type('jon', 'windows');
    expect(shown.text).toContain('0 of ');
    expect(shown.text).toMatch(/black-friday {2}deny {2}Black Friday/);
    const { days } = shown.data as unknown as {
      days: { date: string; open: number; closed: number; frozen: number }[];
    };
    expect(days).toHaveLength(14);
    expect(days.every(({ open, closed, frozen }) => Math.abs(open + closed + frozen - 24) < 0.2)).toBe(true);
    const one = await type('jon', 'windows for ep-fraud');
    const own = one.data as unknown as { days: { date: string; open: number }[] };
    expect(own.days.slice(0, 6).map(({ open }) => open)).toEqual([12, 12, 12, 12, 4, 0]);
    expect((await type('jon', 'window year-end')).text).toContain('year-end: Frozen: everything');
  });

  it('says what is wrong, and what would be right', async () => {
    const refused = async (text: string, words: string) => expect(type('cara', text)).rejects.toThrow(words);
    await refused('freeze now for marketing until tomorrow 08:00 because x', 'I do not know what “marketing” is.');
    await refused('freeze ep-fraud until 2 hours ago because x', 'A freeze has to end after it begins.');
    await refused(
      'add freeze for payments every Friday 16:00 to Monday 08:00 Europe/Berln',
      'Did you mean Europe/Berlin?',
    );
    await refused('add freeze for payments every now and then', 'Write “every Friday 16:00 to Monday 08:00”');
    await refused('end freeze year-end', '“year-end” stands in wardroom.yaml.');
    await refused('next window for ep-nothing', 'I do not know the endpoint ep-nothing.');
    await expect(type('jon', 'freeze everything until tomorrow 08:00 because I can')).rejects.toThrow();
    expect(await next()).toMatchObject({ allowed: true });
  });

  it('imports holidays from an .ics, and takes the whole of it back', async () => {
    calendar = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'BEGIN:VEVENT',
      'UID:1',
      'DTSTART;VALUE=DATE:20261124',
      'DTEND;VALUE=DATE:20261125',
      'SUMMARY:Founders day',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:2',
      'DTSTART;TZID=W. Europe Standard Time:20261126T100000',
      'DURATION:PT2H',
      'RRULE:FREQ=YEARLY;COUNT=3',
      'SUMMARY:Fire drill',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:3',
      'DTSTART:20261127T100000Z',
      'STATUS:CANCELLED',
      'SUMMARY:Lunch',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:4',
      'DTSTART:20261128T100000Z',
      'DTEND:20261128T090000Z',
      'SUMMARY:Backwards',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:5',
      'DTSTART:20261129T100000Z',
      'DURATION:PT10M',
      'RRULE:FREQ=HOURLY',
      'SUMMARY:Bells',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');
    const { port } = server.address() as AddressInfo;
    const imported = await type('cara', `import freeze for everything from http://127.0.0.1:${port}/holidays.ics`);
    expect(imported.data).toMatchObject({
      ids: ['FRZ-101', 'FRZ-102'],
      skipped: [
        'Lunch: it is cancelled.',
        'Backwards: It ends (2026-11-28T09:00) before it starts (2026-11-28T10:00).',
        expect.stringMatching(/^Bells: FREQ=HOURLY repeats within a day/),
      ],
    });
    await house.advance('PT18H');
    expect(await next()).toMatchObject({
      allowed: false,
      by: ['FRZ-101'],
      next: '2026-11-25T07:00:00Z',
    });
    await type('cara', 'end freeze FRZ-102');
    expect(await next()).toMatchObject({ allowed: true });
    calendar = 'hello';
    await expect(type('cara', `import freeze for everything from http://127.0.0.1:${port}/x.ics`)).rejects.toThrow(
      'This is no iCalendar',
    );
  });

  it('adds (windows.add) what comes again and again, in a zone that is said', async () => {
    const added = await type(
      'cara',
      'add freeze for payments every Friday 16:00 to Monday 08:00 Europe/Berlin because nobody is here',
    );
    expect(added.data).toMatchObject({
      id: 'FRZ-101',
      rrule: 'FREQ=WEEKLY;BYDAY=FR',
      zone: 'Europe/Berlin',
      next: '2026-11-27T15:00:00Z',
    });
    await expect(
      type('cara', 'add freeze for payments every Friday 16:00 to Monday 08:00 Europe/Berlin'),
    ).rejects.toThrow('FRZ-101 is the same already.');
    const patch = await type(
      'cara',
      'add maintenance for ep-churn every 2nd Tuesday 22:00 to 02:00 America/New_York because of patch day',
    );
    expect(patch.data).toMatchObject({ id: 'WIN-101', next: '2026-12-09T03:00:00Z' });
    const held = await house.app.rooms.windows.holding('ep-churn', Temporal.Instant.from('2026-12-09T04:00:00Z'));
    expect(held.map(({ id, kind }) => [id, kind])).toEqual([['WIN-101', 'maintenance']]);
  });

  it('keeps a freeze over a restart of the clock by days, and opens by itself', async () => {
    await type('ann', 'freeze ep-fraud until in 5 hours because of a demo');
    await house.advance('PT4H');
    expect(await next()).toMatchObject({ allowed: false, code: 'freeze' });
    await house.advance('PT2H');
    expect(await next()).toMatchObject({ allowed: true });
  });
});
