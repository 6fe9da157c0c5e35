import { describe, expect, it } from 'vitest';
import { gallery } from '../../cards/gallery.ts';
import { CARD_BUDGET_BYTES, sizeOf } from '../../cards/size.ts';
import { expectGolden, orphans } from './golden.ts';
import { parserProblems } from './renderer.ts';
import { ruleProblems } from './rules.ts';
import { schemaProblems } from './schema.ts';

const samples = gallery();

describe.each(samples)('$name', ({ name, card }) => {
  it('is in the schema', () => expect(schemaProblems(card)).toEqual([]));
  it('keeps the rules of the house', () => expect(ruleProblems(card)).toEqual([]));
  it("is read by Microsoft's parser without complaint", () => expect(parserProblems(card)).toEqual([]));
  it('is within the size budget', () => expect(sizeOf(card)).toBeLessThanOrEqual(CARD_BUDGET_BYTES));
  it('looks as it did when somebody last looked', () => expectGolden(name, card));
});

describe('the gallery', () => {
  it('has one name per card', () => {
    expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  });
  it('leaves no golden file behind', () => expect(orphans(samples.map(({ name }) => name))).toEqual([]));
  it('draws the same twice', () => expect(JSON.stringify(gallery())).toBe(JSON.stringify(samples)));
});
