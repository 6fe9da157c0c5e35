/**
 * Text as Teams shows it: a small Markdown subset, mentions and date functions. Everything is escaped first and only our
 * own tags are added afterwards, so no text can bring HTML of its own.
 */

const MENTION_OPEN = '\uE000';
const MENTION_CLOSE = '\uE001';
const ESCAPED = '\uE002';

/** @param {string} text */
export const escapeHtml = (text) =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c);

/**
 * Marks the mentions that an activity or a card declares; `<at>` without a declaration stays what it is: text.
 * @param {string} text
 * @param {readonly { text?: string, mentioned?: { name?: string } }[]} entities
 */
export function markMentions(text, entities) {
  let marked = text.replace(/[\uE000-\uE002]/g, '');
  for (const entity of entities) {
    if (!entity.text) continue;
    const name = entity.mentioned?.name ?? entity.text.replace(/<\/?at[^>]*>/g, '');
    marked = marked.replaceAll(entity.text, `${MENTION_OPEN}${name}${MENTION_CLOSE}`);
  }
  return marked;
}

/** @param {string} text */
export const withoutMarks = (text) => text.replace(/[\uE000-\uE002]/g, '');

/** Inline Markdown of one line; the input is already escaped. @param {string} escaped */
function inline(escaped) {
  /** @type {string[]} */
  const kept = [];
  const keep = (/** @type {string} */ html) => `${ESCAPED}${kept.push(html) - 1}${ESCAPED}`;
  const text = escaped
    .replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, (_, c) => keep(c))
    .replace(/`([^`]+)`/g, (_, code) => keep(`<code>${code}</code>`))
    .replace(/\[([^\]]+)\]\(((?:https?:\/\/|mailto:|\/)[^\s)]+)\)/g, (_, label, url) =>
      keep(`<a href="${url}" target="_blank" rel="noopener noreferrer">${emphasis(label)}</a>`),
    )
    .replace(/\uE000([^\uE001]*)\uE001/g, (_, name) => keep(`<span class="mention">${name}</span>`));
  let html = emphasis(text);
  for (let round = 0; round < 3 && html.includes(ESCAPED); round++) {
    html = html.replace(/\uE002(\d+)\uE002/g, (_, index) => kept[Number(index)] ?? '');
  }
  return html;
}

/** @param {string} text */
const emphasis = (text) =>
  text
    .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)/g, '<strong>$1</strong>')
    .replace(/(^|[\s(>])__(?=\S)([^_]+?)(?<=\S)__(?=$|[\s).,;:!?<])/g, '$1<strong>$2</strong>')
    .replace(/(^|[^*\w])\*(?=\S)([^*]+?)(?<=\S)\*(?!\w)/g, '$1<em>$2</em>')
    .replace(/(^|[\s(>])_(?=\S)([^_]+?)(?<=\S)_(?=$|[\s).,;:!?<])/g, '$1<em>$2</em>')
    .replace(/~~(?=\S)([^~]+?)(?<=\S)~~/g, '<s>$1</s>');

/**
 * Markdown subset of Teams cards (bold, italic, links, bullet and numbered lists) as safe HTML.
 * @param {string} text
 */
export function markdown(text) {
  const lines = escapeHtml(text.replace(/\r\n?/g, '\n')).split('\n');
  /** @type {string[]} */
  const out = [];
  /** @type {{ tag: 'ul' | 'ol', items: string[], start: number } | undefined} */
  let list;
  /** @type {string[]} */
  let paragraph = [];
  const endParagraph = () => {
    if (paragraph.length > 0) out.push(`<p>${paragraph.join('<br>')}</p>`);
    paragraph = [];
  };
  const endList = () => {
    if (list) {
      const start = list.tag === 'ol' && list.start !== 1 ? ` start="${list.start}"` : '';
      out.push(`<${list.tag}${start}>${list.items.map((item) => `<li>${item}</li>`).join('')}</${list.tag}>`);
    }
    list = undefined;
  };
  for (const line of lines) {
    const bullet = /^\s*[-*+]\s+(.*)$/.exec(line);
    const numbered = /^\s*(\d{1,3})[.)]\s+(.*)$/.exec(line);
    if (bullet || numbered) {
      endParagraph();
      const tag = bullet ? 'ul' : 'ol';
      if (list?.tag !== tag) endList();
      list ??= { tag, items: [], start: Number(numbered?.[1] ?? 1) };
      list.items.push(inline((bullet ? bullet[1] : numbered?.[2]) ?? ''));
    } else if (line.trim() === '') {
      endParagraph();
      endList();
    } else {
      endList();
      paragraph.push(inline(line));
    }
  }
  endParagraph();
  endList();
  return out.join('');
}

/**
 * `{{DATE(2026-11-23T14:05:00Z, SHORT)}}` and `{{TIME(…)}}` in the reader's zone.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
 * @param {string} text
 * @param {string | undefined} zone IANA zone; the browser's when left out
 */
export function dateFunctions(text, zone) {
  if (!text.includes('{{')) return text;
  return text.replace(
    /\{\{(DATE|TIME)\(\s*([0-9TZ:.+-]+)\s*(?:,\s*(COMPACT|SHORT|LONG)\s*)?\)\}\}/g,
    (whole, kind, iso, form) => {
      const at = new Date(iso);
      if (Number.isNaN(at.getTime())) return whole;
      if (kind === 'TIME')
        return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone });
      if (form === 'LONG') return at.toLocaleDateString('en-GB', { dateStyle: 'full', timeZone: zone });
      if (form === 'SHORT') {
        return at.toLocaleDateString('en-GB', {
          weekday: 'short',
          day: 'numeric',
          month: 'short',
          year: 'numeric',
          timeZone: zone,
        });
      }
      return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
    },
  );
}
