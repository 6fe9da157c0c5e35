/**
 * What a calendar entry is about. Patterns are globs (`*`, `?`, `{a,b}`), and a leading `!` takes away ("every endpoint but
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
  if (without.some((pattern) => readsAsGlob(pattern) && globMatches(pattern.slice(1), value))) return false;
  return wanted.length === 0 ? without.length > 0 : wanted.some((pattern) => globMatches(pattern, value));
}

/** Whether it can be read; "[z-a]" cannot. */
export const readsAsGlob = (pattern: string): boolean => compiled(pattern.replace(/^!/, '')) !== 'unreadable';

/**
 * `*` is any text, `?` one character, `[a-c]` one of those and `[!a-c]` one of the others, `{blue,green-*}` either, `\*` a
 * star; everything else is itself. Letter case counts. One that cannot be read matches everything: it closes, and the
 * entry it stands in is refused.
 */
export function globMatches(glob: string, value: string): boolean {
  const pattern = compiled(glob);
  return pattern === 'unreadable' || pattern.test(value);
}

const kept = new Map<string, RegExp | 'unreadable'>();
const KEPT = 5_000;

function compiled(glob: string): RegExp | 'unreadable' {
  let pattern = kept.get(glob);
  if (pattern === undefined) {
    pattern = expression(glob);
    if (kept.size >= KEPT) kept.clear();
    kept.set(glob, pattern);
  }
  return pattern;
}

function expression(glob: string): RegExp | 'unreadable' {
  // Braces are alternatives only where they are closed; Azure's names have none, but a tag may.
  let open = 0;
  const closed = balanced(glob);
  const source = glob.replace(/\\[\s\S]|\*+|\[!?[^\]]+\]|[\s\S]/gu, (part) => {
    if (part.startsWith('*')) return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    if (part.startsWith('[') && part.length > 1) return classOf(part);
    if (closed && (part === '{' || part === '}')) {
      open += part === '{' ? 1 : -1;
      return part === '{' ? '(?:' : ')';
    }
    if (open > 0 && part === ',') return '|';
    return literal(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part);
  });
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const classOf = (part: string): string => {
  const not = part.startsWith('[!');
  return `[${not ? '^' : ''}${part.slice(not ? 2 : 1, -1).replace(/[\\[\]^]/g, '\\$&')}]`;
};

function balanced(glob: string): boolean {
  let depth = 0;
  for (const [part] of glob.matchAll(/\\[\s\S]|\[!?[^\]]+\]|[{}]/gu)) {
    if (part === '{') depth += 1;
    if (part === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
