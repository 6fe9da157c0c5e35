import { z } from 'zod/v4';
import { heartbeatsCard } from '../../cards/alerts/heartbeats.ts';
import { inWords } from '../../services/alerts/index.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';

const MOST = 50;
const FIRST = { missing: 0, late: 1, waiting: 2, alive: 3 } as const;

export const heartbeats = capability({
  id: 'alerts.heartbeats',
  summary: 'List the jobs that call as long as they live, and which of them are silent',
  phrases: ['heartbeats', 'list heartbeats', 'show heartbeats'],
  examples: ['heartbeats'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }) => {
    const all = (await rooms.alerts.heartbeats(rooms.db)).sort((a, b) => FIRST[a.state] - FIRST[b.state]);
    const views = all.map(({ expected, state, heard, silentAt }) => {
      const of = expected.endpoint ?? expected.team;
      return {
        id: expected.id,
        state,
        every: inWords(expected.every),
        ...(heard ? { lastAt: heard.lastAt } : {}),
        ...(silentAt ? { silentAt } : {}),
        ...(of ? { of } : {}),
      };
    });
    const lines = views.map(({ id, state, every, lastAt }) => {
      const last = lastAt ? `last heard ${said(lastAt, actor.zone)}` : 'never heard';
      return `${id}  ${state}  every ${every}  ${last}`;
    });
    return {
      text: lines.join('\n') || 'No heartbeat is expected: name them under heartbeats in wardroom.yaml.',
      card: heartbeatsCard({ now, heartbeats: views.slice(0, MOST), total: views.length }),
      data: views.map(({ lastAt, silentAt, ...rest }) => ({
        ...rest,
        ...(lastAt ? { lastAt: lastAt.toString() } : {}),
        ...(silentAt ? { silentAt: silentAt.toString() } : {}),
      })),
    };
  },
});
