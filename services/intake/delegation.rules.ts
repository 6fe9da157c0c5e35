/** Who was asked for a section, one after the other: the first asker, then everybody it was passed to. */
export type Chain = readonly string[];
const LONGEST = 6;

/** Whether it may be passed on; a question that comes back to somebody who had it would never be answered. */
export function passOn(
  chain: Chain,
  to: string,
): { ok: true; chain: Chain } | { ok: false; why: 'circle'; circle: Chain } | { ok: false; why: 'too-often' } {
  const seen = chain.indexOf(to);
  if (seen >= 0) return { ok: false, why: 'circle', circle: [...chain.slice(seen), to] };
  return chain.length >= LONGEST ? { ok: false, why: 'too-often' } : { ok: true, chain: [...chain, to] };
}
