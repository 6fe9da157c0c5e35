import { expect, it } from 'vitest';
import { doorWords, refusalWords } from '../../../dialogs/alerts/rejected-words.ts';
import { letterWords, whyWords } from '../../../dialogs/governance/undelivered-words.ts';

it.each([
  ['alerts.page', { incident: 'INC-101', person: 'ben' }, 'the page of INC-101'],
  ['alerts.handoff', { schedule: 'fraud-primary' }, 'a handoff'],
  ['approvals.request', { request: 'REQ-7' }, 'the card of REQ-7'],
  ['cost.anomaly', {}, 'an anomaly'],
])('names what did not arrive: %s', (kind, ids, words) => {
  expect(letterWords({ kind, ids: ids as Record<string, string> })).toBe(words);
});

it.each([
  [
    '403: {"error":{"code":"MessageWritesBlocked","message":"x"}}',
    'Wardroom is not installed there, or may not write (403)',
  ],
  ['503: upstream connect error', 'Teams had a fault of its own (503)'],
  ['400: {"error":{"code":"BadSyntax","message":"the card is torn"}}', 'the card is torn (400)'],
  ['Teams did not say whether it was posted', 'Teams did not say whether it was posted'],
])('says why in words: %s', (why, words) => {
  expect(whyWords(why)).toBe(words);
});

it('has words for every refusal, and something readable for what it does not know', () => {
  expect(`${doorWords('eventgrid')}: ${refusalWords('wrong-audience')}`).toBe(
    'the door of Event Grid: the token is for another application',
  );
  expect(refusalWords('quite-new')).toBe('quite new');
});
