import { expect, test } from 'vitest';
import { commandList } from '../../bot/help.ts';
import { buildRegistry } from '../../bot/registry.ts';
import { thingsToTry } from '../../dialogs/try.ts';
import { domains } from './house.ts';

const { capabilities, allowedFor } = buildRegistry(domains);

test('the command menu takes from every domain in turn and keeps the limits of the Teams manifest', () => {
  const commands = commandList(capabilities);
  expect(commands.slice(0, 3).map(({ title }) => title)).toEqual([
    'ack INC-142',
    'approve REQ-142',
    'scale ep-fraud to 4',
  ]);
  expect(commands.length).toBeLessThanOrEqual(10);
  for (const { title, description } of commands) {
    expect(title.length).toBeLessThanOrEqual(32);
    expect(description.length).toBeLessThanOrEqual(128);
  }
});

test('the first things to try only look', () => {
  expect(thingsToTry(capabilities).map(({ say }) => say)).toEqual([
    'incident INC-142',
    'show REQ-7',
    'incident INC-142 timeline',
  ]);
  expect(thingsToTry(allowedFor(['viewer']), 99).map(({ say }) => say)).not.toContain('ack INC-142');
});
