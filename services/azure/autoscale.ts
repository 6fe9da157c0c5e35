import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { everyItem } from './pages.ts';
import { type DeploymentRef, deploymentId } from './refs.ts';
import { refusing } from './refuse.ts';
import type { Fresh, Guard, ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

/** Its JSON Schema is what the body is checked against. */
export const INSIGHTS_API_VERSION = '2022-10-01';
const SERVICE = 'Azure Monitor autoscale';

/** How a deployment is scaled: instances from least to most, by the use of its processors in percent. */
export interface AutoscaleLimits {
  least: number;
  most: number;
  outAbovePercent: number;
  inBelowPercent: number;
}

export interface AutoscaleSetting {
  /** The resource's own name. */
  name: string;
  enabled: boolean;
  /** Instances, over all profiles. */
  least: number;
  most: number;
}

export interface Autoscale {
  /** What scales a deployment, whoever set it up; `undefined` when its instances are fixed. */
  autoscaleOf(ref: DeploymentRef, options?: ReadOptions): Promise<Fresh<AutoscaleSetting | undefined>>;
  /** Scales a deployment by the use of its processors. Repeating it changes nothing; a setting of somebody else stays. */
  setAutoscale(ref: DeploymentRef, limits: AutoscaleLimits & { region: string }): Promise<void>;
  /** Takes every setting off a deployment; its instances stay as many as they are. Repeating it changes nothing. */
  removeAutoscale(ref: DeploymentRef): Promise<void>;
}

const count = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number);
const settings = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({
        enabled: z.boolean().nullish(),
        targetResourceUri: z.string().nullish(),
        profiles: z.array(z.object({ capacity: z.object({ minimum: count, maximum: count }) })),
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});

/**
 * Azure Monitor's autoscale settings for managed online deployments: the resource lies beside the workspace and points at
 * the deployment (learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints). One setting per deployment.
 */
export function autoscale({ rest, guard }: { rest: Rest; guard: Guard }): Autoscale {
  const query = { 'api-version': INSIGHTS_API_VERSION };
  const listPath = ({ subscription, resourceGroup }: DeploymentRef) =>
    `/subscriptions/${encodeURIComponent(subscription)}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.Insights/autoscalesettings`;
  const pathOf = (ref: DeploymentRef, name: string) => `${listPath(ref)}/${encodeURIComponent(name)}`;
  const refuse = (ref: DeploymentRef) =>
    refusing(`the autoscaling of ${ref.endpoint} ${ref.deployment}`, 'Wardroom operator');

  async function pointingAt(
    ref: DeploymentRef,
    options?: ReadOptions,
  ): Promise<Fresh<z.output<typeof settings>['value']>> {
    const wanted = deploymentId(ref).toLowerCase();
    const all = await guard.read(
      `autoscale:${listPath(ref)}`,
      (signal) => everyItem({ rest, service: SERVICE }, { path: listPath(ref), query, schema: settings }, signal),
      options,
    );
    return {
      ...all,
      value: all.value.filter(({ properties }) => properties.targetResourceUri?.toLowerCase() === wanted),
    };
  }

  return {
    async autoscaleOf(ref, options) {
      const { value, ...rest } = await pointingAt(ref, options);
      // A setting that is switched off scales nothing, and yet stands in the way of a second one.
      const [one] = value.toSorted((a, b) => Number(b.properties.enabled) - Number(a.properties.enabled));
      const limits = one?.properties.profiles.map(({ capacity }) => capacity) ?? [];
      return {
        ...rest,
        value: one && {
          name: one.name,
          enabled: one.properties.enabled === true,
          least: Math.min(...limits.map(({ minimum }) => minimum)),
          most: Math.max(...limits.map(({ maximum }) => maximum)),
        },
      };
    },
    async setAutoscale(ref, limits) {
      const own = settingName(ref);
      const { value } = await pointingAt(ref, { fresh: true });
      const other = value.find(({ name }) => name.toLowerCase() !== own.toLowerCase());
      if (other)
        throw new Refused(
          `${ref.deployment} of ${ref.endpoint} is scaled by ${other.name} already, which Wardroom did not set up.`,
          'Change that setting in Azure, or take it off first.',
          'autoscaled',
        );
      const body = autoscaleBody(ref, limits);
      await guard.write((signal) =>
        rest({ method: 'PUT', path: pathOf(ref, own), query, body, signal }).catch(refuse(ref)),
      );
    },
    async removeAutoscale(ref) {
      const { value } = await pointingAt(ref, { fresh: true });
      for (const { name } of value)
        await guard.write((signal) =>
          rest({ method: 'DELETE', path: pathOf(ref, name), query, signal }).catch(refuse(ref)),
        );
    },
  };
}

/** The same for the same deployment, so that writing it again replaces it. */
const settingName = ({ endpoint, deployment }: DeploymentRef): string => `wardroom-${endpoint}-${deployment}`;

/** What ARM is sent. Without measurements Azure goes to `default`: then rather too many than too few. */
export function autoscaleBody(
  ref: DeploymentRef,
  { region, least, most, outAbovePercent, inBelowPercent }: AutoscaleLimits & { region: string },
): Record<string, unknown> {
  const target = deploymentId(ref);
  const rule = (of: { operator: string; threshold: number; window: string; direction: string; cooldown: string }) => ({
    metricTrigger: {
      metricName: 'CpuUtilizationPercentage',
      metricResourceUri: target,
      timeGrain: 'PT1M',
      statistic: 'Average',
      timeWindow: of.window,
      timeAggregation: 'Average',
      operator: of.operator,
      threshold: of.threshold,
    },
    scaleAction: { direction: of.direction, type: 'ChangeCount', value: '1', cooldown: of.cooldown },
  });
  return {
    location: region,
    tags: { 'managed-by': 'wardroom' },
    properties: {
      name: settingName(ref),
      enabled: true,
      targetResourceUri: target,
      profiles: [
        {
          name: 'by processors',
          capacity: { minimum: String(least), maximum: String(most), default: String(most) },
          rules: [
            // A new instance needs some minutes: more are not ordered before it can show what it brings.
            rule({
              operator: 'GreaterThan',
              threshold: outAbovePercent,
              window: 'PT5M',
              direction: 'Increase',
              cooldown: 'PT10M',
            }),
            rule({
              operator: 'LessThan',
              threshold: inBelowPercent,
              window: 'PT15M',
              direction: 'Decrease',
              cooldown: 'PT30M',
            }),
          ],
        },
      ],
    },
  };
}
