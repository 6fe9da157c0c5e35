import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { concernsCard } from '../../cards/alerts/concern.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';

const MOST = 50;

export const concerns = capability({
  id: 'alerts.concerns',
  summary: 'List the concerns that are not closed, or all of them',
  phrases: ['concerns', 'all concerns'],
  examples: ['concerns', 'all concerns'],
  input: z.object({ which: oneOf(['open', 'all']).default('open') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { which }) => {
    const rows = await rooms.concerns.list(rooms.db, { open: which === 'open', most: MOST });
    const concerns = rows.map(({ id, about, state, text, raised_at }) => ({
      id,
      about,
      state,
      text,
      at: Temporal.Instant.from(raised_at),
    }));
    return {
      text: concerns.map(({ id, about, state }) => `${id}  ${state}  ${about}`).join('\n') || 'No concern is open.',
      card: concernsCard({ now, scope: which, concerns }),
      data: concerns.map(({ at, ...rest }) => ({ ...rest, at: at.toString() })),
    };
  },
});
