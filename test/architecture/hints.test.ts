import { expect, it } from 'vitest';
import { DOMAINS } from '../../bot/app.domains.ts';
import { parse } from '../../bot/parse.ts';
import { buildRegistry } from '../../bot/registry.ts';
import { LISTED_BY } from '../../dialogs/arguments.ts';
import { contextFor } from '../bot/house.ts';
import { sources } from './sources.ts';

const registry = buildRegistry(DOMAINS);

/** “…” after “Say”, without what is filled in later; the beginning of a sentence (“Say “statement” and …”) is none. */
const HINT = /\b[Ss]ay “([^”$…]+)”(?! (?:and|with|or) )/g;
const hints = new Map(
  sources.flatMap(({ path, text }) => [...text.matchAll(HINT)].map(([, words = '']) => [words, path] as const)),
);

it('finds what people are told to say', () => expect(hints.size).toBeGreaterThan(30));

it.each([...hints])('“%s” is understood (%s)', (words) => {
  expect(parse(registry, words, contextFor(registry)).kind).toBe('match');
});

it.each(['INC', 'REQ', 'UC', 'RFC', 'CON', 'MIS', 'ROL', 'ANO', 'SIL'])('“show %s-101” is understood', (prefix) => {
  expect(parse(registry, `show ${prefix}-101`, contextFor(registry)).kind).toBe('match');
});

it.each(Object.values(LISTED_BY))('“%s”, which lists what somebody did not name, is understood', (words) => {
  expect(parse(registry, words, contextFor(registry)).kind).toBe('match');
});
