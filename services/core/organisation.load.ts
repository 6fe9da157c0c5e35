import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { z } from 'zod/v4';
import { type Draft, type Finding, LISTS, type Path } from './organisation.draft.ts';
import { findings } from './organisation.rules.ts';
import { type Organisation, organisation } from './organisation.ts';
import { explain } from './organisation.words.ts';

/** One thing that is wrong in the file. Line and column count from 1; both are 1 when the whole file is meant. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  /** The way to the value, with ids where there are any: `people[ann].roles[1]`. Empty for the file itself. */
  where: string;
  wrong: string;
  right: string;
}

/** Everything that is wrong with a wardroom.yaml; the message has one line for each problem. */
export class BadOrganisation extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'BadOrganisation';
    this.problems = problems;
  }
}

/** `wardroom.yaml:12:5: people[ann].roles[1]: "aprover" is not a role here. Did you mean "approver"?` */
export const describeProblem = ({ file, line, column, where, wrong, right }: Problem): string =>
  `${file}:${line}:${column}: ${where ? `${where}: ` : ''}${wrong}. ${right[0]?.toUpperCase() ?? ''}${right.slice(1)}${/[.?]$/.test(right) ? '' : '.'}`;

/** Far more than an organisation of thousands needs (Northwind has 10 kB), far less than hurts to parse. */
export const MAX_ORGANISATION_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;
const YAML_OPTIONS = { prettyErrors: false, stringKeys: true, uniqueKeys: false, version: '1.2' } as const;
/** After this many a reader is not helped by more; usually one slip (a tab, an indentation) caused them all. */
const MAX_PROBLEMS = 100;

/** The organisation in the text of a wardroom.yaml. Throws BadOrganisation, which names every problem with its line. */
export function loadOrganisation(text: string, file = 'wardroom.yaml'): Organisation {
  const read = readOrganisation(text, file);
  if (read.organisation === undefined) throw new BadOrganisation(read.problems);
  return read.organisation;
}

/** `more`: what others find in an organisation that has the right shape; told with its line like everything else. */
export function readOrganisation(
  text: string,
  file: string,
  more: (whole: Organisation) => readonly Finding[] = () => [],
): { organisation: Organisation; problems: readonly [] } | { organisation?: undefined; problems: readonly Problem[] } {
  const whole = (wrong: string, right: string) => ({
    problems: [{ file, line: 1, column: 1, where: '', wrong, right }],
  });
  if (text.length > MAX_ORGANISATION_BYTES) {
    const most = `${MAX_ORGANISATION_BYTES / 1024 / 1024} MB`;
    return whole(`The file has more than ${most}`, `an organisation fits into ${most}; is this the right file?`);
  }
  if (NOT_TEXT.test(text)) {
    return whole('This is not a text file', 'write it in UTF-8; infra/sandbox/northwind.yaml is a complete example');
  }
  // The parser takes two minutes to give up on 100,000 open brackets (yaml 2.9.1, measured), so they are counted first.
  if (depthOf(text) > MAX_DEPTH) {
    return whole(`Brackets are nested more than ${MAX_DEPTH} deep`, 'close each { and [ that you opened');
  }
  const lines = new LineCounter();
  // Keys stay strings and no tag makes anything else, so the values are plain data whatever the file says.
  // The parser's own search for names written twice is quadratic (127 s for 100,000); ours is below.
  const document = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
  const at = (offset: number, path: Path, raw: unknown, wrong: string, right: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), where: describePath(path, raw), wrong, right };
  };

  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    at(pos[0], [], undefined, ...explainYaml(code, message)),
  );
  const twice = (pair: Pair, seen: Set<unknown>) => {
    const key = isScalar(pair.key) ? pair.key : undefined;
    if (key && seen.has(key.value)) {
      broken.push(
        at(key.range?.[0] ?? 0, [], undefined, `"${key.value}" is written twice in the same place`, 'keep one'),
      );
    }
    seen.add(key?.value);
  };
  // An alias can blow a small file up without end, and its problems would have no line of their own.
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const pair of map.items) twice(pair, seen);
    },
    Alias: (_, alias) => {
      const offset = alias.range?.[0] ?? 0;
      broken.push(at(offset, [], undefined, `*${alias.source} refers to another place`, 'write the value itself here'));
    },
  });
  if (broken.length > 0) return { problems: inOrder(firstOfEachLine(broken)) };

  const raw: unknown = document.toJS();
  if (raw === null || raw === undefined) {
    return whole('The file is empty', 'copy infra/sandbox/northwind.yaml and change it');
  }
  if (!isMap(document.contents)) return whole('The file is not a list of settings', 'start with `name: …`, `people:`');

  const found = check(raw, more);
  const locate = locator(document.contents);
  const problems = found.findings.map(({ path, wrong, right, atKey }) =>
    at(locate(path, atKey), path, raw, wrong, right),
  );
  if (found.organisation !== undefined && problems.length === 0) {
    return { organisation: found.organisation, problems: [] };
  }
  return { problems: inOrder(problems) };
}

/** One slip makes a parser complain several times about one line; the first complaint is the cause. */
const firstOfEachLine = (problems: Problem[]): Problem[] => {
  const lines = new Set<number>();
  return inOrder(problems).filter(({ line }) => !lines.has(line) && lines.add(line));
};

const inOrder = (problems: Problem[]): Problem[] => {
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  if (problems.length <= MAX_PROBLEMS) return problems;
  const kept = problems.slice(0, MAX_PROBLEMS);
  const next = problems[MAX_PROBLEMS] as Problem;
  const wrong = `there are ${problems.length - MAX_PROBLEMS} more problems from here on`;
  return [...kept, { ...next, where: '', wrong, right: 'mend those above first' }];
};

/** Control characters, and what stands where bytes were not UTF-8. */
const NOT_TEXT = /[[\p{Cc}--[\t\n\r]]\uFFFD]/v;

function check(
  raw: unknown,
  more: (whole: Organisation) => readonly Finding[],
): { organisation?: Organisation; findings: (Finding & { atKey?: string })[] } {
  const whole = organisation.safeParse(raw);
  const shape = whole.success ? [] : whole.error.issues.flatMap((issue) => explain(organisation, issue, raw));
  const across = findings(whole.success ? complete(whole.data) : partial(raw as Record<string, unknown>));
  // One place is told once, by whoever knows the file best.
  const told = new Set(across.map(({ path }) => path.slice(0, 2).join('/')));
  const others = whole.success ? more(whole.data).filter(({ path }) => !told.has(path.slice(0, 2).join('/'))) : [];
  return { ...(whole.success ? { organisation: whole.data } : {}), findings: [...shape, ...across, ...others] };
}

const complete = (whole: Organisation): Draft => ({
  ...whole,
  names: Object.fromEntries(LISTS.map((list) => [list, whole[list].map(({ id }) => id)])) as unknown as Draft['names'],
});

/** What can still be checked across entries although some entry is broken. */
function partial(raw: Record<string, unknown>): Draft {
  const listed = (list: string): unknown[] => (Array.isArray(raw[list]) ? raw[list] : []);
  const idOf = (entry: unknown): string | undefined => {
    const id = (entry as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? id : undefined;
  };
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const parsed = (list: (typeof LISTS)[number]) => {
    const schema = organisation.shape[list];
    const element = ('innerType' in schema.def ? schema.def.innerType : schema) as z.ZodArray<z.ZodType>;
    return listed(list).map((entry) => element.element.safeParse(entry).data);
  };
  return {
    ...(Object.fromEntries(LISTS.map((list) => [list, parsed(list)])) as unknown as Draft),
    names: Object.fromEntries(LISTS.map((list) => [list, listed(list).map(idOf)])) as unknown as Draft['names'],
    zone: text(raw.zone),
    fallbackChannel: text(raw.fallbackChannel),
  };
}

/** Finds where the value at a path is written; where it is missing, the place that should hold it. */
function locator(root: Node): (path: Path, atKey?: string) => number {
  // Searching each map again for each problem takes minutes in a file of nothing but unknown names.
  const indexed = new Map<unknown, Map<string, Pair>>();
  const pairsOf = (map: YAMLMap): Map<string, Pair> => {
    const known = indexed.get(map);
    if (known) return known;
    const pairs = new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    indexed.set(map, pairs);
    return pairs;
  };
  return (path, atKey) => {
    let node: unknown = root;
    let offset = root.range?.[0] ?? 0;
    for (const step of path) {
      const item = isMap(node) ? pairsOf(node).get(String(step)) : isSeq(node) ? node.items[Number(step)] : undefined;
      if (item === undefined) return offset;
      node = isPair(item) ? item.value : item;
      const place = isPair(item) && !isNode(item.value) ? item.key : node;
      offset = (place as Node).range?.[0] ?? offset;
    }
    if (atKey === undefined || !isMap(node)) return offset;
    return (pairsOf(node).get(atKey)?.key as Node | undefined)?.range?.[0] ?? offset;
  };
}

function describePath(path: Path, raw: unknown): string {
  let value: unknown = raw;
  let text = '';
  for (const step of path) {
    value = (value as Record<string | number, unknown> | null | undefined)?.[step];
    const id = (value as { id?: unknown } | null | undefined)?.id;
    if (typeof step === 'number') text += `[${typeof id === 'string' ? id : step}]`;
    else text += text ? `.${step}` : step;
  }
  return text;
}

/** How deep flow brackets go outside comments. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.replace(/(^|\s)#.*$/gm, '').matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1));
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The parser's words, said so that somebody who does not know YAML's inside can act on them. */
function explainYaml(code: string, message: string): [wrong: string, right: string] {
  switch (code) {
    case 'TAB_AS_INDENT':
      return ['a tab is used to indent', 'YAML indents with spaces only; put two spaces there'];
    case 'MULTIPLE_DOCS':
      return ['a second document starts here (---)', 'keep everything in one document'];
    case 'BAD_INDENT':
      return ['the indentation does not fit what is above', 'line entries of one list up under each other'];
    case 'MISSING_CHAR':
      return [message.split('\n')[0] ?? message, 'close each quote, bracket and colon that was opened'];
    default:
      return [(message.split('\n')[0] ?? message).replace(/\.$/, ''), 'mend this line; it cannot be read as YAML'];
  }
}
