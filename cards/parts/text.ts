/**
 * Text from outside (names, reasons, alert descriptions, model tags) is data: it must not format, mention, link, reorder
 * or stretch a card. `clean` is for places that show text as it is (badge, button, chart label, summary); `plain` is for
 * places that read Markdown (TextBlock, FactSet).
 */

/** Bidirectional overrides and isolates: they reorder what is around them (CVE-2021-42574). */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
/** Controls, soft hyphen, zero-width and invisible characters, private use, tag characters. U+200C/D stay: Persian, emoji. */
const INVISIBLE =
  /[\p{Cc}\p{Co}\u00AD\u115F\u1160\u180E\u200B\u2060-\u2065\u206A-\u206F\uFEFF\uFFF9-\uFFFB]|\u034F|\u17B4|\u17B5|[\u{E0000}-\u{E0FFF}]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]|[\u{10800}-\u{10FFF}]|[\u{1E800}-\u{1EFFF}]/u;
/** More than four combining marks on one letter is decoration that covers the neighbouring lines. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Nothing in it for `clean` to do: most of what a card says. */
const HARMLESS = /^[!-$&-;=-z|}~°–—…’“”·×≥≤]+(?: [!-$&-;=-z|}~°–—…’“”·×≥≤]+)*$/u;
/** Between a number and its unit: a space that no line ends at. */
export const APART = '\u00A0';
/** A number of percent, however it came: "10%", "10 %". What an address carries (`%20`) is no such thing. */
const PERCENT = /(?<=\d) ?%(?![\p{L}\p{N}%])/gu;

export const TEXT_LIMIT = 240;

/**
 * One line of text without anything that acts: no line breaks, no invisible or reordering characters, no tags
 * (`<at>`, HTML), no card function (`{{DATE(…)}}`), at most `limit` characters. A number of percent is written our way.
 */
export function clean(text: string, limit = TEXT_LIMIT): string {
  if (text.length <= limit && HARMLESS.test(text)) return text;
  const line = text
    // Far longer than any limit and still cheap: the expressions below never see megabytes.
    .slice(0, limit * 8 + 64)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(BIDI, '')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1')
    // A look-alike, not an entity or a backslash: mentions are found by plain string search before Markdown is read.
    .replace(/<(?=[a-z/!?])/gi, '‹')
    .replace(/(?<=‹[^<>]*)>/g, '›')
    .replace(/\{(?=\{)/g, '{ ')
    .replace(PERCENT, `${APART}%`)
    .trim();
  const cut = shorten(line, limit);
  // An isolate keeps a right-to-left name from pulling the numbers behind it to its other side.
  return RIGHT_TO_LEFT.test(cut) ? `\u2068${cut}\u2069` : cut;
}

/**
 * `clean`, and Markdown shows as it was typed. Only characters that both renderers of Teams un-escape get a backslash
 * (the C++ one of the phones knows emphasis and brackets only); the rest is defused without one.
 */
export function plain(text: string, limit = TEXT_LIMIT): string {
  return (
    clean(text, limit)
      .replace(/\\/g, '\\\\')
      // An underscore inside a word is never emphasis, and names such as amount_eur stay readable in every client.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/[*[\]]/g, '\\$&')
      .replace(/`/g, "'")
      .replace(/~~/g, '~ ~')
      // List, heading and quote marks act only at the start of a line.
      .replace(/^(\u2068?)(?=[-+#>]|\d+[.)]\s)/, '$1\u200B')
  );
}

/** At most `limit` characters, ending in "…" when something was cut; never half of a surrogate pair or an emoji. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text.slice(0, limit * 2))) {
    if (kept.length + segment.length > limit - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** "Ann", "Ann and Ben", "Ann, Ben and Cara". */
export const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "1 alert", "3 alerts". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/**
 * "1 payment", "310 payments" from a word that is kept in its plural ("payments", "page views", "claims of cars"): the unit
 * of an endpoint's business. Words of other languages stay as they are.
 */
export const countedIn = (count: number, many: string): string => counted(count, singular(many), many);

function singular(many: string): string {
  const [, head = many, rest = ''] = /^(.+?)( (?:of|per|in|to|for|at|with) .*)$/i.exec(many) ?? [];
  const one = head
    .replace(/(?<=[^aeiou])ies$/i, 'y')
    .replace(/(?<=(?:ss|x|z|ch|sh))es$/i, '')
    .replace(/(?<=[^su])s$/i, '');
  return `${one}${rest}`;
}

/** First letter upper case, the rest as it is. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** As `sentence`, but a name at the start ("fraud-detector:7", "ep-fraud") keeps the letters it has. */
export const opening = (text: string): string => (/^[a-z]+(?=[\s,:;.]|$)(?!:\S)/.test(text) ? sentence(text) : text);

/** A Markdown link; anything but https becomes its label, so that no text from outside starts another program. */
export function link(label: string, url: string): string {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target?.protocol !== 'https:' || target.href.length > 1000) return plain(label);
  return `[${plain(label)}](${target.href.replace(/\(/g, '%28').replace(/\)/g, '%29')})`;
}
