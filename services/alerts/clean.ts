/** Deeper than any sender nests; what is below is not worth the stack that reading it takes. */
const DEEPEST = 40;

/**
 * JSON from outside, so that PostgreSQL can keep it: jsonb takes no U+0000 and no half of a surrogate pair, in values and
 * in names (postgresql.org/docs/current/datatype-json.html). One such character must not make a delivery come again and
 * again for ever.
 */
export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '(nested too deep)';
  if (Array.isArray(value)) return value.map((entry) => storable(entry, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [storableText(key), storable(held, depth + 1)]));
}

const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
