import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../house.ts';

/** Names come from a directory that others fill: emoji, right-to-left marks, Markdown and markup in them. */
const NAME = 'Ann **Berg** [click](https://evil.example) <at>Finn</at> \u202eesrever 👩‍🔬';
let house: House;
const home = mkdtempSync(join(tmpdir(), 'wardroom-names-'));
beforeAll(async () => {
  const northwind = readFileSync(new URL('../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8');
  const file = join(home, 'wardroom.yaml');
  writeFileSync(file, northwind.replaceAll('name: Ann Berg', `name: ${JSON.stringify(NAME)}`));
  house = await openHouse({ home, env: { WARDROOM_CONFIG: file } });
  await house.event('latency', { endpoint: 'ep-fraud' });
  await house.advance('PT7M');
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

/** What a card draws as Markdown; the line for screen readers and old clients is plain text and stays as it is. */
const markdownOf = (value: unknown, key = ''): string[] => {
  if (typeof value === 'string') return ['text', 'value', 'title'].includes(key) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => markdownOf(held, Array.isArray(value) ? key : name));
};

const incidentCard = async (as: string) =>
  (await house.messages(as, 'fraud-ops')).find((message) => /\| INC-101 \|/.test(textOf(message)));

it('a hostile name is shown as it is and writes nothing into the card', async () => {
  const card = await incidentCard('ben');
  await house.click('ann', card?.id ?? '', 'Acknowledge');
  await house.say('ben', 'personal', 'incident INC-101 timeline');
  const shown = [...(await house.messages('ben', 'fraud-ops')), ...(await house.messages('ben', 'personal'))];
  const texts = shown.filter(({ from }) => from.kind === 'bot').flatMap(({ attachments }) => markdownOf(attachments));
  expect(texts.some((text) => /👩‍🔬/.test(text))).toBe(true);
  for (const text of texts) {
    expect(text).not.toMatch(/(?<!\\)\]\(https:\/\/evil/);
    expect(text).not.toMatch(/(?<!\\)\*\*Berg/);
    expect(text).not.toMatch(/\u202e/);
    expect(text).not.toMatch(/<at>Finn<\/at>/);
  }
});

it('the person with such a name is still called by it: the mention names nobody else', async () => {
  const card = await incidentCard('ann');
  expect(card).toBeDefined();
  const calls = (await house.transcript()).filter((call) => /INC-101/.test(JSON.stringify(call)));
  expect(calls.find(({ operation }) => operation === 'create')?.['mentions']).toEqual(['ann']);
});
