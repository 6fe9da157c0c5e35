import { type GroupView, groupCard } from '../alerts/group.ts';
import { type SilenceView, silenceCard } from '../alerts/silence.ts';
import { silencesCard } from '../alerts/silences.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const group: GroupView = {
  now: at('14:20'),
  incident: 'INC-104',
  severity: 2,
  headline: 'p95 of ep-fraud is 431 ms, limit 250 ms',
  what: 'new',
  firing: [
    { headline: 'p95 of ep-fraud is 431 ms, limit 250 ms', since: at('14:05') },
    { headline: '5xx of ep-fraud are 3.1 %, limit 1 %', since: at('14:18') },
  ],
  over: [],
};
const many = Array.from({ length: 20 }, (_, index) => ({ headline: `${HOSTILE}${index}`, since: at('14:05') }));

const silence: SilenceView = {
  now: at('14:20'),
  id: 'SIL-103',
  kind: 'silence',
  state: 'in force',
  what: 'kind=latency, endpoint=ep-fraud',
  from: at('14:10'),
  until: at('16:10'),
  by: 'Ann Berg',
  reason: 'load test of the vendor',
  held: [{ headline: 'p95 of ep-fraud is 431 ms, limit 250 ms', since: at('14:18') }],
  heldTotal: 1,
  incidents: ['INC-104'],
};
const { held: _held, heldTotal: _total, incidents: _incidents, now: _now, ...listed } = silence;

/** What groups of alerts say, and what keeps them quiet. */
export const noiseSamples = (): Sample[] => [
  { name: 'alerts/group', card: groupCard(group) },
  {
    name: 'alerts/group-some-over',
    card: groupCard({
      ...group,
      what: 'over',
      firing: group.firing.slice(0, 1),
      over: [{ headline: '5xx of ep-fraud are 3.1 %, limit 1 %', since: at('14:18'), until: at('14:19') }],
      muted: 2,
    }),
  },
  {
    name: 'alerts/group-resolved',
    card: groupCard({
      ...group,
      what: 'resolved',
      firing: [],
      over: group.firing.map((one) => ({ ...one, until: at('14:40') })),
    }),
  },
  {
    name: 'alerts/group-hostile-text',
    card: groupCard({ ...group, headline: HOSTILE, firing: many, firingTotal: 250, over: many, overTotal: 4_000 }),
  },
  { name: 'alerts/silence', card: silenceCard(silence) },
  { name: 'alerts/silence-ending', card: silenceCard({ ...silence, ending: true, now: at('15:55') }) },
  {
    name: 'alerts/silence-ahead',
    card: silenceCard({
      ...silence,
      id: 'MNT-101',
      kind: 'maintenance',
      state: 'ahead',
      from: at('22:00'),
      until: at('23:30'),
      held: [],
      heldTotal: 0,
      incidents: [],
    }),
  },
  {
    name: 'alerts/silence-ended',
    card: silenceCard({ ...silence, state: 'ended', endedBy: 'Ben Okafor', held: [], heldTotal: 0 }),
  },
  {
    name: 'alerts/silence-hostile-text',
    card: silenceCard({
      ...silence,
      what: HOSTILE.repeat(9),
      reason: HOSTILE.repeat(9),
      by: HOSTILE,
      held: many,
      heldTotal: 9_000,
    }),
  },
  {
    name: 'alerts/silences',
    card: silencesCard({
      now: at('14:20'),
      silences: [
        { ...listed, holds: 1 },
        {
          ...listed,
          id: 'MNT-101',
          kind: 'maintenance',
          state: 'ahead',
          from: at('22:00'),
          until: at('23:30'),
          what: 'ep-churn',
          holds: 0,
        },
        { ...listed, id: 'SIL-102', state: 'over', until: at('12:00'), holds: 0 },
      ],
      total: 41,
    }),
  },
  { name: 'alerts/silences-none', card: silencesCard({ now: at('14:20'), silences: [], total: 0 }) },
];
