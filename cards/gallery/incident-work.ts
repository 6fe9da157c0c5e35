import { calendarCard } from '../alerts/calendar.ts';
import { type PagerView, pagerAlarmCard, pagerCard, testPageCard } from '../alerts/pager.ts';
import { type PostMortemView, postMortemCard } from '../alerts/post-mortem.ts';
import { type RelatedView, relatedCard } from '../alerts/related.ts';
import { type StatisticsView, statisticsCard } from '../alerts/statistics.ts';
import { type TasksView, tasksCard } from '../alerts/tasks.ts';
import type { Sample } from '../gallery.ts';
import { ANN, at, BEN, DEV, HOSTILE } from './story.ts';

const now = at('15:05');
const FEED = `https://wardroom.northwind.example/feeds/${'0a1b2c3d'.repeat(8)}`;

const tasks: TasksView = {
  now,
  of: 'INC-142',
  note: 'TSK-104 is written down for Ben Okafor.',
  tasks: [
    { id: 'TSK-103', incident: 'INC-142', text: 'tell the call centre', due: at('15:00') },
    {
      id: 'TSK-104',
      incident: 'INC-142',
      text: 'call the vendor of the payment gateway',
      who: BEN.name,
      due: at('16:00'),
    },
    { id: 'TSK-102', incident: 'INC-142', text: 'switch the shop to the old model', who: DEV.name, done: DEV.name },
  ],
};

const related: RelatedView = {
  now,
  id: 'INC-142',
  since: at('14:05'),
  alerts: [
    { headline: 'PSI of amount on ep-fraud is 0.31, limit 0.20', since: at('14:05'), source: 'eventgrid' },
    {
      headline: 'p95 latency of ep-fraud/green is 810 ms, limit 400 ms',
      since: at('14:06'),
      until: at('14:50'),
      source: 'azure-monitor',
    },
  ],
  incidents: [
    {
      id: 'INC-141',
      headline: 'ep-aml answers slowly',
      severity: 2,
      state: 'acknowledged',
      since: at('13:40'),
      why: 'the same team',
    },
    {
      id: 'INC-120',
      headline: 'ep-fraud drifts: PSI of country is 0.22, limit 0.20',
      severity: 3,
      state: 'resolved',
      since: at('09:05'),
      why: 'the same endpoint, ep-fraud',
    },
  ],
};

const statistics: StatisticsView = {
  now,
  from: at('00:00').subtract({ hours: 24 * 30 }),
  to: now,
  picture: 'days',
  count: 61,
  open: 2,
  acknowledged: 38,
  unattended: 21,
  mtta: 412,
  medianAck: 190,
  mttr: 5_400,
  medianResolve: 2_640,
  severities: [
    { severity: 1, count: 9 },
    { severity: 2, count: 31 },
    { severity: 3, count: 21 },
  ],
  days: Array.from({ length: 30 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    count: (index * 7) % 5,
  })),
  rules: [
    { rule: 'ep-churn-latency', incidents: 24, alerts: 61, unattended: 19 },
    { rule: 'ep-fraud-drift-monitor', incidents: 9, alerts: 12, unattended: 0 },
    { rule: 'FeatureStoreLag', incidents: 6, alerts: 30, unattended: 2 },
  ],
  people: [
    { name: DEV.name, pages: 31, night: 9 },
    { name: ANN.name, pages: 22, night: 0 },
    { name: BEN.name, pages: 4, night: 0 },
  ],
};

const draft: PostMortemView = {
  now,
  id: 'INC-142',
  title: 'INC-142: ep-fraud drifts: PSI of amount is 0.31, limit 0.20',
  resolved: true,
  story: [
    'It began on Mon 23 Nov 15:05 (Europe/Amsterdam) as SEV 1.',
    'It was acknowledged after 11 min.',
    'It was over after 47 min: all traffic is back on blue.',
    'Before it: green got 10% of the traffic of ep-fraud, 45 min earlier.',
  ],
  impact: ['Stops fraudulent card payments before they are authorised', '€4,200 an hour was at risk for 47 min.'],
  people: ['Called: Ann Berg, Ben Okafor', 'Ben Okafor: acknowledged it; asked to roll back to blue'],
  actions: [
    { text: 'TSK-104: call the vendor of the payment gateway · Ben Okafor', done: true },
    { text: 'TSK-105: alarm on traffic to green · nobody yet', done: false },
  ],
  url: `${FEED}.md`,
};

const pager: PagerView = {
  now,
  heartbeat: { every: 5, heard: at('15:01'), tried: at('15:01'), failures: 0 },
  overdue: [],
  tests: [
    { id: 7, who: ANN.name, at: at('09:00'), state: 'confirmed' },
    { id: 6, who: DEV.name, at: at('08:00'), state: 'delivered' },
  ],
};

/** What people do around an incident, and the watch over the pager. */
export const incidentWorkSamples = (): Sample[] => [
  { name: 'alerts/tasks', card: tasksCard(tasks) },
  { name: 'alerts/tasks-none', card: tasksCard({ now, of: 'you', tasks: [] }) },
  {
    name: 'alerts/tasks-hostile-text',
    card: tasksCard({
      now,
      of: HOSTILE,
      note: HOSTILE,
      tasks: [{ id: 'TSK-101', incident: 'INC-142', text: HOSTILE, who: HOSTILE }],
    }),
  },
  { name: 'alerts/related', card: relatedCard(related) },
  {
    name: 'alerts/related-alone',
    card: relatedCard({
      ...related,
      alerts: [{ headline: HOSTILE, since: at('14:05'), source: HOSTILE }],
      incidents: [],
    }),
  },
  { name: 'alerts/statistics', card: statisticsCard(statistics) },
  { name: 'alerts/statistics-rules', card: statisticsCard({ ...statistics, picture: 'rules' }) },
  { name: 'alerts/statistics-nights', card: statisticsCard({ ...statistics, picture: 'nights' }) },
  {
    name: 'alerts/statistics-none',
    card: statisticsCard({
      now,
      from: statistics.from,
      to: now,
      picture: 'days',
      count: 0,
      open: 0,
      acknowledged: 0,
      unattended: 0,
      severities: [],
      days: [],
      rules: [],
      people: [],
    }),
  },
  { name: 'alerts/post-mortem', card: postMortemCard(draft) },
  {
    name: 'alerts/post-mortem-hostile-text',
    card: postMortemCard({
      ...draft,
      title: HOSTILE,
      story: [HOSTILE],
      people: [HOSTILE],
      impact: [HOSTILE],
      actions: [],
      resolved: false,
      url: 'http://127.0.0.1:3978/feeds/0a1b.md',
    }),
  },
  { name: 'alerts/calendar', card: calendarCard({ now, of: 'platform-primary', url: `${FEED}.ics` }) },
  { name: 'alerts/calendar-revoked', card: calendarCard({ now, of: 'you', revoked: 2 }) },
  { name: 'alerts/pager', card: pagerCard(pager) },
  {
    name: 'alerts/pager-broken',
    card: pagerCard({
      now,
      heartbeat: { every: 5, tried: at('15:04'), failures: 3, error: 'it answered 503' },
      overdue: [
        { incident: 'INC-142', at: at('14:20') },
        { incident: 'INC-143', at: at('14:50') },
      ],
      tests: [{ id: 8, who: BEN.name, at: at('15:00'), state: 'not delivered' }],
    }),
  },
  { name: 'alerts/pager-deaf', card: pagerCard({ now, overdue: [], tests: [] }) },
  { name: 'alerts/test-page', card: testPageCard({ now, id: 8, at: now, asker: 'you' }) },
  {
    name: 'alerts/test-page-confirmed',
    card: testPageCard({ now, id: 8, at: at('15:04'), asker: ANN.name, confirmed: now }),
  },
  {
    name: 'alerts/pager-alarm-overdue',
    card: pagerAlarmCard({ now, what: 'overdue', incident: 'INC-142', minutes: 7 }),
  },
  {
    name: 'alerts/pager-alarm-undelivered',
    card: pagerAlarmCard({ now, what: 'undelivered', who: BEN.name, page: 8 }),
  },
  { name: 'alerts/pager-alarm-unconfirmed', card: pagerAlarmCard({ now, what: 'unconfirmed', who: HOSTILE, page: 8 }) },
];
