import { type Answer, type Asked, armError, notFound, ok } from './answer.ts';
import type { Estate } from './estate.ts';
import { latency, quotaPercent, requestsPerMinute, type Serving, seenBy, servings, utilisation } from './load.ts';
import { HISTORY_DAYS } from './monitors.ts';
import { type EndpointSeed, endpointSeed, same, workspaceSeed } from './northwind.ts';
import { instancesAt } from './scaling.ts';
import { DAY, deploymentsAt, type EstateState, HOUR, MINUTE } from './state.ts';

/** Azure Monitor's metrics API (2024-02-01) for workspaces, online endpoints and their deployments. */

const RESOURCE =
  /workspaces\/([^/]+)\/onlineendpoints\/([^/]+)(?:\/deployments\/([^/]+))?\/providers\/microsoft\.insights\/metrics$/;
const WORKSPACE = /workspaces\/([^/]+)\/providers\/microsoft\.insights\/metrics$/;
const GRAIN_MS: Readonly<Record<string, number>> = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT15M: 15 * MINUTE,
  PT30M: 30 * MINUTE,
  PT1H: HOUR,
  PT6H: 6 * HOUR,
  PT12H: 12 * HOUR,
  P1D: DAY,
};
/** Azure refuses questions with too many points; so do we. */
const MAX_POINTS = 11_000;
const UNIT: Readonly<Record<string, string>> = { RequestLatency: 'MilliSeconds', Utilization: 'Percent' };

interface Series {
  dimensions: Readonly<Record<string, string>>;
  value(at: number): number | undefined;
}

export function metricsApi(estate: Estate, asked: Asked): Answer {
  const subject = subjectOf(estate, asked);
  if (!subject) return notFound(asked.path);
  const query = asked.url.searchParams;
  const [from = Number.NaN, to = Number.NaN] = (query.get('timespan') ?? '').split('/').map((each) => Date.parse(each));
  const interval = query.get('interval') ?? 'PT1M';
  const grain = GRAIN_MS[interval];
  if (!(from < to) || grain === undefined) return armError(400, 'BadRequest', 'Invalid timespan or interval.');
  if ((to - from) / grain > MAX_POINTS)
    return armError(400, 'BadRequest', 'The timespan has too many points for its interval.');
  const names = (query.get('metricnames') ?? '').split(',').filter((each) => each !== '');
  const aggregation = (query.get('aggregation') ?? 'Average').split(',').map((each) => each.toLowerCase());
  const state = estate.state();
  const answers = names.map((metric) => [metric, subject.series(metric, query.get('$filter') ?? '')] as const);
  const unknown = answers.find(([, series]) => series === undefined);
  if (unknown) return armError(400, 'BadRequest', `Failed to find metric configuration for metric: ${unknown[0]}`);

  const earliest = state.startedAt - HISTORY_DAYS * DAY;
  return ok({
    cost: Math.ceil((to - from) / MINUTE) - 1,
    timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
    interval,
    namespace: subject.namespace,
    resourceregion: workspaceSeed(subject.workspace)?.region,
    value: answers.map(([metric, series]) => ({
      id: `${asked.url.pathname.replace(/^\/+/, '/')}/${metric}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: metric, localizedValue: metric },
      displayDescription: metric,
      unit: Object.entries(UNIT).find(([part]) => metric.includes(part))?.[1] ?? 'Count',
      errorCode: 'Success',
      timeseries: (series ?? []).map((each) => ({
        metadatavalues: Object.entries(each.dimensions).map(([dimension, value]) => ({
          name: { value: dimension, localizedValue: dimension },
          value,
        })),
        data: buckets(Math.floor(from / grain) * grain, Math.min(to, estate.now()), grain).map((start) => ({
          timeStamp: new Date(start).toISOString().replace('.000Z', 'Z'),
          ...(start < earliest ? {} : bucket(each, start, grain, aggregation)),
        })),
      })),
    })),
  });
}

interface Subject {
  namespace: string;
  workspace: string;
  series(metric: string, filter: string): Series[] | undefined;
}

/** What is asked about: a workspace, an endpoint or a deployment of one. */
function subjectOf(estate: Estate, asked: Asked): Subject | undefined {
  const state = estate.state();
  const whole = workspaceSeed(decodeURIComponent(WORKSPACE.exec(asked.path)?.[1] ?? ''));
  if (whole) {
    const quota: Series = { dimensions: {}, value: (at) => quotaPercent(state, whole.name, at) };
    return {
      namespace: 'Microsoft.MachineLearningServices/workspaces',
      workspace: whole.name,
      series: (metric) => (metric === 'Quota Utilization Percentage' ? [quota] : undefined),
    };
  }
  const [, workspace = '', name = '', deployment] = RESOURCE.exec(asked.path) ?? [];
  const endpoint = endpointSeed(decodeURIComponent(name));
  if (endpoint?.kind !== 'online' || !same(endpoint.workspace, workspace)) return undefined;
  const known = deploymentsAt(state, endpoint, estate.now());
  if (deployment !== undefined && !known.some((each) => same(each.name, deployment))) return undefined;
  return {
    namespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
    workspace: endpoint.workspace,
    series: (metric, filter) => seriesOf(state, endpoint, metric, deployment, filter, estate.now()),
  };
}

function buckets(from: number, to: number, grain: number): number[] {
  const out: number[] = [];
  for (let at = from; at < to; at += grain) out.push(at);
  return out;
}

/** Up to five samples of the minute values inside a bucket; an empty bucket has only its timeStamp. */
function bucket(series: Series, start: number, grain: number, aggregation: readonly string[]): Record<string, number> {
  const samples = Math.min(5, grain / MINUTE);
  const values = Array.from({ length: samples }, (_, index) => series.value(start + (index * grain) / samples)).filter(
    (value) => value !== undefined,
  );
  if (values.length === 0) return {};
  const sum = values.reduce((total, value) => total + value, 0);
  const minutes = grain / MINUTE;
  const all: Record<string, number> = {
    average: sum / values.length,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    total: (sum / values.length) * minutes,
    count: minutes,
  };
  return Object.fromEntries(aggregation.map((each) => [each, Math.round((all[each] ?? 0) * 1000) / 1000]));
}

const QUANTILE: Readonly<Record<string, number>> = {
  RequestLatency_P50: 0.5,
  RequestLatency_P90: 0.9,
  RequestLatency_P95: 0.95,
  RequestLatency_P99: 0.99,
};

/** The series of one metric: split by deployment or status class when the filter asks for it. */
function seriesOf(
  state: EstateState,
  endpoint: EndpointSeed,
  metric: string,
  deployment: string | undefined,
  filter: string,
  now: number,
): Series[] | undefined {
  const wanted = /deployment\s+eq\s+'([^']+)'/i.exec(filter)?.[1];
  const status = /statusCodeClass\s+eq\s+'([^']+)'/i.exec(filter)?.[1];
  const only = (name: string) => (mixture: readonly Serving[]) => seenBy(mixture, name);
  const all = deploymentsAt(state, endpoint, now);
  const pick = deployment ?? (wanted === '*' ? undefined : wanted);
  const groups: { dimensions: Record<string, string>; of: (mixture: readonly Serving[]) => readonly Serving[] }[] =
    wanted === '*' && deployment === undefined
      ? all.map((each) => ({ dimensions: { deployment: each.name }, of: only(each.name) }))
      : [{ dimensions: wanted ? { deployment: wanted } : {}, of: pick === undefined ? (whole) => whole : only(pick) }];

  const quantile = QUANTILE[metric];
  if (quantile !== undefined || metric === 'RequestLatency')
    return groups.map(({ dimensions, of }) => ({
      dimensions,
      value: (at) => latency(of(servings(state, endpoint, at)), quantile ?? 0.5),
    }));
  if (metric === 'RequestsPerMinute')
    return groups.flatMap(({ dimensions, of }) =>
      (status === undefined ? [undefined] : status === '*' ? ['2xx', '5xx'] : [status]).map((klass) => ({
        dimensions: klass === undefined ? dimensions : { ...dimensions, statusCodeClass: klass },
        value: (at: number) =>
          requestsPerMinute(state, endpoint, at) *
          of(servings(state, endpoint, at)).reduce(
            (sum, each) => sum + each.weight * partOf(klass, each.errorShare),
            0,
          ),
      })),
    );
  if (metric === 'CpuUtilizationPercentage' || metric === 'CpuMemoryUtilizationPercentage')
    return groups.map(({ dimensions, of }) => {
      const name = dimensions['deployment'] ?? deployment;
      const own = name === undefined ? undefined : all.find((each) => same(each.name, name));
      // The same work on fewer instances makes them busier; what a model keeps in memory is in each of them.
      const crowd = (at: number) =>
        own && metric === 'CpuUtilizationPercentage' ? own.instances / instancesAt(state, endpoint, own, at) : 1;
      return {
        dimensions,
        value: (at) =>
          Math.min(
            100,
            Math.max(1, utilisation(state, endpoint, of(servings(state, endpoint, at)), metric, at) * crowd(at)),
          ),
      };
    });
  if (metric === 'DeploymentCapacity')
    return all
      .filter((each) => pick === undefined || same(each.name, pick))
      .map((each) => ({
        dimensions: { deployment: each.name },
        value: (at) => instancesAt(state, endpoint, each, at),
      }));
  return undefined;
}

const partOf = (klass: string | undefined, errorShare: number): number =>
  klass === undefined ? 1 : klass === '5xx' ? errorShare : klass === '2xx' ? 1 - errorShare : 0;
