import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { firesOn } from '../../../services/windows/cron.rules.ts';
import {
  calendarOf,
  decide,
  localise,
  matchesScope,
  nthWeekday,
  occurrences,
  readCron,
  readRule,
  readWindow,
  readZone,
  spansOf,
  type WindowSpec,
  wallClock,
} from '../../../services/windows/index.ts';

const everything = { where: {}, everything: true } as const;
const at = Temporal.Instant.from;
const spec = (more: Partial<WindowSpec>): WindowSpec => ({
  id: 'w',
  kind: 'allow',
  zone: 'UTC',
  start: '2026-11-27T22:00',
  end: '2026-11-28T06:00',
  scope: everything,
  ...more,
});
const refusal = (more: Partial<WindowSpec>) => {
  const reading = readWindow(spec(more));
  return reading.ok ? 'read' : `${reading.code}: ${reading.error} ${reading.next}`;
};

describe('expansion', () => {
  const peer = JSON.parse(readFileSync(new URL('../../data/golden-rrule-dateutil.json', import.meta.url), 'utf8')) as {
    cases: { rrule: string; dtstart: string; local: string[] }[];
  };
  const ms = (text: string) => Date.parse(`${text}Z`);

  it('agrees with python-dateutil on rules of every shape', () => {
    expect(peer.cases.length).toBeGreaterThan(100);
    for (const { rrule, dtstart, local } of peer.cases) {
      const found = occurrences(readRule(rrule, 'UTC'), ms(dtstart), Date.UTC(2023, 4, 1), Date.UTC(2026, 1, 1));
      expect(
        found.map((each) => new Date(each).toISOString().slice(0, 19)),
        `${rrule} from ${dtstart}`,
      ).toEqual(local);
    }
  });

  it('gives the same wherever the question begins', () => {
    const rule = readRule('FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR', 'UTC');
    const all = occurrences(rule, ms('2020-01-31T08:00:00'), 0, ms('2030-01-01T00:00:00'));
    for (const from of all) expect(occurrences(rule, ms('2020-01-31T08:00:00'), from, from + 1)).toEqual([from]);
  });

  it('skips what is excluded and adds what is listed, by time, by day and in UTC', () => {
    const reading = readWindow(
      spec({
        zone: 'Europe/Berlin',
        start: '2026-11-02T09:00',
        end: '2026-11-02T10:00',
        rrule: 'FREQ=DAILY;COUNT=5',
        exdate: ['2026-11-03', '2026-11-04T08:00:00Z'],
        rdate: ['2026-11-20T12:00'],
      }),
    );
    if (!reading.ok) throw new Error(reading.error);
    const spans = spansOf(reading.window, Date.UTC(2026, 10, 1), Date.UTC(2026, 11, 1));
    expect(spans.map(({ start }) => new Date(start).toISOString().slice(0, 16))).toEqual([
      '2026-11-02T08:00',
      '2026-11-05T08:00',
      '2026-11-06T08:00',
      '2026-11-20T11:00',
    ]);
  });

  it('adds a listed date at the time of the start, once', () => {
    const night = { zone: 'Europe/Berlin', start: '2026-11-02T22:00', end: '2026-11-02T23:00' };
    const starts = (more: Partial<WindowSpec>) => {
      const reading = readWindow(spec({ ...night, ...more }));
      if (!reading.ok) throw new Error(reading.error);
      const spans = spansOf(reading.window, Date.UTC(2026, 10, 1), Date.UTC(2026, 11, 1));
      return spans.map(({ start }) => new Date(start).toISOString().slice(0, 16));
    };
    const twice = { rdate: ['2026-11-20', '2026-11-20T21:00:00Z', '2026-11-02'], exdate: ['2026-11-09'] };
    expect(starts(twice)).toEqual(['2026-11-02T21:00', '2026-11-20T21:00']);
    const { start: _start, end: _end, ...noStart } = spec(night);
    const cron = readWindow({ ...noStart, cron: '0 6,18 1 * *', duration: '1h', rdate: ['2026-11-20'] });
    if (!cron.ok) throw new Error(cron.error);
    const found = spansOf(cron.window, Date.UTC(2026, 10, 2), Date.UTC(2026, 10, 30));
    expect(found.map(({ start }) => new Date(start).toISOString().slice(0, 13))).toEqual([
      '2026-11-20T05',
      '2026-11-20T17',
    ]);
  });

  it('localises as Temporal does, in every zone and at every time', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Africa/Casablanca',
      'Asia/Kathmandu',
      'America/Santiago',
      'Asia/Gaza',
      'UTC',
    );
    const minutes = fc.integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2037, 0, 1) / 60_000 });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const local = minute * 60_000;
        const plain = Temporal.PlainDateTime.from(new Date(local).toISOString().slice(0, 19));
        expect(localise(zone, local)).toBe(
          plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds,
        );
        expect(wallClock(zone, local)).toBe(
          local + Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6,
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('cron', () => {
  it.each([
    ['Mon#5', '2026-02', undefined],
    ['FriL', '2026-11', 27],
    ['Fri#L', '2026-11', 27],
    ['SUN#2', '2026-11', 8],
  ])('%s in %s is the %s', (expression, month, day) => expect(nthWeekday(expression, month)).toBe(day));

  it.each([
    ['61 * * * *', 'minute'],
    ['* * * *', '4 fields'],
    ['0 9 * * FRY', 'weekday'],
    ['0 9-5 * * *', 'ends before it begins'],
    ['*/0 * * * *', 'no step'],
    ['0 0 31-1 * *', 'ends before it begins'],
    ['invalid-cron-schedule', 'fields'],
  ])('refuses %s', (text, why) => expect(() => readCron(text)).toThrow(why));

  it('wraps a range of weekdays around Sunday, and reads AWS', () => {
    expect(readCron('0 9 * * 5-7').weekdays?.map(({ weekday }) => weekday)).toEqual([4, 5, 6]);
    expect(readCron('0 9 * * FRI-MON').weekdays?.map(({ weekday }) => weekday)).toEqual([4, 5, 6, 0]);
    expect(readCron('cron(0 30 23 ? * TUE#3 *)').times).toEqual([23 * 60 + 30]);
  });

  /** The days of November 2026, which begins on a Sunday, on which a schedule fires. */
  const daysOf = (text: string) => {
    const first = Date.UTC(2026, 10, 1) / 86_400_000;
    return Array.from({ length: 30 }, (_, day) => day + 1).filter((day) => firesOn(readCron(text), first + day - 1));
  };
  it.each([
    ['0 9 * * 0-7', Array.from({ length: 30 }, (_, day) => day + 1)],
    ['0 9 * * 7-1', [1, 2, 8, 9, 15, 16, 22, 23, 29, 30]],
    ['0 9 * * MON-FRI/2', [2, 4, 6, 9, 11, 13, 16, 18, 20, 23, 25, 27, 30]],
    ['0 9 13 * FRI', [6, 13, 20, 27]],
    ['0 9 10,20 * SUN#1', [1, 10, 20]],
    ['0 9 *,5 * MON#2', [9]],
    ['0 9 */1 * 1L', [30]],
    ['0 9 15,L * ?', [15, 30]],
    ['0 9 */10 NOV *', [1, 11, 21]],
    ['cron(0 9 ? * 2 *)', [2, 9, 16, 23, 30]],
    ['cron(0 9 ? * 7#1 2026)', [7]],
  ])('%s fires on %j', (text, days) => expect(daysOf(text)).toEqual(days));

  it.each([
    ['0 0 12 * * *', 'may begin with seconds or end with a year'],
    ['cron(0 9 ? * 0 *)', '1 is Sunday'],
    ['0 9 * * 8', 'weekday'],
  ])('refuses %s: %s', (text, why) => expect(() => readCron(text)).toThrow(why));

  it('refuses a schedule that never happens', () => {
    const never = { end: undefined as never, start: undefined as never, duration: '1h', cron: '0 0 30 2 *' };
    expect(refusal(never)).toContain('bad-rule: The schedule 0 0 30 2 * never happens.');
    expect(refusal({ ...never, cron: '0 0 29 2 *' })).toBe('read');
  });

  const holdsAt = (cron: string, duration: string, zone: string, instants: string[]) => {
    const { start: _start, end: _end, ...rest } = spec({ kind: 'deny', zone, cron, duration });
    const calendar = calendarOf([rest]);
    return instants.map((now) => decide(calendar, { now: at(now) }).code === 'freeze');
  };
  it('has no hole in the hour that is repeated when it has none on the clock, and fires once when it has', () => {
    const repeated = ['2026-11-01T05:45:00Z', '2026-11-01T06:45:00Z'];
    const zone = 'America/New_York';
    expect(holdsAt('* * * * *', '1m', zone, repeated)).toEqual([true, true]);
    expect(holdsAt('0 0-15,17-23 * * *', '1h', zone, repeated)).toEqual([true, true]);
    expect(holdsAt('30 1 * * *', '30m', zone, repeated)).toEqual([true, false]);
    expect(holdsAt('30 2 * * *', '30m', zone, ['2026-03-08T07:15:00Z', '2026-03-08T07:45:00Z'])).toEqual([false, true]);
  });
});

describe('what is wrong is named', () => {
  it.each<[string, Partial<WindowSpec>, string]>([
    [
      'an unknown zone',
      { zone: 'Europe/Berln' },
      'unknown-zone: I do not know the time zone “Europe/Berln”. Did you mean Europe/Berlin?',
    ],
    ['an offset instead of a zone', { zone: '+01:00' }, 'unknown-zone'],
    ['a rule below daily', { rrule: 'FREQ=HOURLY' }, 'below-daily: FREQ=HOURLY repeats within a day.'],
    [
      'an end before the start',
      { end: '2026-11-27T21:00' },
      'end-before-start: It ends (2026-11-27T21:00) before it starts (2026-11-27T22:00).',
    ],
    ['no length', { end: '2026-11-27T22:00' }, 'zero-length'],
    ['a time that is none', { start: '2026-02-30T22:00' }, 'bad-time: start “2026-02-30T22:00” is no local time.'],
    [
      'a rule that never happens',
      { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
      'bad-rule: The rule FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 never happens.',
    ],
    [
      'two ends of a rule',
      { rrule: 'FREQ=DAILY;COUNT=2;UNTIL=20261201T000000Z' },
      'bad-rule: The rule has COUNT and UNTIL',
    ],
    ['a part that is none', { rrule: 'FREQ=DAILY;BYDY=MO' }, 'bad-rule: “BYDY” is no part of a recurrence rule.'],
    ['a number out of range', { rrule: 'FREQ=MONTHLY;BYMONTHDAY=32' }, 'bad-rule: BYMONTHDAY=32 is out of range.'],
    ['an end and a duration', { duration: '1h' }, 'two-ends'],
    ['nothing it is about', { scope: { where: {} } }, 'no-scope'],
    ['an open end without an owner', { end: undefined as never, kind: 'deny' }, 'no-end'],
  ])('%s', (_name, more, words) => expect(refusal(more)).toContain(words));

  it('translates a Windows zone, and says so', () => {
    expect(readZone('W. Europe Standard Time')).toEqual({
      name: 'Europe/Berlin',
      note: '“W. Europe Standard Time” is a Windows name; I read it as Europe/Berlin.',
    });
  });
});

describe('decisions', () => {
  const freeze = spec({
    id: 'xmas',
    name: 'Year end',
    kind: 'deny',
    zone: 'Europe/Berlin',
    start: '2026-12-24',
    end: '2027-01-03',
    override: { exempt: ['security'] },
  });
  const night = spec({
    id: 'night',
    name: 'Nightly',
    zone: 'Europe/Berlin',
    start: '2026-01-01T22:00',
    end: '2026-01-02T02:00',
    rrule: 'FREQ=DAILY',
  });

  it('says by what, until when in local time and UTC, and when next', () => {
    const decision = decide(calendarOf([freeze, night]), { now: at('2026-12-25T12:00:00Z') });
    expect(decision).toMatchObject({ allowed: false, code: 'freeze', by: ['xmas'], zone: 'Europe/Berlin' });
    expect(decision.why).toBe(
      'Frozen by “Year end” until Sun 3 Jan 2027 00:00 Europe/Berlin (Sat 23:00 UTC). Next: Sun 3 Jan 2027 00:00 Europe/Berlin (Sat 23:00 UTC).',
    );
    expect(decision.next?.toString()).toBe('2027-01-02T23:00:00Z');
  });

  it('lets a security fix through a freeze that exempts it, and not through a closed window', () => {
    const security = { is: ['security' as const] };
    expect(decide(calendarOf([freeze]), { now: at('2026-12-25T12:00:00Z'), ...security }).allowed).toBe(true);
    expect(decide(calendarOf([freeze, night]), { now: at('2026-12-25T12:00:00Z'), ...security }).code).toBe(
      'outside-windows',
    );
  });

  it('does not start what cannot finish, and names the next start at which it can', () => {
    const decision = decide(calendarOf([night]), { now: at('2026-11-23T00:30:00Z'), needMinutes: 60 });
    expect(decision).toMatchObject({ allowed: false, code: 'does-not-fit', by: ['night'] });
    expect(decision.next?.toString()).toBe('2026-11-23T21:00:00Z');
    const never = decide(calendarOf([night]), { now: at('2026-11-23T00:30:00Z'), needMinutes: 300 });
    expect(never.next).toBeUndefined();
    expect(never.why).toContain('Nothing opens within 400 days.');
  });

  it('needs every calendar open, and one entry of each', () => {
    const team = spec({
      id: 'team',
      zone: 'Europe/Berlin',
      start: '2026-01-01T23:00',
      end: '2026-01-02T05:00',
      rrule: 'FREQ=DAILY',
      calendar: 'team',
    });
    const calendar = calendarOf([night, team]);
    expect(decide(calendar, { now: at('2026-11-23T21:30:00Z') })).toMatchObject({ allowed: false, by: ['team'] });
    expect(decide(calendar, { now: at('2026-11-23T22:30:00Z') }).allowed).toBe(true);
    expect(decide(calendar, { now: at('2026-11-23T21:30:00Z') }).next?.toString()).toBe('2026-11-23T22:00:00Z');
  });

  it('is about those whom its scope names', () => {
    const fraud = spec({
      kind: 'deny',
      start: '2026-11-01',
      end: '2026-12-01',
      scope: { where: { team: ['fraud'], endpoint: ['ep-*', '!ep-credit'] } },
    });
    const calendar = calendarOf([fraud]);
    const ask = (team: string, endpoint: string) =>
      decide(calendar, { now: at('2026-11-10T00:00:00Z'), target: { team: [team], endpoint: [endpoint] } }).allowed;
    expect([ask('fraud', 'ep-fraud'), ask('fraud', 'ep-credit'), ask('credit', 'ep-fraud')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each([
    ['ep-{fraud,credit-*}', ['ep-fraud', 'ep-credit-a'], ['ep-credit', 'ep-{fraud,credit-*}']],
    ['ep-**', ['ep-', 'ep-a/b'], ['EP-a']],
    ['ep-?', ['ep-1'], ['ep-', 'ep-12']],
    ['ep-\\*', ['ep-*'], ['ep-a']],
    ['ep-[!a-c]', ['ep-d', 'ep-!'], ['ep-a', 'ep-']],
    ['ep.{a', ['ep.{a'], ['epx{a', 'ep.a']],
  ])('%s is about %j and not about %j', (pattern, about, notAbout) => {
    const matches = (endpoint: string) => matchesScope({ where: { endpoint: [pattern] } }, { endpoint: [endpoint] });
    expect(about.map(matches)).toEqual(about.map(() => true));
    expect(notAbout.map(matches)).toEqual(notAbout.map(() => false));
  });

  it('refuses a pattern that cannot be read, and closes all that it might be about', () => {
    const broken = spec({ kind: 'deny', scope: { where: { endpoint: ['ep-[z-a]'] } } });
    const asked = { now: at('2026-11-01T00:00:00Z'), target: { endpoint: ['anything'] } };
    expect(decide(calendarOf([broken]), asked)).toMatchObject({ allowed: false, code: 'invalid-window' });
    const taken = spec({ kind: 'deny', scope: { where: { endpoint: ['!ep-[z-a]'] } } });
    expect(decide(calendarOf([taken]), asked).code).toBe('invalid-window');
  });

  it('knows no end beyond what it looks ahead', () => {
    const { start: _start, end: _end, ...rest } = spec({ cron: '* * * * *', duration: '1h' });
    const open = decide(calendarOf([rest]), { now: at('2026-11-01T00:00:00Z') });
    expect([open.allowed, open.until]).toEqual([true, undefined]);
    const shut = decide(calendarOf([{ ...rest, kind: 'deny' }]), { now: at('2026-11-01T00:00:00Z') });
    expect([shut.next, shut.why]).toEqual([undefined, 'Frozen by “w”, without an end. Nothing opens within 400 days.']);
  });

  it('keeps a freeze that begins in the hour the clocks skip, every year', () => {
    const gap = spec({
      kind: 'deny',
      zone: 'America/New_York',
      start: '2020-03-01T02:30',
      end: '2020-03-01T03:30',
      rrule: 'FREQ=DAILY',
    });
    const calendar = calendarOf([gap]);
    for (const day of ['2026-03-08', '2027-03-14', '2028-03-12'])
      expect(decide(calendar, { now: at(`${day}T07:45:00Z`) }).code).toBe('freeze');
  });

  it('closes what an entry is about that cannot be read, and nothing else', () => {
    const broken = spec({ id: 'broken', zone: 'Mars/Base', scope: { where: { endpoint: ['ep-fraud'] } } });
    const ask = (endpoint: string) =>
      decide(calendarOf([broken]), { now: at('2026-11-23T00:00:00Z'), target: { endpoint: [endpoint] } });
    expect(ask('ep-fraud')).toMatchObject({ allowed: false, code: 'invalid-window', by: ['broken'] });
    expect(ask('ep-fraud').why).toContain('Mars/Base');
    expect(ask('ep-credit').allowed).toBe(true);
  });

  it('starts again where it was, whichever way the clock is moved between questions', () => {
    const calendar = calendarOf([freeze, night]);
    for (const now of [
      '2026-12-25T12:00:00Z',
      '2030-06-01T20:30:00Z',
      '2026-11-23T21:30:00Z',
      '2026-12-25T12:00:00Z',
    ]) {
      const fresh = decide(calendarOf([freeze, night]), { now: at(now) });
      expect(decide(calendar, { now: at(now) })).toEqual(fresh);
    }
  });
});
