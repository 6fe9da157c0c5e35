import type { Catalogue, VersionFacts } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { type EndpointRef, endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { endpointCost } from './app.spend.ts';

const COST_DAYS = 7;
const DAYS_A_MONTH = 30;

/** Part of the composition root: what Azure knows of models, by the names of wardroom.yaml. */
export function catalogue(
  azure: AzureClients,
  organisation: Organisation,
  clock: Clock,
  refOf: (id: string) => WorkspaceRef,
): Catalogue {
  /** One source that fails must not hide the others. */
  const part = async <T>(missing: string[], name: string, otherwise: T, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      missing.push(`${name} (${messageOf(error).slice(0, 120)})`);
      return otherwise;
    }
  };
  const homesOf = (model: string) => {
    const named = organisation.endpoints
      .filter(({ models }) => models.includes(model))
      .map(({ workspace }) => workspace);
    return [...new Set(named.length > 0 ? named : organisation.workspaces.map(({ id }) => id))];
  };

  async function deploymentsOf(model: string, missing: string[]) {
    const online = organisation.endpoints.filter(({ kind, models }) => kind === 'online' && models.includes(model));
    const found = await Promise.all(
      online.map((endpoint) =>
        part(missing, endpoint.id, [], async () => {
          const ref: EndpointRef = { ...refOf(endpoint.workspace), endpoint: endpoint.id };
          const [{ value: itself }, { value: all }] = await Promise.all([
            azure.ml.getEndpoint(ref),
            azure.ml.listDeployments(ref),
          ]);
          const machines = all.reduce((sum, each) => sum + (each.instances ?? 1), 0);
          return all
            .filter((each) => each.model?.name === model)
            .map((each) => ({
              ref,
              name: each.name,
              version: each.model?.version ?? '',
              share: itself?.traffic[each.name] ?? 0,
              machines: (each.instances ?? 1) / Math.max(1, machines),
            }));
        }),
      ),
    );
    return found.flat();
  }

  async function versionsOf(model: string, missing: string[]) {
    const found = await Promise.all(
      homesOf(model).map((id) =>
        part(missing, `the versions in ${id}`, [], async () =>
          [...(await azure.ml.listModelVersions(refOf(id), model)).value].map((each) => ({ ...each, workspace: id })),
        ),
      ),
    );
    return found.flat();
  }

  const mean = async (ref: EndpointRef, deployment: string, metric: string): Promise<number | undefined> => {
    const { value } = await azure.metrics.query({
      resource: `${endpointId(ref)}/deployments/${encodeURIComponent(deployment)}`,
      metrics: [metric],
      from: clock.now().subtract({ hours: 2 }),
      to: clock.now(),
      granularity: 'PT5M',
      aggregation: 'Average',
    });
    const points = value[0]?.points.map((point) => point.value) ?? [];
    return points.length > 0 ? points.reduce((sum, each) => sum + each, 0) / points.length : undefined;
  };

  return {
    async known(model) {
      const missing: string[] = [];
      const [versions, deployments] = await Promise.all([versionsOf(model, missing), deploymentsOf(model, missing)]);
      return {
        versions: versions.map(({ version, createdAt, createdBy }) => ({ version, createdAt, createdBy })),
        serving: deployments
          .filter(({ share }) => share > 0)
          .map(({ ref, name, version, share }) => `${model}:${version} on ${ref.endpoint}/${name}, ${share} %`),
        missing,
      };
    },
    async facts(model, wanted) {
      const missing: string[] = [];
      const [versions, deployments] = await Promise.all([versionsOf(model, missing), deploymentsOf(model, missing)]);
      const found = await Promise.all(
        wanted.map(async (version): Promise<VersionFacts | undefined> => {
          const row = versions.find((each) => each.version === version);
          if (!row) return undefined;
          const run = row.jobName
            ? await part(
                missing,
                `the run of version ${version}`,
                undefined,
                async () => (await azure.ml.getRun(refOf(row.workspace), row.jobName ?? '')).value,
              )
            : undefined;
          const served = deployments.filter((each) => each.version === version);
          const [first] = [...served].sort((a, b) => b.share - a.share);
          const measured = first
            ? await part(missing, `what ${first.name} measures`, {}, async () => {
                const [latency, cpu, cost] = await Promise.all([
                  mean(first.ref, first.name, 'RequestLatency_P95'),
                  mean(first.ref, first.name, 'CpuUtilizationPercentage'),
                  endpointCost(azure, first.ref, clock, COST_DAYS),
                ]);
                return {
                  ...(latency === undefined ? {} : { latencyP95Ms: latency }),
                  ...(cpu === undefined ? {} : { cpuPercent: cpu }),
                  // An endpoint's cost is one sum: each deployment bears its part of the machines.
                  ...(cost
                    ? {
                        costPerMonth: (Number(cost.amount) / cost.days) * DAYS_A_MONTH * first.machines,
                        currency: cost.currency,
                      }
                    : {}),
                };
              })
            : {};
          const hours = run?.startedAt && run.endedAt ? run.endedAt.since(run.startedAt).total('hours') : undefined;
          return {
            version,
            quality: Object.fromEntries(Object.entries(run?.metrics ?? {}).map(([name, { value }]) => [name, value])),
            ...measured,
            ...sizeOf(run?.tags ?? {}),
            ...(hours === undefined ? {} : { trainingHours: hours }),
            serves: served.map(({ ref, name, share }) => `${ref.endpoint}/${name} ${share} %`),
          };
        }),
      );
      return { found: found.filter((each) => each !== undefined), missing };
    },
  };
}

/** MLflow notes what it logged as JSON in a tag of the run (`model_size_bytes` since MLflow 2.2). */
function sizeOf(tags: Readonly<Record<string, string>>): { sizeBytes?: number } {
  try {
    const logged = JSON.parse(tags['mlflow.log-model.history'] ?? '[]') as { model_size_bytes?: number }[];
    const size = logged.at(-1)?.model_size_bytes;
    return typeof size === 'number' && Number.isFinite(size) ? { sizeBytes: size } : {};
  } catch {
    return {};
  }
}
