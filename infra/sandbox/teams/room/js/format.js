/** Words and times as the Room writes them. All instants come in as ISO 8601 and are shown in the reader's zone. */

/** @param {string} iso @param {string} [zone] */
export const time = (iso, zone) =>
  new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone });

/** @param {string} iso @param {string} [zone] */
const dayKey = (iso, zone) => new Date(iso).toLocaleDateString('en-CA', { timeZone: zone });

/** @param {string} iso @param {string} now @param {string} [zone] */
export function day(iso, now, zone) {
  const key = dayKey(iso, zone);
  if (key === dayKey(now, zone)) return 'Today';
  if (key === dayKey(new Date(new Date(now).getTime() - 86_400_000).toISOString(), zone)) return 'Yesterday';
  return new Date(iso).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  });
}

/** Short for a list, whole in a title. @param {string} iso @param {string} now @param {string} [zone] */
export const when = (iso, now, zone) =>
  dayKey(iso, zone) === dayKey(now, zone)
    ? time(iso, zone)
    : new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: zone });

/** @param {string} iso @param {string} [zone] */
export const full = (iso, zone) =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'medium', timeZone: zone });

/** @param {string} name */
export const initials = (name) => {
  const words = name.split(/[\s'-]+/u).filter((word) => /^\p{L}/u.test(word));
  return `${[...(words[0] ?? name)][0] ?? '?'}${words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''}`.toUpperCase();
};

/** Grounds of avatars; white text on each is at least 4.5:1. */
export const HUES = [
  '#a4262c',
  '#8e562e',
  '#6b5d00',
  '#3b6e2f',
  '#0b6a6a',
  '#1160b7',
  '#4f52b2',
  '#7a3f9d',
  '#9b2872',
  '#5d5a58',
  '#2f4b9b',
  '#0e700e',
];

/** A conversation's word in an address: `fraud-ops`, `personal`. @param {{ id: string, kind: string }} conversation */
export const shortId = (conversation) =>
  conversation.kind === 'personal' ? 'personal' : (/^19:(.+)@thread/.exec(conversation.id)?.[1] ?? conversation.id);

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
