import { z } from 'zod/v4';
import { misuseCard, misuseSummary } from '../../cards/alerts/misuse.ts';
import { misuseCardOf } from '../../services/concerns/index.ts';
import { misuseId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { misuseView, neededCase } from './misuse-view.ts';

export const misuse = capability({
  id: 'alerts.misuse',
  summary: 'Show a case of misuse: what was stopped, what is assessed, decided and learnt',
  phrases: ['misuse {misuse}', 'show misuse {misuse}', 'show {misuse}'],
  examples: ['misuse MIS-101'],
  input: z.object({ misuse: misuseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { misuse: id }) => {
    const view = misuseView(rooms, await neededCase(rooms, id), now);
    const points = view.checklist.map(
      (each) => `${each.done ? 'done' : 'open'}  ${each.id}. ${each.what} (${each.owner})`,
    );
    return {
      text: [misuseSummary(view), view.why, ...points].join('\n'),
      card: misuseCard(view),
      data: { misuse: id, state: view.state, checklist: view.checklist },
      live: { card: misuseCardOf(id), kind: 'alerts.misuse', ids: { misuse: id } },
    };
  },
});
