import { dateFunctions, markMentions } from './text.js';

/**
 * @typedef {Record<string, unknown>} Json
 * @typedef {{ value: string, title: string }} Choice
 * @typedef {{ zone?: string, people?: readonly Choice[], members?: readonly Choice[] }} Reader
 */

/** Properties that carry data for the bot or addresses: never rewritten. */
const UNTOUCHED = new Set([
  'data',
  'id',
  'url',
  'iconUrl',
  'verb',
  'type',
  'userIds',
  'codeSnippet',
  'entities',
  'regex',
]);

/**
 * A copy of a card in which what only a client can know is filled in: dates in the reader's zone, mentions, and the
 * people of a people picker (the Room knows everybody, so a Data.Query becomes plain choices).
 * @param {Json} card
 * @param {Reader} reader
 */
export function prepare(card, reader) {
  const msteams = /** @type {{ entities?: { type?: string, text?: string }[] } | undefined} */ (card.msteams);
  const mentions = (msteams?.entities ?? []).filter((entity) => entity.type === 'mention');

  /** @param {unknown} value @param {string} key @param {Json | undefined} owner @returns {unknown} */
  const walk = (value, key, owner) => {
    if (UNTOUCHED.has(key)) return value;
    if (typeof value === 'string') {
      const dated = dateFunctions(value, reader.zone);
      const speaks =
        (key === 'text' && owner?.type === 'TextBlock') ||
        (owner?.type === undefined && (key === 'value' || key === 'title') && 'value' in (owner ?? {}));
      return speaks ? markMentions(dated, mentions) : dated;
    }
    if (Array.isArray(value))
      return value.map((entry) => walk(entry, '', undefined)).filter((entry) => entry !== undefined);
    if (value && typeof value === 'object') {
      const source = /** @type {Json} */ (value);
      const copy = Object.fromEntries(Object.entries(source).map(([name, entry]) => [name, walk(entry, name, source)]));
      if (copy.type === 'Image') return ownPicture(copy);
      return copy.type === 'Input.ChoiceSet' ? peoplePicker(copy, reader) : copy;
    }
    return value;
  };
  return /** @type {Json} */ (walk(card, '', undefined));
}

/**
 * The house's own pictures come from where the page comes from, whatever name of this machine it was opened by, and in the
 * theme of the page, as Teams takes them from `themedUrls`.
 * @param {Json} image
 */
function ownPicture(image) {
  const { themedUrls, ...rest } = image;
  const theme = document.documentElement.dataset.theme === 'dark' ? 'Dark' : 'Light';
  const known = /** @type {{ theme: string, url: string }[]} */ (Array.isArray(themedUrls) ? themedUrls : []);
  const url = known.find((each) => each.theme === theme)?.url ?? String(image.url);
  const { pathname } = new URL(url, location.href);
  return { ...rest, url: pathname.startsWith('/pictures/') ? `${location.origin}${pathname}` : url };
}

/** @param {Json} input @param {Reader} reader */
function peoplePicker(input, reader) {
  const query = /** @type {{ dataset?: string } | undefined} */ (input['choices.data']);
  if (!query?.dataset?.startsWith('graph.microsoft.com/users')) return input;
  const people = query.dataset.includes('currentContext') ? (reader.members ?? reader.people) : reader.people;
  const { 'choices.data': _, ...rest } = input;
  const own = Array.isArray(rest.choices) ? rest.choices : [];
  return { placeholder: 'Choose a person', ...rest, choices: [...own, ...(people ?? [])] };
}
