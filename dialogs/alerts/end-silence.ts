import { capability } from '../capability.ts';
import { silenceAnswer } from './silence-view.ts';
import { refOf, silenceInput } from './silence-words.ts';

export const endSilence = capability({
  id: 'alerts.end-silence',
  summary: 'End a silence or a maintenance before its time: what still fires is told now',
  phrases: ['end silence {silence}', 'end maintenance {maintenance}'],
  examples: ['end silence SIL-3', 'end maintenance MNT-2'],
  input: silenceInput,
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, input) =>
    silenceAnswer(turn, await turn.rooms.alerts.silences.end(turn.tx, refOf(input), turn.actor.id)),
});
