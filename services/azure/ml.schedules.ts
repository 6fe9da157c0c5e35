import { z } from 'zod/v4';
import { read } from './border.ts';
import { page } from './ml.shapes.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';

/** A model monitor as it is set up (a schedule that creates monitoring jobs). */
export interface MonitorInfo {
  name: string;
  enabled: boolean;
  /** "every day at 02:10 UTC" */
  schedule?: string;
  /** What it watches, when it watches a deployment. */
  endpoint?: string;
  deployment?: string;
  signals: readonly {
    name: string;
    /** DataDrift, PredictionDrift, DataQuality, FeatureAttributionDrift, Custom. */
    type: string;
    /** The named features; empty when the monitor chooses them itself. */
    features: readonly string[];
    thresholds: readonly { metric: string; dataType?: string; value?: number }[];
  }[];
}

export interface Schedules {
  /** Only CreateMonitor schedules; the others start jobs. */
  listMonitors(ref: WorkspaceRef): Promise<Fresh<readonly MonitorInfo[]>>;
}

const signal = z.object({
  signalType: z.string(),
  features: z.object({ features: z.array(z.string()).optional() }).nullish(),
  metricThresholds: z
    .array(
      z.object({
        metric: z.string(),
        dataType: z.string().optional(),
        threshold: z.object({ value: z.number().optional() }).nullish(),
      }),
    )
    .nullish(),
});
const trigger = z.object({
  triggerType: z.string(),
  frequency: z.string().nullish(),
  interval: z.number().nullish(),
  expression: z.string().nullish(),
  timeZone: z.string().nullish(),
  schedule: z.object({ hours: z.array(z.number()).nullish(), minutes: z.array(z.number()).nullish() }).nullish(),
});
const schedule = z.object({
  name: z.string().min(1),
  properties: z.object({
    isEnabled: z.boolean().nullish(),
    trigger: trigger.nullish(),
    action: z.object({
      actionType: z.string(),
      monitorDefinition: z
        .object({
          monitoringTarget: z.object({ deploymentId: z.string().nullish() }).nullish(),
          signals: z.record(z.string(), signal),
        })
        .nullish(),
    }),
  }),
});
const schedules = page(schedule);

/** Raw ARM: the SDK's version knows no CreateMonitor action and would drop it (platform.md, section 5.1). */
export function scheduleReads({ rest, guard }: { rest: Rest; guard: Guard }): Schedules {
  return {
    listMonitors: (ref) =>
      guard.read(`monitors:${workspaceId(ref)}`, async (signalOfCall) => {
        const found: MonitorInfo[] = [];
        let path: string | undefined = `${workspaceId(ref)}/schedules?api-version=${ML_API_VERSION}`;
        while (path !== undefined) {
          const answer = await rest({ method: 'GET', path, signal: signalOfCall });
          const { value, nextLink } = read(SERVICE, schedules, answer.body);
          found.push(...value.flatMap(monitorOf));
          path = nextLink ?? undefined;
        }
        return found;
      }),
  };
}

function scheduleWords({
  triggerType,
  frequency,
  interval,
  expression,
  timeZone,
  schedule: at,
}: z.output<typeof trigger>): string {
  if (triggerType === 'Cron') return `cron ${expression ?? ''} (${timeZone ?? 'UTC'})`;
  const unit = (frequency ?? 'day').toLowerCase();
  const often = (interval ?? 1) > 1 ? `every ${interval} ${unit}s` : `every ${unit}`;
  const two = (value: number | undefined) => String(value ?? 0).padStart(2, '0');
  const time = at?.hours?.length ? ` at ${two(at.hours[0])}:${two(at.minutes?.[0])} ${timeZone ?? 'UTC'}` : '';
  return `${often}${time}`;
}

function monitorOf({ name, properties }: z.output<typeof schedule>): MonitorInfo[] {
  const { monitorDefinition, actionType } = properties.action;
  if (actionType !== 'CreateMonitor' || !monitorDefinition) return [];
  const [, endpoint, deployment] =
    /^azureml:([^:/]+):([^:/]+)$/.exec(monitorDefinition.monitoringTarget?.deploymentId ?? '') ?? [];
  return [
    {
      name,
      enabled: properties.isEnabled ?? true,
      ...(properties.trigger ? { schedule: scheduleWords(properties.trigger) } : {}),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(deployment === undefined ? {} : { deployment }),
      signals: Object.entries(monitorDefinition.signals).map(([key, each]) => ({
        name: key,
        type: each.signalType,
        features: each.features?.features ?? [],
        thresholds: (each.metricThresholds ?? []).map(({ metric, dataType, threshold }) => ({
          metric,
          ...(dataType === undefined ? {} : { dataType }),
          ...(threshold?.value === undefined ? {} : { value: threshold.value }),
        })),
      })),
    },
  ];
}
