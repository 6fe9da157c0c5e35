import { z } from 'zod/v4';
import { concernCard, concernSummary } from '../../cards/alerts/concern.ts';
import { numbered } from '../arguments.ts';
import { capability } from '../capability.ts';
import { concernView, neededConcern } from './concern-view.ts';

export const concernId = numbered('concern', 'a concern, such as CON-101');

export const concern = capability({
  id: 'alerts.concern',
  summary: 'Show a concern and what became of it',
  phrases: ['concern {concern}', 'show concern {concern}', 'show {concern}'],
  examples: ['concern CON-101'],
  input: z.object({ concern: concernId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { concern: id }) => {
    const view = await concernView(rooms, await neededConcern(rooms, id), now);
    const said = view.notes.map(({ by, what, text }) => `${by} ${what}: ${text}`);
    return {
      text: [concernSummary(view), view.text, ...said].join('\n'),
      card: concernCard(view),
      data: { concern: id, state: view.state },
    };
  },
});
