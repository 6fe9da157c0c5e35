import { Refused } from '../../services/core/errors.ts';
import type { Rooms } from '../rooms.ts';

/** The one person that the words mean. */
export function personOf({ people }: Rooms, words: string): string {
  const byMention = people.byMention(words) ?? people.byId(words);
  if (byMention?.active) return byMention.id;
  const found = people.find(words);
  const [only] = found;
  if (found.length === 1 && only) return only.id;
  throw new Refused(
    found.length === 0 ? `I know nobody called “${words}”.` : `“${words}” may be several people.`,
    'Mention the person, or write the whole name.',
  );
}
