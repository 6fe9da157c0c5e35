import { z } from 'zod/v4';
import { compareCard, compareSummary } from '../../cards/approvals/compare.ts';
import { dominance, modelsOfChannel, readVersions } from '../../services/approvals/index.ts';
import { orList, Refused } from '../../services/core/errors.ts';
import { freeText, modelName } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { modelAsServed } from './model-card.ts';

const MOST = 3;

export const compare = capability({
  id: 'approvals.compare',
  summary: 'Put two or three versions of a model side by side: quality, speed, size, machines, cost',
  phrases: ['compare {versions} of {model}', 'compare {versions}'],
  examples: ['compare v6 v7 of fraud-detector', 'compare fraud-detector 6 7'],
  input: z.object({ versions: freeText(120), model: modelName.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, place }, { versions: words, model: named }) => {
    const read = readVersions(words);
    const here = modelsOfChannel(rooms.organisation, place.conversation);
    const said = named ?? read.model ?? (here.length === 1 ? here[0] : await onlyOneWith(rooms, here, read.versions));
    const model = said && modelAsServed(rooms, said);
    if (!model || read.versions.length < 2 || read.versions.length > MOST)
      throw new Refused(
        model
          ? `I compare two or three versions; you named ${read.versions.length}.`
          : `I do not see which model you mean${here.length > 0 ? `: ${orList(here)}` : ''}.`,
        `Say for example “compare ${read.versions.length > 1 && !model ? words : 'v6 v7'} of ${model ?? here[0] ?? 'fraud-detector'}”.`,
        'compare-words',
      );
    const { found, missing } = await rooms.catalogue.facts(model, read.versions);
    const gone = read.versions.filter((version) => !found.some((each) => each.version === version));
    if (gone.length > 0 && missing.length === 0)
      throw new Refused(
        `${model} has no version ${gone.join(' and no version ')}.`,
        `Say “history of ${model}” for those there are.`,
        'unknown-version',
      );
    const beaten = new Map(dominance(found).map((each) => [each.version, each]));
    const view = {
      now,
      model,
      versions: found.map((each) => {
        const by = beaten.get(each.version)?.by;
        return { ...each, ...(by ? { dominatedBy: by } : {}) };
      }),
      missing,
      source: 'MLflow runs, Azure Monitor (last 2 h), Cost Management (last 7 days)',
    };
    return { text: compareSummary(view), card: compareCard(view), data: { model, versions: view.versions, missing } };
  },
});

/** Nobody named the model: the one of the team's, or of all, that has all of these versions, or else two of them, when only one does. */
async function onlyOneWith(
  { organisation, catalogue }: Rooms,
  here: readonly string[],
  versions: readonly string[],
): Promise<string | undefined> {
  if (versions.length < 2 || versions.length > MOST) return undefined;
  const candidates = here.length > 0 ? here : [...new Set(organisation.endpoints.flatMap(({ models }) => models))];
  const known = await Promise.all(
    candidates.map(async (model) => ({ model, there: (await catalogue.known(model)).versions })),
  );
  const having = (least: number) =>
    known.filter(({ there }) => there.filter(({ version }) => versions.includes(version)).length >= least);
  const all = having(versions.length);
  const found = all.length > 0 ? all : having(2);
  return found.length === 1 ? found[0]?.model : undefined;
}
