import { expect, test } from 'vitest';
import { didYouMean } from '../../bot/did-you-mean.ts';
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
  const card = didYouMean(registry, said, 'I did not understand that.', parsed.suggestions, context);
  if (!card) return undefined;
  return nodesOf(card)
    .filter(({ value }) => value.type === 'Action.Execute')
    .map(({ value }) => ({ title: value.title, verb: value.verb, data: value.data }));
}

test('a slip is mended by a press', () => {
  expect(buttons('akc INC-7')).toContainEqual({ title: 'ack INC-7', verb: 'alerts.ack', data: { incident: 'INC-7' } });
});

test('an id alone offers what can be done with it', () => {
  const offered = buttons('INC-142') ?? [];
  expect(offered.length).toBeGreaterThan(1);
  for (const { data } of offered) expect(data).toEqual({ incident: 'INC-142' });
});

test('an example about something the person did not name is no button', () => {
  const ids = (buttons('please take care of the incident') ?? []).flatMap(({ data }) => Object.values(data as object));
  expect(ids.join()).not.toMatch(/INC-/);
});

test('without anything to press there is no card', () => {
  expect(buttons('what is the weather like in spring')).toBeUndefined();
});
