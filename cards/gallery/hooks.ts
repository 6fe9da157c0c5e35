import { type HeartbeatsView, heartbeatsCard } from '../alerts/heartbeats.ts';
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

/** What comes in by webhook, and whether it does. */
export const hookSamples = (): Sample[] => [
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
