import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { everyItem } from './pages.ts';
import { type DeploymentRef, deploymentId, type EndpointRef, endpointId } from './refs.ts';
import { refusing } from './refuse.ts';
import type { Fresh, Guard, ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

/** Its JSON Schema is what the body is checked against. */
export const INSIGHTS_API_VERSION = '2022-10-01';
const SERVICE = 'Azure Monitor autoscale';
const ROLE = 'Wardroom operator';

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
  /** What scales the deployments of an endpoint, whoever set it up, by their names in lower case; the others' instances are fixed. */
  autoscaleOf(ref: EndpointRef, options?: ReadOptions): Promise<Fresh<ReadonlyMap<string, AutoscaleSetting>>>;
  /** Scales a deployment by the use of its processors. Repeating it changes nothing; a setting of somebody else stays. */
  setAutoscale(ref: DeploymentRef, limits: AutoscaleLimits & { region: string }): Promise<void>;
  /**
   * Has a deployment scaled as `like` of the same endpoint is, when it is and nothing scales the deployment yet: the whole setting,
   * pointed at the other one. Repeating it changes nothing.
   */
  scaleAlike(ref: DeploymentRef, like: string): Promise<void>;
  /** Takes every setting off a deployment; its instances stay as many as they are. Repeating it changes nothing. */
  removeAutoscale(ref: DeploymentRef): Promise<void>;
}

const count = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number);
const settings = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      location: z.string(),
      properties: z.looseObject({
        enabled: z.boolean().nullish(),
        targetResourceUri: z.string().nullish(),
        profiles: z.array(z.looseObject({ capacity: z.looseObject({ minimum: count, maximum: count }) })),
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
  const listPath = ({ subscription, resourceGroup }: EndpointRef) =>
    `/subscriptions/${encodeURIComponent(subscription)}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.Insights/autoscalesettings`;
  const pathOf = (ref: DeploymentRef, name: string) => `${listPath(ref)}/${encodeURIComponent(name)}`;
  const refuse = (ref: DeploymentRef) => refusing(`the autoscaling of ${ref.endpoint} ${ref.deployment}`, ROLE);

  const settingsBeside = (ref: EndpointRef, options?: ReadOptions) =>
    guard.read(
      `autoscale:${listPath(ref)}`,
      (signal) =>
        everyItem({ rest, service: SERVICE }, { path: listPath(ref), query, schema: settings }, signal).catch(
          refusing(`the autoscaling of ${ref.endpoint}`, ROLE),
        ),
      options,
    );
  async function pointingAt(ref: DeploymentRef): Promise<Setting[]> {
    const { value } = await settingsBeside(ref, { fresh: true });
    return value.filter((each) => scales(each, ref));
  }

  return {
    async autoscaleOf(ref, options) {
      const { value, ...rest } = await settingsBeside(ref, options);
      const under = `${endpointId(ref)}/deployments/`.toLowerCase();
      const found = new Map<string, AutoscaleSetting>();
      for (const { name, properties } of value) {
        const target = properties.targetResourceUri?.toLowerCase() ?? '';
        const deployment = target.slice(under.length);
        // A setting that is switched off scales nothing, and yet stands in the way of a second one.
        if (!target.startsWith(under) || (found.has(deployment) && !properties.enabled)) continue;
        const limits = properties.profiles.map(({ capacity }) => capacity);
        found.set(deployment, {
          name,
          enabled: properties.enabled === true,
          least: Math.min(...limits.map(({ minimum }) => minimum)),
          most: Math.max(...limits.map(({ maximum }) => maximum)),
        });
      }
      return { ...rest, value: found };
    },
    async setAutoscale(ref, limits) {
      const own = settingName(ref);
      const other = (await pointingAt(ref)).find(({ name }) => name.toLowerCase() !== own.toLowerCase());
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
    async scaleAlike(ref, like) {
      const { value } = await settingsBeside(ref, { fresh: true });
      if (value.some((each) => scales(each, ref))) return;
      const pattern = { ...ref, deployment: like };
      const one = value.find((each) => each.properties.enabled === true && scales(each, pattern));
      if (!one) return;
      const name = settingName(ref);
      const properties = { ...(pointed(one.properties, pattern, ref) as Setting['properties']), name };
      // ARM takes counts as text.
      const profiles = properties.profiles.map(({ capacity, ...rest }) => ({
        ...rest,
        capacity: { ...capacity, minimum: String(capacity.minimum), maximum: String(capacity.maximum) },
      }));
      const body = { location: one.location, tags: OURS, properties: { ...properties, profiles } };
      await guard.write((signal) =>
        rest({ method: 'PUT', path: pathOf(ref, name), query, body, signal }).catch(refuse(ref)),
      );
    },
    async removeAutoscale(ref) {
      for (const { name } of await pointingAt(ref))
        await guard.write((signal) =>
          rest({ method: 'DELETE', path: pathOf(ref, name), query, signal }).catch(refuse(ref)),
        );
    },
  };
}

type Setting = z.output<typeof settings>['value'][number];

const scales = ({ properties }: Setting, ref: DeploymentRef): boolean =>
  properties.targetResourceUri?.toLowerCase() === deploymentId(ref).toLowerCase();

/** A setting that speaks of `to` wherever it spoke of `from`: the target, what its rules measure, and of which deployment. */
function pointed(value: unknown, from: DeploymentRef, to: DeploymentRef): unknown {
  if (typeof value === 'string')
    return value.toLowerCase() === deploymentId(from).toLowerCase() ? deploymentId(to) : value;
  if (Array.isArray(value)) return value.map((each) => pointed(each, from, to));
  if (value === null || typeof value !== 'object') return value;
  const whole = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, pointed(each, from, to)]));
  // An endpoint's metrics (latency, requests) are told apart by this dimension.
  if (String(whole['DimensionName']).toLowerCase() !== 'deployment' || !Array.isArray(whole['Values'])) return whole;
  const values = whole['Values'].map((each) => (each === from.deployment ? to.deployment : each));
  return { ...whole, Values: values };
}

const OURS = { 'managed-by': 'wardroom' };

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
    tags: OURS,
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
