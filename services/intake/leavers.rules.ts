/** Somebody who left and what of a use case was theirs. */
export interface Affected {
  useCase: string;
  title: string;
  person: string;
  what: 'business owner' | 'accountable executive' | 'path for performance' | 'path for concerns';
}

/** Who is told what: everything that has to be done, once for each person who can do it. */
export function toldOf(
  affected: readonly Affected[],
  heir: (each: Affected) => string | undefined,
): Map<string, Affected[]> {
  const told = new Map<string, Affected[]>();
  for (const each of affected) {
    const person = heir(each);
    if (person !== undefined) told.set(person, [...(told.get(person) ?? []), each]);
  }
  return told;
}

/**
 * To whom a question of somebody who left goes back: the last one in the chain before them who is still here. The first of
 * the chain asked; without anybody it is nobody's.
 */
export function backTo(
  chain: readonly string[],
  active: (person: string) => boolean,
): { person: string; chain: string[] } | undefined {
  for (let index = chain.length - 2; index >= 0; index -= 1) {
    const person = chain[index];
    if (person !== undefined && active(person)) return { person, chain: chain.slice(0, index + 1) };
  }
  return undefined;
}
