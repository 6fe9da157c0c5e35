import { Temporal } from 'temporal-polyfill';
import { type PagerView, pagerCard } from '../../cards/alerts/pager.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { capability, nothing } from '../capability.ts';

const at = (text: string) => Temporal.Instant.from(text);

export const pager = capability({
  id: 'alerts.pager',
  summary: 'Say whether paging works: the heartbeat outside, steps that were forgotten, the latest test pages',
  phrases: ['pager', 'is paging working', 'pager health'],
  examples: ['is paging working'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const found = await rooms.alerts.watch.standing(rooms.db);
    const { pulse } = found;
    const view: PagerView = {
      now,
      ...(found.configured
        ? {
            heartbeat: {
              every: found.every,
              failures: pulse?.failures ?? 0,
              ...(pulse?.heard_at ? { heard: at(pulse.heard_at) } : {}),
              ...(pulse?.tried_at ? { tried: at(pulse.tried_at) } : {}),
              ...(pulse?.last_error ? { error: pulse.last_error } : {}),
            },
          }
        : {}),
      overdue: found.overdue.map(({ incident, healed_at }) => ({ incident, at: at(healed_at) })),
      tests: found.tests.map((row) => ({
        id: row.id,
        who: rooms.people.nameOf(row.person),
        at: at(row.created_at),
        state: row.confirmed_at
          ? 'confirmed'
          : row.delivered_at
            ? 'delivered'
            : row.alarmed_at
              ? 'not delivered'
              : 'on its way',
      })),
    };
    const card = pagerCard(view);
    const tests = view.tests.map(({ id, who, state }) => `test page ${id}: ${who}, ${state}`);
    return { text: [summaryOf(card), ...tests].join('\n'), card, data: found };
  },
});
