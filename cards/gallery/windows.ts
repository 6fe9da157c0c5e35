import { Temporal } from 'temporal-polyfill';
import type { Sample } from '../gallery.ts';
import { type AnswerView, answerCard } from '../windows/answer.ts';
import { type CalendarView, calendarCard } from '../windows/calendar.ts';
import { type EntryView, entryCard } from '../windows/entry.ts';
import { importedCard } from '../windows/imported.ts';
import { at, HOSTILE } from './story.ts';

const utc = (text: string) => Temporal.Instant.from(text);
const ZONE = 'Europe/Amsterdam';

/** Monday to Thursday until eight, Friday until noon, and Black Friday in between. */
const days: CalendarView['days'] = Array.from({ length: 14 }, (_, index) => {
  const date = Temporal.PlainDate.from('2026-11-23').add({ days: index });
  const frozen = index >= 3 && index <= 7 ? (index === 3 ? 6 : index === 7 ? 8 : 24) : 0;
  const open = date.dayOfWeek <= 4 ? 12 : date.dayOfWeek === 5 ? 4 : 0;
  const left = Math.max(0, Math.min(open, 24 - frozen));
  return {
    date: date.toString(),
    open: left,
    closed: 24 - left - frozen,
    frozen,
    what: frozen > 0 ? ['Black Friday'] : [],
  };
});

const calendar: CalendarView = {
  now: at('14:10'),
  about: 'everything',
  frozenNow: ['ep-churn', 'ep-recommend'],
  endpoints: 7,
  days,
  zone: ZONE,
  entries: [
    {
      id: 'FRZ-101',
      name: 'the payment provider migrates',
      kind: 'deny',
      scope: 'team retail',
      zone: ZONE,
      from: at('13:00'),
      until: utc('2026-11-30T07:00:00Z'),
      active: true,
    },
    {
      id: 'office-hours',
      name: 'Working days, 08:00 to 20:00',
      kind: 'allow',
      scope: 'workspace mlw-payments-weu',
      zone: ZONE,
      from: utc('2026-11-23T07:00:00Z'),
      until: utc('2026-11-23T19:00:00Z'),
      active: true,
    },
    {
      id: 'WIN-101',
      name: 'Patch Tuesday',
      kind: 'maintenance',
      scope: 'endpoint ep-churn',
      zone: 'America/New_York',
      from: utc('2026-12-09T03:00:00Z'),
      until: utc('2026-12-09T07:00:00Z'),
      active: false,
    },
    {
      id: 'WIN-102',
      name: HOSTILE,
      kind: 'advisory',
      scope: 'everything',
      zone: 'UTC',
      active: false,
      invalid: 'I do not know the time zone “Mars/Base”. Write an IANA name, such as Europe/Berlin.',
    },
  ],
};

const closed: AnswerView = {
  now: at('19:30'),
  endpoint: 'ep-fraud',
  allowed: false,
  why: 'Changes run only in “Working days, 08:00 to 20:00”, and it is closed now. Next: Tue 24 Nov 2026 08:00 Europe/Amsterdam (07:00 UTC).',
  zone: ZONE,
  until: utc('2026-11-24T07:00:00Z'),
  next: utc('2026-11-24T07:00:00Z'),
  by: ['Working days, 08:00 to 20:00', 'Fridays until noon'],
  advisories: ['Quarter end'],
  needMinutes: 35,
  ask: 'Fraud',
  mute: false,
};

const freeze: EntryView = {
  now: at('14:10'),
  id: 'FRZ-101',
  kind: 'deny',
  name: 'the payment provider migrates',
  scope: 'team fraud',
  endpoints: ['ep-fraud', 'ep-aml'],
  zone: ZONE,
  from: at('14:10'),
  until: utc('2026-11-30T07:00:00Z'),
  reason: 'the payment provider migrates',
  by: 'Ann Berg',
  exempt: ['security', 'emergency', 'rollback'],
  notes: [],
  holdsUp: ['RFC-104 Deploy fraud-detector:8 (24 Nov 10:00)'],
  fromFile: false,
};

export const windowSamples = (): Sample[] => [
  { name: 'windows/calendar', card: calendarCard(calendar) },
  {
    name: 'windows/calendar-quiet',
    card: calendarCard({ ...calendar, about: 'ep-aml', frozenNow: [], endpoints: 1, entries: [] }),
  },
  { name: 'windows/answer-closed', card: answerCard(closed) },
  {
    name: 'windows/answer-open',
    card: answerCard({
      now: at('14:10'),
      endpoint: 'ep-fraud',
      allowed: true,
      why: '“Working days, 08:00 to 20:00” is open until Mon 23 Nov 2026 20:00 Europe/Amsterdam (19:00 UTC).',
      zone: ZONE,
      until: at('19:00'),
      by: ['Working days, 08:00 to 20:00'],
      advisories: [],
      mute: true,
    }),
  },
  { name: 'windows/freeze', card: entryCard(freeze) },
  {
    name: 'windows/freeze-ended',
    card: entryCard({ ...freeze, holdsUp: [], ended: { at: at('16:00'), by: 'Finn O’Hara' } }),
  },
  {
    name: 'windows/entry-file',
    card: entryCard({
      now: at('14:10'),
      id: 'feature-store-maintenance',
      kind: 'maintenance',
      name: 'Feature store maintenance',
      scope: 'workspace mlw-retail-weu',
      endpoints: ['ep-churn', 'ep-recommend', 'ep-demand'],
      zone: ZONE,
      from: utc('2026-12-01T01:00:00Z'),
      until: utc('2026-12-01T03:00:00Z'),
      rule: 'FREQ=MONTHLY;BYDAY=1TU',
      exempt: [],
      notes: ['“W. Europe Standard Time” is a Windows name; I read it as Europe/Berlin.'],
      holdsUp: [],
      fromFile: true,
    }),
  },
  {
    name: 'windows/imported',
    card: importedCard({
      now: at('14:10'),
      kind: 'deny',
      scope: 'everything',
      entries: [
        { id: 'FRZ-102', name: 'Christmas Day', start: '2026-12-25', zone: ZONE },
        { id: 'FRZ-103', name: HOSTILE, start: '2027-01-01', zone: ZONE },
      ],
      skipped: ['Team lunch: it is cancelled.'],
    }),
  },
];
