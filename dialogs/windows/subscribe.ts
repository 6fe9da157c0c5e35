import { z } from 'zod/v4';
import { subscribedCard } from '../../cards/windows/subscribed.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededEndpoint } from './view.ts';

export const subscribe = capability({
  id: 'windows.subscribe',
  summary: 'Get an address of the change calendar, to subscribe to in Outlook',
  phrases: [
    'subscribe to windows [of {endpoint}]',
    'calendar of windows [of {endpoint}]',
    'subscribe to the change calendar [of {endpoint}]',
    'subscribe to the calendar',
  ],
  examples: ['subscribe to windows', 'subscribe to windows of ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now, place }, { endpoint }) => {
    if (endpoint) neededEndpoint(rooms, endpoint);
    const url = await rooms.windows.feed.subscribe(tx, actor.id, endpoint);
    // The address is its own key: where others read along it is not said.
    const alone = place.kind === 'personal' || place.kind === 'console';
    const view = { now, about: endpoint ?? 'everything', ...(alone ? { url } : {}) };
    return {
      text: alone
        ? `The change calendar of ${view.about}: ${url}`
        : 'Ask me in our own chat: the address is for you alone.',
      card: subscribedCard(view),
      data: alone ? { url } : {},
    };
  },
});
