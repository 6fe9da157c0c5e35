import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { historyCard, historySummary } from '../../cards/approvals/history.ts';
import { Refused } from '../../services/core/errors.ts';
import { modelName } from '../arguments.ts';
import { capability } from '../capability.ts';

export const history = capability({
  id: 'approvals.history',
  summary: 'Show everything that happened to a model: versions, requests, votes, promotions, ways back',
  phrases: ['history of {model}', 'history {model}'],
  examples: ['history of fraud-detector'],
  input: z.object({ model: modelName }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { model }) => {
    const { versions, serving, missing } = await rooms.catalogue.known(model);
    const happenings = await rooms.approvals.history(rooms.db, model, versions);
    if (happenings.length === 0)
      throw new Refused(
        `I know nothing of a model ${model}.`,
        'Check the name; “endpoints” shows what serves.',
        'unknown-model',
      );
    const count = (kind: string) => happenings.filter((each) => each.kind === kind).length;
    const view = {
      now,
      model,
      happenings: happenings.map(({ at, what, version }) => ({
        at: Temporal.Instant.from(at),
        what,
        ...(version === undefined ? {} : { version }),
      })),
      versions: versions.length,
      requests: count('request'),
      votes: count('vote'),
      rollouts: new Set(happenings.filter(({ kind }) => kind === 'rollout').map(({ object }) => object)).size,
      rollbacks: count('rollback'),
      serving,
      source: missing.length > 0 ? `Wardroom; Azure did not tell: ${missing.join('; ')}` : 'Wardroom and Azure ML',
    };
    return { text: historySummary(view), card: historyCard(view), data: { model, versions, happenings } };
  },
});
