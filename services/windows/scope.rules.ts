/**
 * What a calendar entry is about. Patterns are globs (`*`, `?`), and a leading `!` takes away ("every endpoint but
 * ep-fraud"). Inside one dimension any pattern suffices; different dimensions must all fit, unless `op` says OR: people who
 * name a team and an endpoint mean that endpoint of that team (argocd-operator issue 1609).
 */
export interface Scope {
  op?: 'AND' | 'OR';
  /** Dimension (team, workspace, endpoint) to patterns. An empty list says nothing about its dimension. */
  where: Readonly<Record<string, readonly string[]>>;
  /** Everything; otherwise a scope that names nothing matches nothing. */
  everything?: boolean;
}

/** What is asked about: the values it has in each dimension. */
export type Target = Readonly<Record<string, readonly string[]>>;

export function matchesScope(scope: Scope, target: Target): boolean {
  if (scope.everything) return true;
  const named = Object.entries(scope.where).filter(([, patterns]) => patterns.length > 0);
  if (named.length === 0) return false;
  const fits = ([dimension, patterns]: [string, readonly string[]]) =>
    (target[dimension] ?? []).some((value) => matchesAny(patterns, value));
  return scope.op === 'OR' ? named.some(fits) : named.every(fits);
}

/** Any of the patterns, and none of those with `!`; with only those, everything else. */
export function matchesAny(patterns: readonly string[], value: string): boolean {
  const without = patterns.filter((pattern) => pattern.startsWith('!'));
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  if (without.some((pattern) => globMatches(pattern.slice(1), value))) return false;
  return wanted.length === 0 ? without.length > 0 : wanted.some((pattern) => globMatches(pattern, value));
}

const compiled = new Map<string, RegExp>();
const KEPT = 5_000;

/** `*` is any text, `?` one character, `[a-c]` one of those; everything else is itself. Letter case counts. */
export function globMatches(glob: string, value: string): boolean {
  let pattern = compiled.get(glob);
  if (!pattern) {
    const source = glob.replace(/\[[^\]]+\]|[\s\S]/g, (part) => {
      if (part === '*') return '[\\s\\S]*';
      if (part === '?') return '[\\s\\S]';
      if (part.length > 1) return `[${part.slice(1, -1).replace(/\\/g, '\\\\').replace(/^!/, '^')}]`;
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    });
    pattern = new RegExp(`^${source}$`, 'u');
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(glob, pattern);
  }
  return pattern.test(value);
}
