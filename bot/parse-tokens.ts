/** One word, one quoted passage or one mention of a message. */
export interface Token {
  kind: 'word' | 'quoted' | 'mention';
  /** Lower case, without punctuation at its end: what literals are compared with. */
  key: string;
  /** As typed, without punctuation at its end; a quoted passage without its quotes; a mention's name. */
  word: string;
  /** For a mention that the activity vouches for: the person's id. */
  id?: string | undefined;
  /** Where it stands in `Heard.text`. */
  start: number;
  end: number;
}

/** A message made ready for matching: mentions of the bot gone, entities decoded, invisible characters gone. */
export interface Heard {
  text: string;
  tokens: readonly Token[];
}

/** One `mention` entity of the activity (Bot Framework activity schema, `entities`). */
export interface HeardMention {
  /** The name between `<at>` and `</at>`. */
  name: string;
  /** The person's Entra object id, or what the people service knows the person by. */
  id: string;
  /** The mention is of the bot itself. */
  bot?: boolean;
}

const BOT_NAME = 'wardroom';
const MENTION = /<at(?:\s[^<>]{0,200})?>([^<>]{0,200})<\/at>/gi;
/**
 * Zero-width space and directional marks, soft hyphen, byte-order mark, control characters except tab and line feed.
 * The zero-width joiners stay in the text, where emoji and Persian need them, and are left out of keys.
 */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[^\P{Cc}\t\n]/gu;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const CLOSERS: Readonly<Record<string, string>> = {
  '"': '"”“',
  '“': '”"',
  '„': '“”"',
  '”': '”',
  '«': '»',
  '‘': '’',
  "'": "'’",
};
const SPACE = /\s/;
const WORD_END = '.,;:!?)]…';
/** Characters that call for `clean`; most messages have none and skip it. */
const NEEDS_CLEANING = /[^\n -%'-~]/;

/**
 * Splits a message into tokens. Mentions are found before entities are decoded, so a typed `&lt;at&gt;` stays text.
 * Linear in the length of the message: quotes without an end are remembered and not looked for twice.
 */
export function hear(message: string, mentions: readonly HeardMention[] = []): Heard {
  const out: { text: string; tokens: Token[] } = { text: '', tokens: [] };
  if (!message.includes('<')) {
    addWords(out, message);
    return withoutCall(out);
  }
  let from = 0;
  const left = [...mentions];
  for (const found of message.matchAll(MENTION)) {
    addWords(out, message.slice(from, found.index));
    from = found.index + found[0].length;
    const name = clean(found[1] ?? '').trim();
    // Two people of one name: Teams lists the entities in the order of the text.
    const place = left.findIndex((mention) => same(mention.name, name));
    const known = place < 0 ? mentions.find((mention) => same(mention.name, name)) : left.splice(place, 1)[0];
    if (known?.bot || (!known && name.toLowerCase() === BOT_NAME)) continue;
    const start = out.text.length;
    out.text += `${name} `;
    out.tokens.push({
      kind: 'mention',
      key: name.toLowerCase(),
      word: name,
      id: known?.id,
      start,
      end: start + name.length,
    });
  }
  addWords(out, message.slice(from));
  return withoutCall(out);
}

const same = (left: string, right: string) => left.trim().toLowerCase() === right.toLowerCase();

/** Entities decoded once, compatibility spaces made plain, invisible characters dropped, composed (NFC). */
function clean(text: string): string {
  if (!NEEDS_CLEANING.test(text)) return text;
  return text
    .replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/\p{Zs}/gu, ' ')
    .normalize('NFC');
}

function addWords(out: { text: string; tokens: Token[] }, raw: string): void {
  const offset = out.text.length;
  const text = clean(raw);
  const open = new Set<string>();
  let at = 0;
  while (at < text.length) {
    const first = text.charAt(at);
    if (SPACE.test(first)) {
      at += 1;
      continue;
    }
    const close = open.has(first) ? -1 : endOfQuote(text, at);
    if (close < 0 && CLOSERS[first]) open.add(first);
    let end = at + 1;
    if (close > at) {
      end = close + 1;
      const word = text.slice(at + 1, close).trim();
      // Nothing between the quotes is nothing said.
      if (word) push(out, { kind: 'quoted', key: word.toLowerCase(), word, start: offset + at, end: offset + end });
    } else {
      while (end < text.length && !SPACE.test(text.charAt(end))) end += 1;
      let stop = end;
      while (stop > at && WORD_END.includes(text.charAt(stop - 1))) stop -= 1;
      const word = text.slice(at, stop);
      if (word) push(out, { kind: 'word', key: keyOf(word), word, start: offset + at, end: offset + end });
    }
    at = end;
  }
  out.text += text;
}

const push = (out: { tokens: Token[] }, token: Token) => out.tokens.push(token);

/** How a literal word is compared: lower case, plain apostrophe, no joiners. */
export const keyOf = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[\u200c\u200d]/g, '');

/** Where the quote that opens here ends; -1 when none opens, or it is an apostrophe, or it never ends. */
function endOfQuote(text: string, at: number): number {
  const closers = CLOSERS[text.charAt(at)];
  if (!closers) return -1;
  for (let index = at + 1; index < text.length; index++) {
    if (!closers.includes(text.charAt(index))) continue;
    // A quote ends before a space, a stop or the end; anything else is an apostrophe or an inch mark.
    const after = text.charAt(index + 1);
    if (after === '' || SPACE.test(after) || '.,;:!?)'.includes(after)) return index;
  }
  return -1;
}

/** "/ack …", "wardroom, ack …" and "@Wardroom ack …" are the same as "ack …". */
function withoutCall(heard: Heard): Heard {
  let tokens = heard.tokens;
  const first = tokens[0];
  if (first?.kind === 'word' && first.key.startsWith('/')) {
    const word = first.word.replace(/^\/+/, '');
    const rest = tokens.slice(1);
    const start = first.start + first.word.length - word.length;
    tokens = word ? [{ ...first, word, key: word.toLowerCase(), start }, ...rest] : rest;
  }
  const called = tokens[0];
  if (called?.kind === 'word' && (called.key === BOT_NAME || called.key === `@${BOT_NAME}`)) tokens = tokens.slice(1);
  return { text: heard.text, tokens };
}
