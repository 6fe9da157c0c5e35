import { Temporal } from 'temporal-polyfill';
import { gapCard, type HandoffView, handoffCard } from '../alerts/handoff.ts';
import { myShiftsCard } from '../alerts/my-shifts.ts';
import { type OnCallView, onCallCard } from '../alerts/oncall.ts';
import { type OverrideView, overrideCard } from '../alerts/override.ts';
import { type RotationView, rotationCard } from '../alerts/rotation.ts';
import { type ScheduleView, scheduleCard } from '../alerts/schedule.ts';
import { type SwapView, swapCard } from '../alerts/swap.ts';
import type { Sample } from '../gallery.ts';
import { ANN, at, BEN, DEV, HOSTILE } from './story.ts';

const SOURCE = 'wardroom.yaml and the overrides made in chat';
const GITA = 'Gita Rao';
const day = (date: string, time = '09:00') => Temporal.Instant.from(`${date}T${time}:00Z`);
const now = at('14:05');

const everywhere: OnCallView = {
  now,
  schedules: [
    { name: 'fraud-primary', who: [ANN.name], steps: [], gaps: [] },
    { name: 'fraud-secondary', who: [BEN.name], steps: [], gaps: [] },
    {
      name: 'platform-primary',
      who: [DEV.name],
      next: { at: day('2026-11-30'), who: [GITA] },
      steps: [],
      gaps: [],
    },
  ],
  others: [],
  source: SOURCE,
};

const fortnight: ScheduleView = {
  now,
  name: 'platform-primary',
  zone: 'Europe/Dublin',
  from: now,
  to: now.add({ hours: 14 * 24 }),
  shifts: [
    { who: [DEV.name], start: day('2026-11-23'), end: day('2026-11-26') },
    { who: [], start: day('2026-11-26'), end: day('2026-11-27') },
    { who: [DEV.name], start: day('2026-11-27'), end: day('2026-11-30') },
    { who: [GITA], start: day('2026-11-30'), end: day('2026-12-07') },
    { who: [DEV.name], start: day('2026-12-07'), end: day('2026-12-14') },
  ],
  gaps: [{ start: day('2026-11-26'), end: day('2026-11-27') }],
  overrides: [{ number: 4, words: 'without Dev Patel', from: day('2026-11-26'), to: day('2026-11-27') }],
  source: SOURCE,
};

const hourly = Array.from({ length: 336 }, (_, hour) => ({
  who: [hour % 2 === 0 ? ANN.name : BEN.name],
  start: now.add({ hours: hour }),
  end: now.add({ hours: hour + 1 }),
}));

const override: OverrideView = {
  now,
  number: 4,
  schedule: 'fraud-primary',
  words: 'Ben Okafor for everybody',
  from: at('18:00'),
  to: at('22:00'),
  by: BEN.name,
  reason: 'Ann is travelling',
  gaps: [],
};

const swap: SwapView = {
  now,
  number: 3,
  schedule: 'platform-primary',
  asker: GITA,
  asked: DEV.name,
  gives: { from: day('2026-11-30'), to: day('2026-12-07') },
  takes: { from: day('2026-12-07'), to: day('2026-12-14') },
  state: 'asked',
  expires: now.add({ hours: 24 }),
  reader: 'asked',
};

const rotation: RotationView = {
  now,
  stage: 'preview',
  schedule: 'platform-primary',
  zone: 'Europe/Dublin',
  words: `nights: ${BEN.name}, ${ANN.name}, every week at 18:00 from 30 Nov 2026, only Mon-Fri 18:00 to 08:00`,
  draft: 'DRF-104',
  fresh: false,
  gone: false,
  from: now,
  to: now.add({ hours: 14 * 24 }),
  shifts: fortnight.shifts,
  gaps: fortnight.gaps,
  before: [DEV.name],
  after: [BEN.name],
  touched: [DEV.name, BEN.name, ANN.name],
  uncalled: false,
};

const handoff: HandoffView = {
  now: day('2026-11-30'),
  schedule: 'platform-primary',
  next: { at: day('2026-12-07'), who: [DEV.name] },
  incidents: [],
};

export const oncallSamples = (): Sample[] => [
  { name: 'alerts/oncall', card: onCallCard(everywhere) },
  { name: 'alerts/oncall-ahead', card: onCallCard({ ...everywhere, at: day('2026-11-28') }) },
  {
    name: 'alerts/oncall-day',
    card: onCallCard({
      ...everywhere,
      at: day('2026-11-30', '00:00'),
      until: day('2026-12-01', '00:00'),
      scope: 'platform-primary',
      schedules: everywhere.schedules.slice(2).map((entry) => ({
        ...entry,
        who: [DEV.name, GITA],
        shifts: fortnight.shifts.slice(2, 4),
      })),
    }),
  },
  { name: 'alerts/rotation-preview', card: rotationCard(rotation) },
  {
    name: 'alerts/rotation-made',
    card: rotationCard({
      ...rotation,
      stage: 'made',
      id: 'ROT-101',
      by: GITA,
      reason: 'nights are quieter when two share them',
      gaps: [],
      shifts: hourly,
      fresh: true,
      uncalled: true,
    }),
  },
  {
    name: 'alerts/rotation-undone',
    card: rotationCard({
      ...rotation,
      stage: 'undone',
      id: 'ROT-101',
      by: GITA,
      words: HOSTILE,
      gaps: [],
      shifts: rotation.shifts.map((shift) => (shift.who.length > 0 ? shift : { ...shift, who: [GITA] })),
    }),
  },
  {
    name: 'alerts/rotation-deleted',
    card: rotationCard({
      ...rotation,
      stage: 'made',
      id: 'ROT-102',
      by: GITA,
      words: 'the whole schedule is gone',
      shifts: [],
      gaps: [],
      after: [],
      gone: true,
    }),
  },
  {
    name: 'alerts/oncall-endpoint',
    card: onCallCard({
      ...everywhere,
      scope: 'ep-fraud',
      schedules: everywhere.schedules.slice(0, 2).map((entry, index) => ({ ...entry, steps: [index + 1] })),
      others: [{ step: 3, who: 'everybody with the role admin' }],
    }),
  },
  {
    name: 'alerts/oncall-gap',
    card: onCallCard({
      ...everywhere,
      scope: 'platform-primary',
      schedules: [
        {
          name: 'platform-primary',
          who: [],
          next: { at: day('2026-11-24'), who: [GITA, DEV.name] },
          steps: [],
          gaps: [{ start: now, end: day('2026-11-24') }],
        },
      ],
    }),
  },
  {
    name: 'alerts/oncall-nothing',
    card: onCallCard({ ...everywhere, scope: 'be-claims', schedules: [] }),
  },
  {
    name: 'alerts/oncall-hostile-text',
    card: onCallCard({
      ...everywhere,
      scope: HOSTILE,
      schedules: [{ name: 'fraud-primary', who: [HOSTILE], steps: [1], gaps: [{ start: now }] }],
      others: [{ step: 2, who: HOSTILE }],
    }),
  },
  {
    name: 'alerts/my-shifts-running',
    card: myShiftsCard({
      now,
      days: 70,
      shifts: [
        { schedule: 'fraud-primary', start: day('2026-11-02'), end: undefined },
        { schedule: 'platform-primary', start: day('2026-12-07'), end: day('2026-12-14') },
      ].map(({ end, ...shift }) => ({ ...shift, ...(end ? { end } : {}) })),
      source: SOURCE,
    }),
  },
  {
    name: 'alerts/my-shifts-ahead',
    card: myShiftsCard({
      now,
      days: 70,
      shifts: [{ schedule: 'platform-primary', start: day('2026-11-30'), end: day('2026-12-07') }],
      source: SOURCE,
    }),
  },
  { name: 'alerts/my-shifts-none', card: myShiftsCard({ now, days: 70, shifts: [], source: SOURCE }) },
  { name: 'alerts/schedule', card: scheduleCard(fortnight) },
  {
    name: 'alerts/schedule-alone',
    card: scheduleCard({
      ...fortnight,
      name: 'fraud-primary',
      zone: 'Europe/Amsterdam',
      shifts: [{ who: [ANN.name], start: day('2026-11-02', '08:00') }],
      gaps: [],
      overrides: [],
    }),
  },
  {
    name: 'alerts/schedule-hourly',
    card: scheduleCard({ ...fortnight, shifts: hourly, gaps: [], overrides: [] }),
  },
  { name: 'alerts/override-ahead', card: overrideCard(override) },
  { name: 'alerts/override-running', card: overrideCard({ ...override, now: at('19:00') }) },
  { name: 'alerts/override-removed', card: overrideCard({ ...override, removedBy: ANN.name }) },
  { name: 'alerts/override-over', card: overrideCard({ ...override, now: at('23:00') }) },
  {
    name: 'alerts/override-gap',
    card: overrideCard({
      ...override,
      words: 'without Ann Berg',
      gaps: [{ start: override.from, end: override.to }],
    }),
  },
  {
    name: 'alerts/override-hostile-text',
    card: overrideCard({ ...override, words: HOSTILE, by: HOSTILE, reason: HOSTILE }),
  },
  { name: 'alerts/swap-asked', card: swapCard(swap) },
  { name: 'alerts/swap-asker', card: swapCard({ ...swap, reader: 'asker' }) },
  { name: 'alerts/swap-accepted', card: swapCard({ ...swap, state: 'accepted' }) },
  { name: 'alerts/swap-declined', card: swapCard({ ...swap, state: 'declined', reader: 'asker' }) },
  { name: 'alerts/swap-expired', card: swapCard({ ...swap, state: 'expired' }) },
  {
    name: 'alerts/swap-hostile-text',
    card: swapCard({ ...swap, asker: HOSTILE, asked: HOSTILE, reader: 'other' }),
  },
  { name: 'alerts/handoff-quiet', card: handoffCard(handoff) },
  {
    name: 'alerts/handoff-open',
    card: handoffCard({
      ...handoff,
      incidents: [
        { id: 'INC-101', severity: 1, headline: 'ep-churn drifts: PSI of tenure is 0.31, limit 0.20', with: DEV.name },
        { id: 'INC-102', severity: 2, headline: HOSTILE },
      ],
    }),
  },
  {
    name: 'alerts/gap-ahead',
    card: gapCard({ now, schedule: 'fraud-primary', gap: { start: at('20:00'), end: at('21:00') } }),
  },
  { name: 'alerts/gap-now', card: gapCard({ now, schedule: 'fraud-primary', gap: { start: now } }) },
];
