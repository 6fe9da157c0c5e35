import { helpCard } from '../../cards/governance/help.ts';
import { capability, nothing } from '../capability.ts';
import { helpText, helpView } from './help.ts';

/** How the words begin that take something back. */
const TAKES_BACK = /^(?:undo|withdraw|end|remove|take back|put back|revoke|unmute|resume|rollback|abort|discard) /;

export const undo = capability({
  id: 'governance.undo',
  summary: 'Say how each thing is taken back',
  phrases: ['undo', 'undo that', 'undo it', 'undo the last', 'revert', 'take it back', 'go back'],
  examples: ['undo'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ allowed }) => {
    const view = {
      ...helpView(allowed().filter(({ examples }) => TAKES_BACK.test(examples[0] ?? ''))),
      searched: 'undo',
    };
    return { text: helpText(view), card: helpCard(view), data: view };
  },
});
