import type { ApprovalsDeps } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { isServerError } from '../services/azure/metrics.ts';
import { endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import { Refused } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Intake, PilotMeasures, RiskClass } from '../services/intake/index.ts';
import type { Db, Tx } from '../services/store/store.ts';

type Assessed = Awaited<ReturnType<NonNullable<ApprovalsDeps['assessed']>>>;

/** The classes of intake in the words of wardroom.yaml, by which approvals ask for evidence and votes. */
const CLASSES = {
  minimal: 'minimal',
  transparency: 'limited',
  sensitive: 'limited',
  high: 'high',
  prohibited: 'high',
} as const;

/** What an approval has to know of the use case that an endpoint carries. Part of the composition root. */
export async function assessedBy(ideas: Intake, reader: Db | Tx, endpoint: string): Promise<Assessed> {
  const found = await ideas.riskOf(reader, endpoint);
  if (!found) return undefined;
  const { class: of, oversight } = found.verdict;
  const words = [
    oversight.board ? 'the review board votes' : undefined,
    oversight.humanReview ? 'a person reviews what it decides' : undefined,
    oversight.roles.length > 0 ? `${oversight.roles.join(', ')} vote` : undefined,
  ].filter((each) => each !== undefined);
  return {
    useCase: found.useCase,
    riskClass: CLASSES[of satisfies RiskClass],
    prohibited: of === 'prohibited',
    ...(words.length > 0 ? { oversight: `by ${found.useCase}: ${words.join('; ')}` } : {}),
  };
}

const DAY_MINUTES = 1440;

/** Reads the criteria of pilots: runs by MLflow, endpoints by Azure Monitor. Part of the composition root. */
export function pilotMeasures(
  azure: AzureClients,
  organisation: Organisation,
  refOf: (workspace: string) => WorkspaceRef,
): PilotMeasures {
  return {
    async run({ workspace, run, experiment }) {
      for (const id of workspace ? [workspace] : organisation.workspaces.map((each) => each.id)) {
        const ref = refOf(id);
        const found = run ? (await azure.ml.getRun(ref, run)).value : await lastOf(ref, experiment ?? '');
        if (!found) continue;
        return {
          id: found.id,
          workspace: id,
          status: found.status,
          metrics: Object.fromEntries(
            Object.entries(found.metrics).map(([name, { value, at }]) => [name, { value, at: at.toString() }]),
          ),
          params: found.params,
        };
      }
      return undefined;
    },

    async endpoint({ endpoint: name, deployment, metric }, from, to) {
      const endpoint = organisation.endpoints.find(({ id }) => id === name);
      if (endpoint?.kind !== 'online')
        throw new Refused(
          `${name} is no online endpoint of wardroom.yaml.`,
          'Azure Monitor measures online endpoints.',
        );
      const resource = endpointId({ ...refOf(endpoint.workspace), endpoint: name });
      const minutes = (to.epochMilliseconds - from.epochMilliseconds) / 60_000;
      const bucket =
        minutes <= DAY_MINUTES
          ? { granularity: 'PT5M', minutes: 5 }
          : minutes <= 30 * DAY_MINUTES
            ? { granularity: 'PT1H', minutes: 60 }
            : { granularity: 'P1D', minutes: DAY_MINUTES };
      const question = { resource, from, to, granularity: bucket.granularity, aggregation: 'Average' as const };
      const only = deployment ? `deployment eq '${deployment.replaceAll("'", "''")}'` : undefined;
      const asked = metric === 'error-percent' ? 'RequestsPerMinute' : metric;
      const own =
        deployment && !asked.startsWith('Request')
          ? `${resource}/deployments/${encodeURIComponent(deployment)}`
          : resource;
      const [values, byClass] = await Promise.all([
        azure.metrics.query({
          ...question,
          resource: own,
          metrics: [asked],
          ...(only && own === resource ? { filter: only } : {}),
        }),
        azure.metrics.query({
          ...question,
          metrics: ['RequestsPerMinute'],
          filter: `${only ? `${only} and ` : ''}statusCodeClass eq '*'`,
        }),
      ]);
      const requests = new Map<string, { at: string; perMinute: number; failed: number }>();
      for (const series of byClass.value) {
        const failing = isServerError(series);
        for (const { at, value } of series.points) {
          const sum = requests.get(at) ?? { at, perMinute: 0, failed: 0 };
          requests.set(at, {
            at,
            perMinute: sum.perMinute + value,
            failed: sum.failed + (failing ? value : 0),
          });
        }
      }
      return {
        minutes: bucket.minutes,
        points: values.value[0]?.points ?? [],
        requests: [...requests.values()],
        from: from.toString(),
        to: to.toString(),
      };
    },
  };

  async function lastOf(ref: WorkspaceRef, experiment: string) {
    const { value: id } = await azure.ml.experimentId(ref, experiment);
    if (id === undefined) return undefined;
    const { value } = await azure.ml.searchRuns(ref, {
      experimentIds: [id],
      filter: "attributes.status = 'FINISHED'",
      most: 1,
    });
    return value[0];
  }
}
