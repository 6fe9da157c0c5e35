import { Temporal } from 'temporal-polyfill';
import { misuseListCard } from '../../cards/alerts/misuse.ts';
import { capability, nothing } from '../capability.ts';

const MOST = 50;

export const misuseCases = capability({
  id: 'alerts.misuse-cases',
  summary: 'List the cases of misuse',
  phrases: ['misuse cases', 'misuse'],
  examples: ['misuse cases'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const rows = await rooms.concerns.misuse.list(rooms.db, MOST);
    const cases = rows.map(({ id, endpoint, state, why, opened_at }) => ({
      id,
      endpoint,
      state,
      why,
      openedAt: Temporal.Instant.from(opened_at),
    }));
    return {
      text:
        cases.map(({ id, endpoint, state }) => `${id}  ${state}  ${endpoint}`).join('\n') ||
        'There has been no case of misuse.',
      card: misuseListCard({ now, cases }),
      data: rows.map(({ id, endpoint, state, why }) => ({ id, endpoint, state, why })),
    };
  },
});
