import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readOrganisation } from '../../services/core/organisation.load.ts';

const readme = readFileSync('README.md', 'utf8');

test('every variable that Wardroom reads is in the README, and every one in its table is read', () => {
  const source = readFileSync('services/core/config.ts', 'utf8');
  const [, shape = ''] = /const environment = z\.object\(\{\n([\s\S]*?)\n\}\);/.exec(source) ?? [];
  const read = [...shape.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? '');
  expect(read.length).toBeGreaterThan(20);
  const [, table = ''] = /\| variable \|[^\n]*\n\|[-|]*\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const told = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(new Set(told)).toEqual(new Set(read));
});

test("the README's wardroom.yaml is a good one", () => {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const { organisation, problems } = readOrganisation(text, 'README.md');
  expect(problems).toEqual([]);
  expect(organisation?.name).toBe('Example');
});

test('the commands and files that the README names are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, script]) => script ?? '');
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g), ...readme.matchAll(/-f (infra\/[^\s]+)/g)].map(
    ([, path]) => path ?? '',
  );
  expect(links.length).toBeGreaterThan(8);
  expect(links.filter((path) => !existsSync(path))).toEqual([]);
});
