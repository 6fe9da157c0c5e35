import { describe, expect, it } from 'vitest';
import {
  dominance,
  modelsOfChannel,
  readVersions,
  type VersionFacts,
} from '../../../services/approvals/compare.rules.ts';

const facts = (version: string, auc: number, more: Partial<VersionFacts> = {}): VersionFacts => ({
  version,
  quality: { auc },
  serves: [],
  ...more,
});
const beaten = (...all: VersionFacts[]) =>
  Object.fromEntries(dominance(all).map(({ version, by, better }) => [version, by ? [by, ...better] : []]));

describe('dominance', () => {
  it.each([
    [
      'better and faster',
      [facts('6', 0.94, { latencyP95Ms: 90 }), facts('7', 0.95, { latencyP95Ms: 80 })],
      { 6: ['7', 'auc', 'latency'], 7: [] },
    ],
    [
      'better but slower: a choice',
      [facts('6', 0.94, { latencyP95Ms: 80 }), facts('7', 0.95, { latencyP95Ms: 90 })],
      { 6: [], 7: [] },
    ],
    [
      'equal in everything: neither',
      [facts('6', 0.94, { sizeBytes: 5 }), facts('7', 0.94, { sizeBytes: 5 })],
      { 6: [], 7: [] },
    ],
    ['only one thing is known of both', [facts('6', 0.94), facts('7', 0.95)], { 6: [], 7: [] }],
    [
      'what is unknown of one does not count',
      [facts('6', 0.94, { sizeBytes: 5 }), facts('7', 0.95, { sizeBytes: 5, costPerMonth: 900 })],
      { 6: ['7', 'auc'], 7: [] },
    ],
    [
      'no quality in common',
      [
        { ...facts('6', 0), quality: {}, sizeBytes: 5, costPerMonth: 2 },
        facts('7', 0.9, { sizeBytes: 4, costPerMonth: 1 }),
      ],
      { 6: [], 7: [] },
    ],
    [
      'how many rows it was tested on is no quality',
      [
        { ...facts('6', 0), quality: { auc: 0.95, test_rows: 100 }, sizeBytes: 5 },
        { ...facts('7', 0), quality: { auc: 0.95, test_rows: 200 }, sizeBytes: 5 },
      ],
      { 6: [], 7: [] },
    ],
    [
      'of a loss less is better',
      [
        { ...facts('6', 0), quality: { log_loss: 0.2 }, sizeBytes: 5 },
        { ...facts('7', 0), quality: { log_loss: 0.1 }, sizeBytes: 5 },
      ],
      { 6: ['7', 'log_loss'], 7: [] },
    ],
  ] as const)('%s', (_, all, wanted) => expect(beaten(...all)).toEqual(wanted));
});

it.each([
  ['v7 v8', { versions: ['7', '8'] }],
  ['fraud-detector 7 8', { model: 'fraud-detector', versions: ['7', '8'] }],
  ['fraud-detector:7 and fraud-detector:8', { model: 'fraud-detector', versions: ['7', '8'] }],
  ['7, 8 and 9', { versions: ['7', '8', '9'] }],
  ['V7 against v7', { versions: ['7'] }],
  ['apples', { model: 'apples', versions: [] }],
])('reads “%s”', (words, wanted) => expect(readVersions(words)).toEqual(wanted));

it.each([
  ['a team with one model', 'channel:fraud', ['fraud-detector']],
  ['a team with several', 'channel:retail', ['churn', 'demand']],
  ['no channel of a team', 'channel:canteen', []],
  ['a chat with one person', 'person:ann', []],
])('whoever compares in the channel of %s means its models', (_what, conversation, models) => {
  const organisation = {
    teams: [
      { id: 'fraud', channel: 'fraud' },
      { id: 'shop', channel: 'retail' },
    ],
    endpoints: [
      { owner: 'fraud', models: ['fraud-detector'] },
      { owner: 'fraud', models: ['fraud-detector'] },
      { owner: 'shop', models: ['churn'] },
      { owner: 'shop', models: ['demand'] },
      // An endpoint without a team is nobody's.
      { owner: 'nobody', models: ['orphan'] },
    ],
  };
  expect(modelsOfChannel(organisation, conversation)).toEqual(models);
});
