import { type GroupView, groupCard } from '../alerts/group.ts';
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
];
