import { MetricsQueryClient } from '@azure/monitor-query';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { monitorClient, read } from './border.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

const SERVICE = 'Azure Monitor metrics';

export const ONLINE_ENDPOINT_NAMESPACE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

export type Aggregation = 'Average' | 'Minimum' | 'Maximum' | 'Total' | 'Count';

export interface MetricQuestion {
  /** ARM id of the endpoint or deployment. */
  resource: string;
  /** RequestsPerMinute, RequestLatency_P95, CpuUtilizationPercentage, …: platform.md, section 6. */
  metrics: readonly string[];
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** ISO 8601: PT1M, PT5M, PT15M, PT1H, P1D. */
  granularity: string;
  aggregation: Aggregation;
  /** OData, e.g. `deployment eq '*'` for one series per deployment. */
  filter?: string;
}

export interface MetricSeries {
  metric: string;
  /** Azure's unit: Count, MilliSeconds, Percent, … */
  unit: string;
  /** Dimension values, e.g. `{ deployment: 'green' }`; empty when the question did not split. */
  dimensions: Readonly<Record<string, string>>;
  /** Oldest first; a bucket without data is left out. */
  points: readonly { at: string; value: number }[];
}

/** Whether a series that was split by `statusCodeClass` or `statusCode` counts answers that failed at the server. */
export const isServerError = ({ dimensions }: Pick<MetricSeries, 'dimensions'>): boolean =>
  Object.values(dimensions).some((word) => /^5/.test(word));

export interface Metrics {
  query(question: MetricQuestion): Promise<Fresh<readonly MetricSeries[]>>;
}

const instant = z.date().transform((date) => date.toISOString());
const answer = z.object({
  metrics: z.array(
    z.object({
      name: z.string(),
      unit: z.string().default('Count'),
      timeseries: z.array(
        z.object({
          metadataValues: z
            .array(z.object({ name: z.union([z.string(), z.object({ value: z.string() })]), value: z.string() }))
            .optional(),
          data: z
            .array(
              z.object({
                timeStamp: instant,
                average: z.number().optional(),
                minimum: z.number().optional(),
                maximum: z.number().optional(),
                total: z.number().optional(),
                count: z.number().optional(),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const wire = z.object({
  timespan: z.string(),
  value: z.array(
    z.object({
      name: z.object({ value: z.string() }),
      timeseries: z.array(z.object({ data: z.array(z.object({ timeStamp: z.string() })).optional() })),
    }),
  ),
});

const FIELD = { Average: 'average', Minimum: 'minimum', Maximum: 'maximum', Total: 'total', Count: 'count' } as const;

export interface MetricsDeps {
  credential: TokenCredential;
  httpClient?: HttpClient | undefined;
  endpoint: string;
  guard: Guard;
}

/** Platform metrics through @azure/monitor-query (whose metrics part moves to another package: only this file changes). */
export function metrics(deps: MetricsDeps): Metrics {
  const { credential, guard } = deps;
  const client = new MetricsQueryClient(credential, monitorClient(deps, SERVICE, wire));
  return {
    query: (question) =>
      guard.read(keyOf(question), async (abortSignal) => {
        const said = await client.queryResource(question.resource, [...question.metrics], {
          abortSignal,
          granularity: question.granularity,
          timespan: {
            startTime: new Date(question.from.epochMilliseconds),
            endTime: new Date(question.to.epochMilliseconds),
          },
          aggregations: [question.aggregation],
          ...(question.filter === undefined ? {} : { filter: question.filter }),
        });
        const field = FIELD[question.aggregation];
        return read(SERVICE, answer, said).metrics.flatMap((metric) =>
          metric.timeseries.map((series) => ({
            metric: metric.name,
            unit: metric.unit,
            dimensions: Object.fromEntries(
              (series.metadataValues ?? []).map(({ name, value }) => [
                typeof name === 'string' ? name : name.value,
                value,
              ]),
            ),
            points: series.data.flatMap((point) => {
              const value = point[field];
              return value === undefined ? [] : [{ at: point.timeStamp, value }];
            }),
          })),
        );
      }),
  };
}

/** The window slides: the last good answer to the same question is the one asked a moment ago, whatever its end. */
function keyOf({ resource, metrics: names, from, to, granularity, aggregation, filter }: MetricQuestion): string {
  const minutes = Math.round((to.epochMilliseconds - from.epochMilliseconds) / 60_000);
  return [resource, names.join(','), minutes, granularity, aggregation, filter ?? ''].join('|');
}
