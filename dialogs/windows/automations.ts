import { Temporal } from 'temporal-polyfill';
import { deliveriesCard, deliveriesWords } from '../../cards/windows/deliveries.ts';
import { capability, nothing } from '../capability.ts';

const MOST = 50;

export const automations = capability({
  id: 'windows.automations',
  summary: 'The log of what Wardroom sent to Logic Apps and webhooks',
  phrases: ['automations', 'automation log', 'webhooks', 'delivery log'],
  examples: ['automations'],
  input: nothing,
  roles: ['admin', 'engineering'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const rows = await rooms.windows.automations.deliveries(rooms.db, MOST);
    const deliveries = rows.map(({ id, automation, event, state, attempts, created_at, last_error, replay_of }) => ({
      id: Number(id),
      automation,
      event,
      state,
      attempts,
      at: Temporal.Instant.from(created_at),
      ...(last_error ? { error: last_error } : {}),
      ...(replay_of === null ? {} : { replayOf: Number(replay_of) }),
    }));
    const view = { now, automations: rooms.organisation.automations.length, deliveries };
    return {
      text: [
        `${deliveriesWords(view)}.`,
        ...deliveries.map(
          ({ id, event, automation, state, error }) => `${id}  ${state}  ${event}  ${automation}  ${error ?? ''}`,
        ),
      ].join('\n'),
      card: deliveriesCard(view),
      data: deliveries.map((each) => ({ ...each, at: each.at.toString() })),
    };
  },
});
