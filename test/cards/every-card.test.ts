import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../cards/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const sourceOf = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const samples = files
  .filter((file) => file.startsWith('gallery/'))
  .map(sourceOf)
  .join('\n');

it('every card has a sample in the gallery, and so a golden file', () => {
  const cards = files
    .filter((file) => !file.startsWith('parts/'))
    .flatMap((file) =>
      [...sourceOf(file).matchAll(/^export (?:function|const) (\w+Card)\b/gm)].map(([, name]) => name),
    );
  expect(cards.length).toBeGreaterThan(10);
  expect(cards.filter((name) => !samples.includes(`${name}(`))).toEqual([]);
});
