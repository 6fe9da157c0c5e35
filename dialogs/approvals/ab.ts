import { z } from 'zod/v4';
import { readVersions } from '../../services/approvals/index.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { testPlan } from './ab-view.ts';

/** Filled in until somebody says otherwise. */
const USUAL = { metric: 'errors', baseline: '0.2', effect: '0.3', power: '80', share: '10' };

export const ab = capability({
  id: 'approvals.ab',
  summary: 'Plan an A/B test between two versions: how many requests, how long',
  phrases: ['plan test of {versions} on {endpoint}', 'plan test [of {versions}]'],
  examples: ['plan test of fraud-detector:7 against 6 on ep-fraud'],
  input: z.object({ versions: freeText(120).optional(), endpoint: endpointRef.optional() }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: (turn, { versions: words, endpoint }) => {
    const { model, versions } = readVersions(words ?? '');
    const known = { model, candidate: versions[0], current: versions[1], endpoint };
    const said = Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return begin(turn, testPlan, { values: { ...USUAL, ...Object.fromEntries(said) } });
  },
});
