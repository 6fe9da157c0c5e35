import { z } from 'zod/v4';
import type { Scope, StoredOverride } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Rooms } from '../rooms.ts';

/** A schedule by its name; the service knows which there are. */
export const scheduleRef = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .meta({ argument: 'text', description: 'a schedule, such as fraud-primary' });

export const ONCALL_SOURCE = 'wardroom.yaml and the overrides made in chat';

/** "Ann Berg and Ben Okafor"; a person who left is said to have. */
export const namesOf = ({ people }: Rooms, ids: readonly string[]): string[] =>
  ids.map((id) => `${people.nameOf(id)}${people.byId(id)?.active === false ? ' (left)' : ''}`);

/** Steps of an escalation that name nobody's schedule: "everybody with the role admin". */
export const otherWords = (rooms: Rooms, other: Scope['others'][number]): string => {
  if (other.kind === 'person') return rooms.people.nameOf(other.id);
  return other.kind === 'role' ? `everybody with the role ${other.id}` : `the channel ${other.id}`;
};

/** "Ben Okafor for everybody", "Ben Okafor for Ann Berg", "Ben Okafor as well", "without Ann Berg". */
export function overrideWords(rooms: Rooms, entry: StoredOverride): string {
  const [person, other] = [entry.person, entry.insteadOf].map((id) => (id ? rooms.people.nameOf(id) : undefined));
  if (!person) return `without ${other ?? 'anybody'}`;
  if (other) return `${person} for ${other}`;
  return entry.alongside ? `${person} as well` : `${person} for everybody`;
}

/** The id of whom somebody's words or mention mean. */
export function personOf({ people }: Rooms, words: string): string {
  const known = people.byId(words) ?? people.byMention(words);
  const found = known ? [known] : people.find(words);
  if (found.length === 1 && found[0]) return found[0].id;
  throw new Refused('I do not know whom you mean.', 'Write the full name, the id, or mention the person.');
}
