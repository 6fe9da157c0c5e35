import { eventsCard } from '../alerts/events.ts';
import { type ExplainView, explainCard } from '../alerts/explain.ts';
import { type HeartbeatsView, heartbeatsCard } from '../alerts/heartbeats.ts';
import { rejectedCard } from '../alerts/rejected.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const heartbeats: HeartbeatsView['heartbeats'] = [
  {
    id: 'nightly-labels',
    state: 'missing',
    every: '24 h',
    lastAt: at('14:05').subtract({ hours: 26 }),
    silentAt: at('12:35'),
    of: 'ep-churn',
  },
  { id: 'feature-store', state: 'late', every: '15 min', lastAt: at('13:48'), silentAt: at('14:08'), of: 'Platform' },
  { id: 'monthly-report', state: 'waiting', every: '31 days' },
  { id: 'ingest', state: 'alive', every: '5 min', lastAt: at('14:03'), silentAt: at('14:13') },
];

const explained: ExplainView = {
  now: at('14:30'),
  id: 'EVT-1204',
  state: 'done',
  headline: 'p95 of ep-fraud is 431 ms, limit 250 ms',
  incident: 'INC-101',
  facts: [
    ['Hook', 'alertmanager'],
    ['Rule', 'FraudLatency'],
    ['Says', 'fired, Sev0, latency'],
    ['Key', 'alertmanager:6ed6ab5e8d1f2a3b@ep-fraud'],
  ],
  steps: [
    { rule: 'Received', what: 'kept as EVT-1204', why: 'its key was not seen before' },
    { rule: 'Place', what: 'ep-fraud, owned by Fraud', why: 'wardroom.yaml has this endpoint' },
    { rule: 'Incident', what: 'joined INC-101', why: 'The same endpoint had a signal less than 30 minutes before.' },
    { rule: 'Severity', what: 'SEV 1', why: 'the worst signal is Sev0; €4,200 an hour at risk' },
    { rule: 'Told', what: 'Ann Berg', why: 'on call in fraud-primary' },
  ],
};
const refused = [
  { day: '2026-11-23', door: 'the door of Event Grid', reason: 'their key is not one of ours', count: 1204 },
  { day: '2026-11-22', door: 'the door of your own webhooks', reason: 'they brought no key', count: 1 },
];

/** What comes in by webhook, and whether it does. */
export const hookSamples = (): Sample[] => [
  { name: 'alerts/explain', card: explainCard(explained) },
  {
    name: 'alerts/explain-malformed',
    card: explainCard({
      now: at('14:30'),
      id: 'EVT-1205',
      state: 'malformed',
      headline: 'fields.headline: /title points to no text',
      facts: [['Hook', 'generic/data-quality']],
      steps: [{ rule: 'Read', what: 'it does not fit', why: 'fields.headline: /title points to no text' }],
    }),
  },
  {
    name: 'alerts/explain-hostile-text',
    card: explainCard({
      ...explained,
      headline: HOSTILE,
      facts: [['Rule', HOSTILE.repeat(20)]],
      steps: Array.from({ length: 60 }, () => ({ rule: HOSTILE, what: HOSTILE, why: HOSTILE.repeat(9) })),
    }),
  },
  {
    name: 'alerts/events',
    card: eventsCard({
      now: at('14:30'),
      incident: 'INC-101',
      events: [
        { id: 'EVT-1205', state: 'malformed', hook: 'generic/data-quality', at: at('14:29'), text: 'no text' },
        { id: 'EVT-1204', state: 'done', hook: 'alertmanager', at: at('14:06'), text: explained.headline },
      ],
    }),
  },
  { name: 'alerts/events-none', card: eventsCard({ now: at('14:30'), events: [] }) },
  { name: 'alerts/rejected', card: rejectedCard({ now: at('14:30'), rejections: refused }) },
  { name: 'alerts/rejected-none', card: rejectedCard({ now: at('14:30'), rejections: [] }) },
  { name: 'alerts/heartbeats', card: heartbeatsCard({ now: at('14:05'), heartbeats }) },
  { name: 'alerts/heartbeats-alive', card: heartbeatsCard({ now: at('14:05'), heartbeats: heartbeats.slice(3) }) },
  { name: 'alerts/heartbeats-none', card: heartbeatsCard({ now: at('14:05'), heartbeats: [] }) },
  {
    name: 'alerts/heartbeats-hostile-text',
    card: heartbeatsCard({
      now: at('14:05'),
      heartbeats: Array.from({ length: 40 }, (_, index) => ({
        id: `${HOSTILE}${index}`,
        state: 'late' as const,
        every: HOSTILE,
        of: HOSTILE,
      })),
      total: 400,
    }),
  },
];
