import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conversationsOf, playgroundConfig } from '../../../infra/playground/config.ts';
import { isRefused } from '../../../services/core/errors.ts';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';

const northwind = loadOrganisation(readFileSync('infra/sandbox/northwind.yaml', 'utf8'));

test('the Playground is given people whom Wardroom recognises and the channel that its alerts go to', () => {
  const config = playgroundConfig(northwind, 'ben', 'fraud-ops');
  expect(config.currentUser).toMatchObject({ name: 'Ben Okafor', aadObjectId: '00000000-0000-4000-8000-000000000002' });
  // Its schema: five others, one channel.
  expect(config.users.map(({ givenName }) => givenName)).toEqual(['Ann', 'Cara', 'Dev', 'Eva', 'Finn']);
  expect(config.team.channels).toEqual([{ id: '19:fraud-ops@thread.tacv2', name: 'Fraud operations' }]);
  expect(new Set(conversationsOf(config)).size).toBe(4);
});

test('somebody who left or a channel that is not there is refused with the choice there is', () => {
  const saidTo = (me: string, channel: string) => {
    try {
      return playgroundConfig(northwind, me, channel).currentUser.name;
    } catch (error) {
      return isRefused(error) ? error.text : 'a fault';
    }
  };
  expect(saidTo('max', 'fraud-ops')).toMatch(/^Nobody active has the id "max"\. Choose one of ann, ben/);
  expect(saidTo('ann', 'fraud')).toMatch(/^There is no channel "fraud"\. Choose one of fraud-ops, retail-ml/);
});
