import { CARD, type Entity, isRecord, type Outgoing, textOf } from './wire.ts';
import type { World } from './world.ts';

export interface FoundMention {
  /** `<at>Ann Berg</at>`, as it stands in the text or card. */
  text: string;
  name: string;
  /** Person id, `bot`, or empty when nobody by that id is known. */
  id: string;
}

/**
 * The mentions of a message: entities of the activity and of its cards. One counts only when its text really stands in the
 * message, as in Teams; an id may be a `29:` id, an Entra object id or an email address.
 */
export function mentionsIn(body: Outgoing, world: World): FoundMention[] {
  const found: FoundMention[] = [];
  const add = (entities: unknown, where: string) => {
    if (!Array.isArray(entities)) return;
    for (const candidate of entities) {
      if (!isRecord(candidate) || candidate.type !== 'mention' || !isRecord(candidate.mentioned)) continue;
      const text = textOf(candidate.text);
      if (text === '' || !where.includes(text)) continue;
      const id = textOf(candidate.mentioned.id);
      const known = id === world.bot.id ? 'bot' : (world.personBy(id)?.id ?? '');
      found.push({ text, name: textOf(candidate.mentioned.name), id: known });
    }
  };
  add(body.entities, body.text ?? '');
  for (const { contentType, content } of body.attachments ?? []) {
    if (contentType !== CARD || !isRecord(content) || !isRecord(content.msteams)) continue;
    add(content.msteams.entities, stringsOf(content));
  }
  return found;
}

/** All texts of a card, one after the other: JSON would escape the quotes and slashes inside a name. */
function stringsOf(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (Array.isArray(value)) return value.map(stringsOf).join('');
  if (!isRecord(value)) return '';
  return Object.entries(value)
    .map(([key, part]) => (key === 'msteams' ? '' : stringsOf(part)))
    .join('');
}

/** Turns `@Wardroom` and `@Ann Berg` as people type them into Teams' mention tags and entities. */
export function mentionsTyped(text: string, world: World): { text: string; entities: Entity[] } {
  const known = [
    { name: world.bot.name, id: world.bot.id, aadObjectId: undefined },
    ...world.people.map((person) => ({ name: person.name, id: `29:${person.id}`, aadObjectId: person.entraId })),
  ].sort((a, b) => b.name.length - a.name.length);
  const entities: Entity[] = [];
  let written = text;
  for (const { name, id, aadObjectId } of known) {
    const tag = `<at>${name}</at>`;
    written = written.replace(new RegExp(`@${escapeRegExp(name)}(?![\\p{L}\\p{N}])`, 'giu'), tag);
    if (!written.includes(tag)) continue;
    entities.push({ type: 'mention', text: tag, mentioned: { id, name, ...(aadObjectId ? { aadObjectId } : {}) } });
  }
  return { text: written, entities };
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
