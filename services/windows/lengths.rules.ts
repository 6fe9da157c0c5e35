import { Refused } from '../core/errors.ts';

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/**
 * Milliseconds of "8h", "1h30m", "90m", "2d" (Go, as Argo CD writes it) or "PT8H", "P1DT2H" (ISO 8601, a day is 24 hours).
 * Refused when it is neither, or nothing at all.
 */
export function readLength(text: string): number {
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text.trim());
  const parts = iso
    ? iso.slice(1).map((part, index) => Number(part ?? 0) * (UNITS['dhms'.charAt(index)] ?? 0))
    : /^(\d+(\.\d+)?[dhms])+$/.test(text.trim())
      ? [...text.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)].map(([, size, unit = '']) => Number(size) * (UNITS[unit] ?? 0))
      : [];
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) throw new Refused(`“${text}” is no duration.`, 'Write 8h, 90m or PT8H.', 'bad-duration');
  return Math.round(total);
}
