import { expect, it } from 'vitest';
import { draftInBrowser } from './draft.ts';

it('a first draft of a use case takes three screens, and less than three minutes of a person', async () => {
  const { clicks, fields, personSeconds } = await draftInBrowser();
  expect(clicks).toBe(3);
  expect(fields).toBeLessThanOrEqual(8);
  expect(personSeconds).toBeLessThan(180);
}, 240_000);
