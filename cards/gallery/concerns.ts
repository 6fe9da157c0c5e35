import { type ConcernView, concernCard, concernsCard, concernThanksCard } from '../alerts/concern.ts';
import { type MisuseView, misuseCard, misuseListCard } from '../alerts/misuse.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const concern: ConcernView = {
  now: at('15:10'),
  id: 'CON-101',
  about: 'fraud-detector',
  endpoint: 'ep-fraud',
  text: 'It declines cards of older people more often, and nobody looks at it.',
  state: 'open',
  at: at('15:00'),
  heardBy: ['Inês Duarte', 'Cara Lindt'],
  notes: [],
};

const stopped: MisuseView = {
  now: at('15:20'),
  id: 'MIS-101',
  endpoint: 'ep-fraud',
  purpose: 'Stops fraudulent card payments before they are authorised',
  state: 'assessing',
  why: 'it is used to screen applicants',
  by: ['Ann Berg', 'Dev Patel'],
  openedAt: at('15:15'),
  concern: 'CON-101',
  before: 'blue 90 %, green 10 %',
  checklist: [
    {
      id: 1,
      what: 'Who and what was affected, since when',
      owner: 'Ann Berg',
      done: { by: 'Ann Berg', note: '210 applicants since Monday' },
    },
    { id: 2, what: 'Logs, collected data and versions are kept as evidence', owner: 'Ann Berg' },
    { id: 3, what: 'Whether a report is due (law, regulator, contract) and by when', owner: 'Inês Duarte' },
  ],
};
const answered = stopped.checklist.map((each) => ({ ...each, done: { by: each.owner, note: 'looked into' } }));

export const concernSamples = (): Sample[] => [
  { name: 'alerts/concern-anonymous', card: concernCard(concern) },
  {
    name: 'alerts/concern-answered',
    card: concernCard({
      ...concern,
      by: 'Jón Sigurðsson',
      state: 'answered',
      notes: [
        { what: 'answered', by: 'Inês Duarte', text: 'We look at the rates by age on Monday.', at: at('15:40') },
        { what: 'contained', by: 'Ann Berg', text: 'ep-fraud was stopped: MIS-101', at: at('15:50') },
      ],
    }),
  },
  {
    name: 'alerts/concern-closed',
    card: concernCard({
      ...concern,
      about: HOSTILE,
      text: HOSTILE,
      by: HOSTILE,
      state: 'closed',
      notes: [{ what: 'closed', by: HOSTILE, text: HOSTILE, at: at('15:50') }],
    }),
  },
  {
    name: 'alerts/concern-thanks',
    card: concernThanksCard({
      now: at('15:10'),
      id: 'CON-101',
      about: 'fraud-detector',
      heardBy: ['Inês Duarte', 'Cara Lindt'],
      anonymous: true,
    }),
  },
  {
    name: 'alerts/concerns',
    card: concernsCard({
      now: at('15:10'),
      scope: 'open',
      concerns: [concern, { ...concern, id: 'CON-100', state: 'answered' }],
    }),
  },
  { name: 'alerts/concerns-none', card: concernsCard({ now: at('15:10'), scope: 'open', concerns: [] }) },
  {
    name: 'alerts/misuse-stopping',
    card: misuseCard({ ...stopped, state: 'containing', checklist: stopped.checklist.slice(1) }),
  },
  { name: 'alerts/misuse-assessing', card: misuseCard(stopped) },
  { name: 'alerts/misuse-board', card: misuseCard({ ...stopped, state: 'board', checklist: answered }) },
  {
    name: 'alerts/misuse-lessons',
    card: misuseCard({
      ...stopped,
      state: 'lessons',
      checklist: answered,
      decision: { what: 'restore', by: ['Cara Lindt', 'Eva Moreau'] },
    }),
  },
  {
    name: 'alerts/misuse-closed',
    card: misuseCard({
      ...stopped,
      why: HOSTILE,
      state: 'closed',
      checklist: answered,
      decision: { what: 'keep-stopped', by: ['Cara Lindt', 'Eva Moreau'] },
      lessons: HOSTILE,
    }),
  },
  { name: 'alerts/misuse-list', card: misuseListCard({ now: at('15:20'), cases: [stopped] }) },
  { name: 'alerts/misuse-list-none', card: misuseListCard({ now: at('15:20'), cases: [] }) },
];
