import { describe, expect, it } from 'vitest';
import { type Node, type Source, sources, tests, walk } from './sources.ts';

/** Time, randomness and the environment have one door each (architecture, rule 2). The Room's browser code is not in TypeScript. */
const DOORS: readonly { what: string; at: RegExp; seen: (node: Node) => boolean }[] = [
  {
    what: 'the time',
    at: /^services\/core\/clock\.ts$/,
    seen: (node) =>
      isMember(node, 'Date', 'now') ||
      isMember(node, 'performance', 'now') ||
      isMember(node, 'Temporal', 'Now') ||
      (node.type === 'NewExpression' && isName(node['callee'], 'Date') && (node['arguments'] as Node[]).length === 0),
  },
  {
    what: 'waiting',
    at: /^services\/core\/clock\.ts$/,
    seen: (node) =>
      node.type === 'CallExpression' && ['setTimeout', 'setInterval'].some((name) => isName(node['callee'], name)),
  },
  {
    what: 'randomness',
    at: /^services\/core\/ids\.ts$/,
    seen: (node) =>
      isMember(node, 'Math', 'random') ||
      isMember(node, 'crypto', 'randomUUID') ||
      isMember(node, 'crypto', 'getRandomValues') ||
      (node.type === 'ImportSpecifier' && /^random(UUID|Bytes|Int)$/.test(nameOf(node['imported']))),
  },
  {
    what: 'the environment',
    // Those that are started: they hand it to services/core/config.ts.
    at: /^(services\/core\/config|bot\/main|bot\/console|infra\/playground\/[a-z-]+)\.ts$/,
    seen: (node) => isMember(node, 'process', 'env'),
  },
  {
    what: 'the beginning of a transaction (inTransaction runs it again after a deadlock)',
    at: /^services\/store\//,
    seen: (node) =>
      node.type === 'MemberExpression' && isName(node['property'], 'transaction') && node['computed'] !== true,
  },
];

const nameOf = (node: unknown): string => String((node as { name?: string } | undefined)?.name ?? '');
const isName = (node: unknown, name: string): boolean =>
  (node as Node | undefined)?.type === 'Identifier' && nameOf(node) === name;
const isMember = (node: Node, object: string, property: string): boolean =>
  node.type === 'MemberExpression' && isName(node['object'], object) && isName(node['property'], property);

const placesOf = (source: Source, seen: (node: Node) => boolean): string[] => {
  const found: string[] = [];
  walk(source.tree, (node) => {
    if (seen(node)) found.push(`${source.path}:${lineOf(source, node.start)}`);
  });
  return found;
};
const lineOf = ({ text }: Source, offset: number): number => text.slice(0, offset).split('\n').length;

it.each(DOORS)('$what comes through its door', ({ at, seen }) => {
  expect(sources.filter(({ path }) => !at.test(path)).flatMap((source) => placesOf(source, seen))).toEqual([]);
  // The rule sees what it is meant to see.
  expect(sources.filter(({ path }) => at.test(path)).flatMap((source) => placesOf(source, seen))).not.toEqual([]);
});

it('SQL does not ask the database what time it is', () => {
  // pg-boss asks job_now(); its clock row is written before each take, and now() stands in until there is one.
  const elsewhere = sources.filter(({ path }) => path !== 'services/core/jobs.ts');
  const asks = (node: Node): boolean => {
    const raw = node.type === 'TemplateElement' ? (node['value'] as { raw: string }).raw : node['value'];
    const text = node.type === 'TemplateElement' || node.type === 'Literal' ? raw : undefined;
    return typeof text === 'string' && /\b(now\(\)|current_(timestamp|date|time)\b|clock_timestamp\()/i.test(text);
  };
  expect(elsewhere.filter(({ path }) => !path.startsWith('infra/')).flatMap((s) => placesOf(s, asks))).toEqual([]);
});

describe('nothing is swallowed', () => {
  it('a catch uses what it caught, throws, or says why not', () => {
    const silent = sources.flatMap((source) => {
      const found: string[] = [];
      walk(source.tree, (node) => {
        const caught = handlerOf(node);
        if (caught && !accounted(source, caught)) found.push(`${source.path}:${lineOf(source, caught.start)}`);
      });
      return found;
    });
    expect(silent).toEqual([]);
  });
});

/** The catch clause, or the function that is handed to `.catch(…)`. */
function handlerOf(node: Node): Node | undefined {
  if (node.type === 'CatchClause') return node;
  if (node.type !== 'CallExpression' || nameOf((node['callee'] as Node)?.['property']) !== 'catch') return undefined;
  const [handler] = node['arguments'] as Node[];
  return handler?.type === 'ArrowFunctionExpression' ? handler : undefined;
}

function accounted(source: Source, handler: Node): boolean {
  const [param] = [handler['param'], ...((handler['params'] as Node[] | undefined) ?? [])].filter(Boolean) as Node[];
  // A value that is not of the shape: the answer is in what is returned.
  if (handler.type === 'CatchClause' && onlyReturns(handler)) return true;
  let fine = source.comments.some(({ start, end }) => end < handler.end && near(source, start, handler));
  walk(handler['body'], (node) => {
    if (node.type === 'ThrowStatement') fine = true;
    if (param && isName(node, nameOf(param))) fine = true;
  });
  return fine;
}

/** `try { return JSON.parse(text) } catch { return undefined }`: nothing was awaited, so nothing can be down. */
function onlyReturns(handler: Node): boolean {
  const { body } = handler['body'] as { body: Node[] };
  return body.length === 1 && body[0]?.type === 'ReturnStatement' && !outside.has(handler);
}
/** Handlers of a `try` that waits for something. */
const outside = new WeakSet<Node>();
for (const { tree } of sources) {
  walk(tree, (node) => {
    if (node.type !== 'TryStatement' || !node['handler']) return;
    walk(node['block'], (inner) => {
      if (inner.type === 'AwaitExpression') outside.add(node['handler'] as Node);
    });
  });
}

/** Inside the handler, or on the line directly above it. */
const near = (source: Source, start: number, handler: Node): boolean =>
  start > handler.start || lineOf(source, start) >= lineOf(source, handler.start) - 1;

describe('nothing is put off', () => {
  const everything = [...sources, ...tests];
  it('no note for later, no switched-off check', () => {
    const marks = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', '@ts-(ignore|expect-error|nocheck)', 'biome-ignore'].join('|'),
    );
    const found = everything.flatMap((source) =>
      source.comments
        .filter(({ value }) => marks.test(value))
        .map(({ start }) => `${source.path}:${lineOf(source, start)}`),
    );
    expect(found).toEqual([]);
  });
  it('nothing may be of any type', () => {
    const anything = everything.flatMap((source) => placesOf(source, (node) => node.type === 'TSAnyKeyword'));
    expect(anything).toEqual([]);
  });
});
