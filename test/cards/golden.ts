import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const FOLDER = fileURLToPath(new URL('./golden/', import.meta.url));
const updating = process.env.UPDATE_GOLDEN === '1';

const fileOf = (name: string) => `${name.replaceAll('/', '.')}.golden.json`;

/** The card is what it was when somebody last looked at it. `UPDATE_GOLDEN=1 npx vitest run test/cards` accepts it. */
export function expectGolden(name: string, card: unknown): void {
  const path = `${FOLDER}${fileOf(name)}`;
  const text = `${JSON.stringify(card, null, 2)}\n`;
  if (updating) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${fileOf(name)} is missing: look at the card, then run with UPDATE_GOLDEN=1`).toBe(true);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(path, 'utf8')));
}

/** Golden files that no card writes any more. */
export const orphans = (names: readonly string[]): string[] => {
  const known = new Set(names.map(fileOf));
  return readdirSync(FOLDER).filter((file) => !known.has(file));
};
