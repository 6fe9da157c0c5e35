import { same } from './northwind.ts';
import type { EstateState } from './state.ts';

/** Endpoints in front of which a gateway writes columns, without the collector's envelope. */
export const PARQUET: ReadonlySet<string> = new Set(['ep-churn']);

export const trainingFile = (endpoint: string): string => `training.${PARQUET.has(endpoint) ? 'parquet' : 'csv'}`;

/** A version of an endpoint's training data that somebody registered since, by the scenario `data-version`. */
export interface DataVersion {
  version: string;
  at: number;
  by: string;
  path: string;
  /** The column that it has no longer, and the one it has instead. */
  lost?: string;
  gained?: string;
}

/** Oldest first; the first version is the seed's. */
export function dataVersions(state: EstateState, endpoint: string, now: number): DataVersion[] {
  return state.happened
    .filter((each) => each.scenario === 'data-version' && each.at <= now)
    .filter(({ params }) => same(String(params.endpoint), endpoint))
    .map(({ at, params }, place) => {
      const version = String(place + 2);
      const [lost, gained] = [String(params.lost ?? ''), String(params.gained ?? '')];
      return {
        version,
        at,
        by: String(params.by ?? ''),
        path: `training/${endpoint}/v${version}/${trainingFile(endpoint)}`,
        ...(lost ? { lost } : {}),
        ...(gained ? { gained } : {}),
      };
    });
}
