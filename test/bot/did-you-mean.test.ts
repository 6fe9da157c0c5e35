import { expect, test } from 'vitest';
import { didYouMean } from '../../bot/did-you-mean.ts';
import { lostIn } from '../../bot/lost.ts';
import { parse } from '../../bot/parse.ts';
import { buildRegistry } from '../../bot/registry.ts';
import { nodesOf } from '../cards/walk.ts';
import { contextFor, domains } from './house.ts';

const registry = buildRegistry(domains);

/** The buttons that answer this message. */
function buttons(said: string) {
  const context = contextFor(registry, {});
  const parsed = parse(registry, said, context);
  if (parsed.kind !== 'unknown') throw new Error(`"${said}" was understood`);
  const card = didYouMean(registry, said, { why: 'Lost.', text: 'Lost.' }, parsed.suggestions, context);
  if (!card) return undefined;
  return nodesOf(card)
    .filter(({ value }) => value.type === 'Action.Execute')
    .map(({ value }) => ({ title: value.title, verb: value.verb, data: value.data }));
}

test('a slip is mended by a press', () => {
  expect(buttons('akc INC-7')).toContainEqual({ title: 'ack INC-7', verb: 'alerts.ack', data: { incident: 'INC-7' } });
});

test('an id among other words offers what can be done with it', () => {
  const offered = buttons('mend INC-142') ?? [];
  expect(offered.length).toBeGreaterThan(0);
  for (const { data } of offered) expect(data).toEqual({ incident: 'INC-142' });
});

test('an example that would change something is no button', () => {
  const titles = (buttons('silencing of noise') ?? []).map(({ title }) => title);
  expect(titles.join()).not.toMatch(/silence ep-fraud/);
});

test('an example about something the person did not name is no button', () => {
  const ids = (buttons('please take care of the incident') ?? []).flatMap(({ data }) => Object.values(data as object));
  expect(ids.join()).not.toMatch(/INC-/);
});

test('without anything to press there is no card', () => {
  expect(buttons('what is the weather like in spring')).toBeUndefined();
});

test.each([
  ['Traceback (most recent call last):\n  File "score.py", line 12\nValueError: bad', 'log'],
  ['Zeige mir bitte die Kosten', 'foreign'],
  ['Bonjour, qui est d’astreinte ?', 'foreign'],
  ['is the data of last week in the lake', 'unknown'],
  ['error: ack INC-7', 'unknown'],
])('what cannot be read is told from what is not known: %j', (said, kind) => {
  expect(lostIn(said).kind).toBe(kind);
});
