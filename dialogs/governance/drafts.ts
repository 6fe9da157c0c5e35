import { draftsCard } from '../../cards/governance/drafts.ts';
import { capability, nothing } from '../capability.ts';
import { draftsView, MOST_DRAFTS } from './drafts-view.ts';

export const drafts = capability({
  id: 'governance.drafts',
  summary: 'List the forms you have begun and not sent',
  phrases: ['my drafts', 'my forms', 'drafts'],
  examples: ['my drafts'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }) => {
    const view = draftsView(now, await rooms.drafts.openOf(rooms.db, actor.id, MOST_DRAFTS));
    const lines = view.drafts.map(
      ({ id, title, step, answers }) => `${id}  ${title}  (step ${step}, ${answers} answers kept)`,
    );
    return {
      text: lines.join('\n') || 'You have begun no form.',
      card: draftsCard(view),
      data: view.drafts.map(({ touched, ...rest }) => ({ ...rest, touched: touched.toString() })),
    };
  },
});
