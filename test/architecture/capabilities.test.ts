import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../../bot/app.domains.ts';
import { buildRegistry } from '../../bot/registry.ts';
import { helpView } from '../../dialogs/governance/help.ts';
import { files, type Node, sources, tests, textOf, walk } from './sources.ts';

/** One capability, one name: id, file, export, test, card. */
const { capabilities } = buildRegistry(DOMAINS);
const camel = (verb: string): string => verb.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const exportsOf = (tree: Node): string[] => {
  const names: string[] = [];
  walk(tree, (node) => {
    if (node.type !== 'ExportNamedDeclaration') return;
    const { declarations } = (node['declaration'] as { declarations?: { id: { name: string } }[] } | null) ?? {};
    for (const { id } of declarations ?? []) names.push(id.name);
  });
  return names;
};
/** Its answer is one line, which is drawn as cards/governance/answer.ts. */
const SAYS_A_LINE = new Set([
  'governance.redeliver',
  'governance.thanks',
  'governance.reply',
  'approvals.delegate',
  'approvals.take-back',
  'approvals.delegations',
  'approvals.note',
]);
/** Words that a test says: strings, templates and expressions. */
const said = tests.map(({ text }) => text).join('\n');

describe.each(capabilities.map((capability) => [capability.id, capability] as const))('%s', (id, capability) => {
  const [domain, verb = ''] = id.split('.');
  const path = `dialogs/${domain}/${verb}.ts`;
  const source = sources.find((each) => each.path === path);

  it('is the one thing that its file exports, under its own name', () => {
    expect(source, path).toBeDefined();
    expect(exportsOf(source?.tree as Node)).toContain(camel(verb));
    expect(textOf(path)).toContain(`id: '${id}'`);
  });

  it('answers with a card of its domain', () => {
    const drawn = source?.imports.some(({ to, typeOnly }) => !typeOnly && /^cards\//.test(to));
    // A form in steps is drawn by the language itself.
    const near = ({ to }: { to: string }) => to.startsWith(`dialogs/${domain}/`) || to === 'dialogs/stepped.ts';
    const beside = source?.imports.filter(near).map(({ to }) => to) ?? [];
    const through = sources.some(
      ({ path: other, imports }) => beside.includes(other) && imports.some(({ to }) => /^cards\//.test(to)),
    );
    expect(drawn || through || SAYS_A_LINE.has(id)).toBe(true);
    expect(files.some((file) => file.startsWith(`test/cards/golden/${domain}.`))).toBe(true);
  });

  it('is in the help of those who may run it, with an example', () => {
    const shown = helpView([capability]).groups.flatMap(({ entries }) => entries.map(({ example }) => example));
    expect(shown).toEqual([capability.examples[0]]);
    expect(helpView(capabilities, id).groups[0]?.entries.length).toBeGreaterThan(0);
  });

  it('is tried in a test, by its id, its button or its words', () => {
    const openings = capability.phrases.map((phrase) => phrase.split(/ ?[{[]/)[0] ?? phrase);
    const mentioned = said.includes(id) || openings.some((words) => words.length > 3 && said.includes(words));
    expect(mentioned).toBe(true);
  });
});

it('every file of a dialog that declares a capability is listed in its domain', () => {
  const declared = sources
    .filter(({ path, text }) => /^dialogs\/[a-z]+\/[a-z-]+\.ts$/.test(path) && /= capability\(\{/.test(text))
    .map(({ path }) => path.replace(/^dialogs\/(.+)\/(.+)\.ts$/, '$1.$2'));
  expect([...declared].sort()).toEqual(capabilities.map(({ id }) => id).sort());
});
