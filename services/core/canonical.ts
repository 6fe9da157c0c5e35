import { createHash, createHmac } from 'node:crypto';

/**
 * JSON with object keys in code-point order and no white space, so that equal values give equal text
 * (the idea of RFC 8785; numbers here are the ones JSON.stringify writes, which is what RFC 8785 asks for).
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** SHA-256 as 64 hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The first 16 hex digits for a value that JSON can say: tells apart what belongs to one thing. */
export const shortHash = (value: unknown): string => sha256(JSON.stringify(value)).slice(0, 16);

/** HMAC-SHA-256 as 64 hex digits: nobody without the key can tell which text it was made of. */
export const keyedHash = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
