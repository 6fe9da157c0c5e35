import { Refused } from '../../services/core/errors.ts';
import { capability } from '../capability.ts';
import { concernInput, raised } from './raise-concern.ts';

export const raiseAnonymously = capability({
  id: 'alerts.raise-anonymously',
  summary: 'Raise an ethical concern without anybody ever knowing who did',
  // Whoever puts the word elsewhere means it as well: to be misunderstood here would be told with a name.
  phrases: [
    'raise anonymous concern about',
    'raise concern anonymously about',
    'anonymously raise concern about',
  ].flatMap((words) => [`${words} {about}`, `${words} {about} because {text}`]),
  examples: ['raise anonymous concern about fraud-detector: it declines cards of older people more often'],
  input: concernInput,
  roles: ['viewer'],
  effect: 'write',
  anonymous: true,
  run: (turn, input) => {
    if (turn.place.kind === 'channel' || turn.place.kind === 'group')
      throw new Refused(
        'Everybody here has just read it, so it cannot be anonymous.',
        'Delete it and say it to me in our own chat.',
        'not-alone',
      );
    return raised(turn, input, undefined);
  },
});
