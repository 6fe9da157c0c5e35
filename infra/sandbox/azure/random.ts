/**
 * Noise without state: the same (seed, names, time) always gives the same number, so that 90 days of metrics cost no
 * memory and a restarted estate tells the same story. FNV-1a over the parts, then mulberry32's finalizer.
 */
export function hash(...parts: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const character of parts.join('\u0001')) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), h | 1);
  h ^= h + Math.imul(h ^ (h >>> 7), h | 61);
  return (h ^ (h >>> 14)) >>> 0;
}

/** -1 <= x < 1. */
export const noise = (...parts: readonly (string | number)[]): number => hash(...parts) / 2 ** 31 - 1;

/** A UUID (version 4 in form) that belongs to these parts. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = Array.from({ length: 4 }, (_, word) =>
    hash(...parts, 'uuid', word)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
