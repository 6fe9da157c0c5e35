import type { CollectedBy } from '../azure/ml.collection.ts';
import { Refused } from '../core/errors.ts';
import { endpointOf, type ModelsDeps } from './deps.ts';

/** What monitoring needs, in the words people use; requests and answers as raw bytes are not asked for. */
export const WANTED = { inputs: 'model_inputs', outputs: 'model_outputs' } as const;

export interface CollectionReading {
  endpoint: string;
  deployments: readonly {
    deployment: string;
    traffic: number;
    on: CollectedBy['on'];
    missing: readonly (keyof typeof WANTED)[];
    /** Sampled below 1: metrics have fewer rows than there were requests. */
    sampled: readonly string[];
    /** Without a correlation id (an older collector), labels cannot be joined; unknown until there is a file. */
    lastFile: string | undefined;
  }[];
  /** What cannot be done as it is, in words. */
  consequences: readonly string[];
  asOf: string;
  stale: boolean;
}

export function collection({ azure, ref, organisation, clock }: ModelsDeps) {
  return {
    /** What each deployment of an endpoint collects and what is missing; asks Azure. */
    async read(endpoint: string): Promise<CollectionReading> {
      const workspace = ref(endpointOf(organisation, endpoint).workspace);
      const place = { ...workspace, endpoint };
      const [collected, state] = await Promise.all([azure.ml.collectionOf(place), azure.ml.getEndpoint(place)]);
      if (!state.value) throw new Refused(`${endpoint} is not in ${workspace.workspace}.`, 'Check the name.');
      const traffic = state.value.traffic;
      const deployments = await Promise.all(
        collected.value.map(async (each) => ({
          deployment: each.deployment,
          traffic: traffic[each.deployment] ?? 0,
          on: each.on,
          missing: (Object.keys(WANTED) as (keyof typeof WANTED)[]).filter(
            (word) => !each.on.some(({ name }) => name === WANTED[word]),
          ),
          sampled: each.on.filter(({ sampling }) => sampling < 1).map(({ name }) => name),
          lastFile: each.on.length > 0 ? await lastFile(endpoint, each.deployment) : undefined,
        })),
      );
      return {
        endpoint,
        deployments,
        consequences: consequencesOf(deployments),
        asOf: collected.asOf.toString(),
        stale: collected.stale || state.stale,
      };
    },
  };

  /** Whether anything arrived today or yesterday. */
  async function lastFile(endpoint: string, deployment: string): Promise<string | undefined> {
    const workspace = ref(endpointOf(organisation, endpoint).workspace);
    const base = await azure.ml.placeOf(
      workspace,
      `azureml://datastores/workspaceblobstore/paths/modelDataCollector/${endpoint}/${deployment}/model_inputs/`,
    );
    if (!base) return undefined;
    for (const hours of [0, 24]) {
      const day = clock.now().subtract({ hours }).toString().slice(0, 10).replaceAll('-', '/');
      const files = await azure.blobs.list({ ...base, path: `${base.path}${day}/` }, 200);
      const last = files
        .flatMap(({ modifiedAt }) => modifiedAt ?? [])
        .sort()
        .at(-1);
      if (last) return last;
    }
    return undefined;
  }
}

function consequencesOf(deployments: readonly { traffic: number; missing: readonly string[] }[]): string[] {
  const serving = deployments.filter(({ traffic }) => traffic > 0);
  const lacks = (what: string) => serving.some(({ missing }) => missing.includes(what));
  return [
    ...(lacks('inputs') ? ['drift and data quality cannot be computed from what it is asked'] : []),
    ...(lacks('outputs') ? ['prediction drift, attribution and performance on labels cannot be computed'] : []),
  ];
}
