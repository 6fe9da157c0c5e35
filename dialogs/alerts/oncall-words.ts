import { z } from 'zod/v4';
import type { Scope, StoredOverride, Stretch } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';

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

type Shift = Stretch & { people: readonly string[] };

/** From when to when, as cards take it; without an end nothing in the schedule ends it. */
export const stretchOf = ({ start, end }: Stretch) => ({ start, ...(end ? { end } : {}) });
export const shiftOf = (rooms: Rooms, { people, ...stretch }: Shift) => ({
  who: namesOf(rooms, people),
  ...stretchOf(stretch),
});

/** "Mon 30 Nov 09:00 to Mon 7 Dec 09:00" on this person's clock. */
export const stretchWords = ({ start, end }: Stretch, zone: string): string =>
  `${said(start, zone)} to ${end ? said(end, zone) : 'no planned end'}`;
export const shiftWords = (rooms: Rooms, { people, ...stretch }: Shift, zone: string): string =>
  `${stretchWords(stretch, zone)}: ${namesOf(rooms, people).join(', ') || 'nobody'}`;

export const stretchData = ({ start, end }: Stretch) => ({ start: start.toString(), end: end?.toString() });
export const shiftData = ({ people, ...stretch }: Shift) => ({ people, ...stretchData(stretch) });

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
