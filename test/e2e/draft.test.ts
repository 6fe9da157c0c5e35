import { expect, it } from 'vitest';
import { draftInBrowser } from './draft.ts';

it('a first draft of a use case takes three screens, and less than three minutes of a person', async () => {
  const { clicks, fields, characters, machineSeconds, personSeconds } = await draftInBrowser();
  process.stdout.write(
    `first draft: ${clicks} clicks, ${fields} fields, ${characters} characters; ${machineSeconds.toFixed(1)} s machine, ${personSeconds.toFixed(0)} s with a person\n`,
  );
  expect(clicks).toBe(3);
  expect(fields).toBeLessThanOrEqual(8);
  expect(personSeconds).toBeLessThan(180);
}, 240_000);
