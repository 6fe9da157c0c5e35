import type { AnyCapability } from './capability.ts';

/** A few things to try, for the first greeting; what only looks comes first. Pass what the person may run. */
export function thingsToTry(capabilities: readonly AnyCapability[], most = 3): { say: string; gives: string }[] {
  const reads = capabilities.filter(({ effect }) => effect === 'read');
  const others = capabilities.filter(({ effect }) => effect !== 'read');
  return [...inTurn(reads), ...inTurn(others)]
    .slice(0, most)
    .map(({ examples, summary }) => ({ say: examples[0] ?? '', gives: summary }));
}

/** The first of each domain, then the second of each, so that a short list shows what there is. */
export function inTurn(capabilities: readonly AnyCapability[]): AnyCapability[] {
  const domains = Map.groupBy(capabilities, ({ id }) => id.split('.')[0]);
  const longest = Math.max(0, ...[...domains.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    [...domains.values()].flatMap((domain) => domain[turn] ?? []),
  ).flat();
}
