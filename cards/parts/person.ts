import type { Mention, MentionEntity } from '../card.ts';
import { clean, plain } from './text.ts';

/**
 * The words of a mention. They work only when the card lists the person too (`mentions` of `card`): Teams looks for
 * exactly this text, so the name loses what Markdown would change and the two are made in one place.
 */
export const mentionText = (person: Mention): string => `<at>${mentionName(person)}</at>`;

/** The entity of `msteams.entities`; `mentioned.id` is the Entra object id. */
export const mentionEntity = (person: Mention): MentionEntity => ({
  type: 'mention',
  text: mentionText(person),
  mentioned: { id: person.id, name: mentionName(person) },
});

const mentionName = (person: Mention): string =>
  clean(person.name, 80)
    .replace(/[*_`[\]\\~<>‹›\u2068\u2069]/g, ' ')
    .trim() || 'somebody';

/** A person's name in running text, without calling them. */
export const named = (name: string): string => plain(name, 80);
