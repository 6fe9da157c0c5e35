import { z } from 'zod/v4';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import { entryCardOf } from '../../services/windows/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { entryView } from './view.ts';

export const show = capability({
  id: 'windows.show',
  summary: 'Show one window or freeze: what it is about, when, what it holds up',
  phrases: ['window {entry}', 'show freeze {entry}', 'show window {entry}'],
  examples: ['window year-end', 'show freeze FRZ-101'],
  input: z.object({ entry: freeText(63) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { entry }) => {
    const view = await entryView(rooms, now, entry);
    return {
      text: `${view.id}: ${entryWords(view)}.`,
      card: entryCard(view),
      data: { ...view, now: undefined, from: view.from?.toString(), until: view.until?.toString(), ended: undefined },
      live: { card: entryCardOf(view.id), kind: 'windows.entry', ids: { entry: view.id } },
    };
  },
});
