import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A node of the syntax tree (ESTree with TypeScript, as oxc writes it). */
export type Node = { type: string; start: number; end: number } & Record<string, unknown>;

export interface Import {
  /** A package ("zod"), a Node module ("node:fs"), or a path from the root ("services/core/clock.ts"). */
  to: string;
  /** Only types: gone when the program runs. */
  typeOnly: boolean;
  dynamic: boolean;
}

export interface Source {
  path: string;
  text: string;
  lines: number;
  tree: Node;
  comments: readonly { value: string; start: number; end: number }[];
  imports: readonly Import[];
}

/** Everything in the repository, also what is not committed yet, without what git ignores. */
export const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The product's own TypeScript. */
export const sources: readonly Source[] = files
  .filter((path) => /^(bot|dialogs|cards|services|infra)\/.*\.ts$/.test(path))
  .map(read);

/** And the tests'. */
export const tests: readonly Source[] = files.filter((path) => /^test\/.*\.ts$/.test(path)).map(read);

function read(path: string): Source {
  const text = textOf(path);
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const tree = program as unknown as Node;
  return { path, text, lines: text.split('\n').length - 1, tree, comments, imports: importsOf(path, tree) };
}

/** Visits every node, the parents before their children. */
export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  else if (node && typeof node === 'object') {
    if (typeof (node as Node).type === 'string') visit(node as Node);
    for (const value of Object.values(node)) if (value && typeof value === 'object') walk(value, visit);
  }
}

function importsOf(path: string, tree: Node): Import[] {
  const found: Import[] = [];
  const add = (to: unknown, more: Omit<Import, 'to'>) => {
    if (typeof to === 'string') found.push({ to: resolved(path, to), ...more });
  };
  walk(tree, (node) => {
    const source = node['source'] as { value?: unknown } | null | undefined;
    if (node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration') {
      const specifiers = (node['specifiers'] ?? []) as Node[];
      const kind = (each: Node) => each['importKind'] ?? each['exportKind'];
      const whole = (node['importKind'] ?? node['exportKind']) === 'type';
      const values = whole ? [] : specifiers.filter((each) => kind(each) !== 'type');
      const typeOnly = whole || (specifiers.length > 0 && values.length === 0);
      add(source?.value, { typeOnly, dynamic: false });
    } else if (node.type === 'ExportAllDeclaration') {
      add(source?.value, { typeOnly: node['exportKind'] === 'type', dynamic: false });
    } else if (node.type === 'ImportExpression') {
      add(source?.value, { typeOnly: false, dynamic: true });
    } else if (node.type === 'TSImportType') {
      add(source?.value, { typeOnly: true, dynamic: false });
    }
  });
  return found;
}

function resolved(from: string, to: string): string {
  if (to.startsWith('.')) return normalize(join(dirname(from), to));
  if (to.startsWith('node:')) return to;
  const [scope = '', name] = to.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
