import { z } from 'zod/v4';
import { read } from './border.ts';
import { page } from './ml.shapes.ts';
import { ML_API_VERSION } from './refs.ts';
import type { Fresh, Guard, ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';

/** How many cores of a family of machines a subscription may use in a region, and uses. */
export interface CoreUsage {
  /** "Standard DSv2 Family Cluster Dedicated vCPUs", "Total Cluster Dedicated Regional vCPUs". */
  name: string;
  used: number;
  /** `undefined`: without a limit of its own, which Azure writes as -1. */
  limit: number | undefined;
}

export interface MachineSize {
  /** "Standard_DS3_v2". */
  name: string;
  /** "standardDSv2Family". */
  family: string;
  cores: number;
}

export interface Quota {
  /** Of the subscription; what single workspaces and clusters use of it is left out. */
  coreUsages(subscription: string, region: string, options?: ReadOptions): Promise<Fresh<readonly CoreUsage[]>>;
  machineSizes(subscription: string, region: string): Promise<Fresh<readonly MachineSize[]>>;
}

const usages = page(
  z.object({
    id: z.string().nullish(),
    name: z.object({ value: z.string() }),
    currentValue: z.number(),
    limit: z.number(),
  }),
);
const sizes = z.object({ value: z.array(z.object({ name: z.string(), family: z.string(), vCPUs: z.number().int() })) });

/**
 * https://learn.microsoft.com/rest/api/azureml/usages/list and …/virtual-machine-sizes/list. Raw ARM, so that one
 * api-version serves all of our reads; the SDK asks for the same two addresses.
 */
export function quota({ rest, guard }: { rest: Rest; guard: Guard }): Quota {
  const place = (subscription: string, region: string) =>
    `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.MachineLearningServices/locations/${encodeURIComponent(region)}`;
  return {
    coreUsages: (subscription, region, options) =>
      guard.read(
        `usages:${subscription}/${region}`,
        async (signal) => {
          const found: CoreUsage[] = [];
          let path: string | undefined = `${place(subscription, region)}/usages?api-version=${ML_API_VERSION}`;
          while (path !== undefined) {
            const answer = await rest({ method: 'GET', path, signal });
            const { value, nextLink } = read(SERVICE, usages, answer.body);
            for (const { id, name, currentValue, limit } of value) {
              if (/\/resourcegroups\//i.test(id ?? '')) continue;
              found.push({ name: name.value, used: currentValue, limit: limit < 0 ? undefined : limit });
            }
            path = nextLink ?? undefined;
          }
          return found;
        },
        options,
      ),
    machineSizes: (subscription, region) =>
      guard.read(`sizes:${subscription}/${region}`, async (signal) => {
        const path = `${place(subscription, region)}/vmSizes`;
        const answer = await rest({ method: 'GET', path, query: { 'api-version': ML_API_VERSION }, signal });
        return read(SERVICE, sizes, answer.body).value.map(({ name, family, vCPUs }) => ({
          name,
          family,
          cores: vCPUs,
        }));
      }),
  };
}
