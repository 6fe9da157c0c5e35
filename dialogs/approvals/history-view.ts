import { Temporal } from 'temporal-polyfill';
import type { HistoryView } from '../../cards/approvals/history.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Turn } from '../capability.ts';
import { modelAsServed } from './model-card.ts';

/** Everything that happened to a model, drawn and told. `Refused` for a model that nothing is known of. */
export async function modelHistory({ rooms, now }: Pick<Turn, 'rooms' | 'now'>, named: string) {
  const model = modelAsServed(rooms, named);
  const { versions, serving, missing } = await rooms.catalogue.known(model);
  const happenings = await rooms.approvals.history(rooms.db, model, versions);
  if (happenings.length === 0)
    throw new Refused(
      `I know nothing of a model ${model}.`,
      'Check the name; “endpoints” shows what serves.',
      'unknown-model',
    );
  const count = (kind: string) => happenings.filter((each) => each.kind === kind).length;
  const view: HistoryView = {
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
  return { view, versions, happenings };
}
