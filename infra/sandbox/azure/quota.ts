import { type Answer, type Asked, notFound, ok, paged } from './answer.ts';
import type { Estate } from './estate.ts';
import { ENDPOINTS, SUBSCRIPTION, WORKSPACES } from './northwind.ts';
import { instancesAt } from './scaling.ts';
import { deploymentsAt } from './state.ts';

/** Machines and core quotas of a region, as the Machine Learning provider tells them (usages, vmSizes). */
const SIZES: Readonly<Record<string, { family: string; vCPUs: number; memoryGB: number; gpus?: number }>> = {
  Standard_F2s_v2: { family: 'standardFSv2Family', vCPUs: 2, memoryGB: 4 },
  Standard_F4s_v2: { family: 'standardFSv2Family', vCPUs: 4, memoryGB: 8 },
  Standard_F8s_v2: { family: 'standardFSv2Family', vCPUs: 8, memoryGB: 16 },
  Standard_DS2_v2: { family: 'standardDSv2Family', vCPUs: 2, memoryGB: 7 },
  Standard_DS3_v2: { family: 'standardDSv2Family', vCPUs: 4, memoryGB: 14 },
  Standard_D8s_v5: { family: 'standardDSv5Family', vCPUs: 8, memoryGB: 32 },
  Standard_D16s_v5: { family: 'standardDSv5Family', vCPUs: 16, memoryGB: 64 },
  Standard_E8s_v5: { family: 'standardESv5Family', vCPUs: 8, memoryGB: 64 },
  Standard_NC24ads_A100_v4: { family: 'StandardNCADSA100v4Family', vCPUs: 24, memoryGB: 220, gpus: 1 },
};

const FAMILIES: Readonly<Record<string, { name: string; limit: number }>> = {
  standardFSv2Family: { name: 'Standard FSv2', limit: 200 },
  standardDSv2Family: { name: 'Standard DSv2', limit: 100 },
  standardDSv5Family: { name: 'Standard DSv5', limit: 100 },
  standardESv5Family: { name: 'Standard ESv5', limit: 64 },
  StandardNCADSA100v4Family: { name: 'Standard NCADSA100v4', limit: 48 },
};
const REGIONAL = 350;

const PLACE =
  /^\/subscriptions\/([^/]+)\/providers\/microsoft\.machinelearningservices\/locations\/([^/]+)\/(usages|vmsizes)\/?$/;

/** `undefined` when it is not about quota. */
export function quotaApi(estate: Estate, asked: Asked): Answer | undefined {
  const [, subscription, region = '', what] = PLACE.exec(asked.path) ?? [];
  if (!what || asked.method !== 'GET') return undefined;
  if (subscription !== SUBSCRIPTION || !WORKSPACES.some((each) => each.region === region)) return notFound(asked.path);
  if (what === 'vmsizes')
    return ok({
      value: Object.entries(SIZES).map(([name, size]) => ({
        name,
        gpus: 0,
        ...size,
        osVhdSizeMB: 1_047_552,
        maxResourceVolumeMB: size.memoryGB * 2048,
        lowPriorityCapable: true,
        premiumIO: true,
        supportedComputeTypes: ['AmlCompute', 'ComputeInstance'],
      })),
    });
  return paged(asked, usagesOf(estate, region));
}

function usagesOf(estate: Estate, region: string): object[] {
  const used = usedCores(estate, region);
  const squeezed = estate
    .state()
    .happened.filter(
      ({ scenario, params, at }) =>
        scenario === 'quota' &&
        at <= estate.now() &&
        WORKSPACES.some((each) => each.name === params['workspace'] && each.region === region),
    )
    .at(-1);
  const percent = squeezed ? Number(squeezed.params['percent']) : 0;
  const entry = (name: string, type: string, currentValue: number, limit: number, id: string) => ({
    id: `/subscriptions/${SUBSCRIPTION}/usages${id}`,
    type: `Microsoft.MachineLearningServices/${type}/usages`,
    unit: 'Count',
    currentValue,
    limit,
    name: { value: name, localizedValue: name },
  });
  const families = Object.entries(FAMILIES).flatMap(([family, { name, limit }]) => {
    const now = Math.max(used.get(family) ?? 0, Math.round((limit * percent) / 100));
    const word = `${name} Family Cluster Dedicated vCPUs`;
    const cheap = `${name} Family Cluster LowPriority vCPUs`;
    return [
      entry(word, 'vmFamily', now, limit, `/${word.replaceAll(' ', '_')}`),
      entry(cheap, 'vmFamily', 0, -1, `/${cheap.replaceAll(' ', '_')}`),
    ];
  });
  const total = [...used.values()].reduce((sum, cores) => sum + cores, 0);
  return [
    entry('Clusters', 'totalCores', WORKSPACES.length, 500, ''),
    entry('Total Cluster Dedicated Regional vCPUs', 'dedicatedCores', total, REGIONAL, ''),
    ...families,
  ];
}

/** Online deployments with the fifth that Azure keeps for upgrades; training clusters stand at none. */
function usedCores(estate: Estate, region: string): Map<string, number> {
  const used = new Map<string, number>();
  const names = WORKSPACES.filter((each) => each.region === region).map(({ name }) => name);
  for (const seed of ENDPOINTS) {
    if (seed.kind !== 'online' || seed.kubernetes || !names.includes(seed.workspace)) continue;
    for (const each of deploymentsAt(estate.state(), seed, estate.now())) {
      const size = SIZES[each.instanceType];
      const instances = instancesAt(estate.state(), seed, each, estate.now());
      if (size) used.set(size.family, (used.get(size.family) ?? 0) + Math.ceil((instances * 12) / 10) * size.vCPUs);
    }
  }
  return used;
}
