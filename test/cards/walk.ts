/** A node of a card's JSON with the path to it. */
export interface Node {
  path: string;
  value: Record<string, unknown>;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object in a card that has a `type`, fallbacks included; `data` is not looked into. */
export function nodesOf(card: unknown, path = '$'): Node[] {
  if (Array.isArray(card)) return card.flatMap((item, index) => nodesOf(item, `${path}[${index}]`));
  if (!isRecord(card)) return [];
  const children = Object.entries(card)
    .filter(([key]) => key !== 'data' || String(card.type).startsWith('Chart.'))
    .flatMap(([key, value]) => nodesOf(value, `${path}.${key}`));
  return typeof card.type === 'string' ? [{ path, value: card }, ...children] : children;
}

/** Every string that a person sees, with its path. */
export function textsOf(card: unknown, path = '$'): { path: string; text: string }[] {
  if (typeof card === 'string') return [{ path, text: card }];
  if (Array.isArray(card)) return card.flatMap((item, index) => textsOf(item, `${path}[${index}]`));
  if (!isRecord(card)) return [];
  return Object.entries(card).flatMap(([key, value]) => textsOf(value, `${path}.${key}`));
}
