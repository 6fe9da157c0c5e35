import { z } from 'zod/v4';
import { type Answer, type Asked, armError, notFound, ok, paged } from './answer.ts';
import type { Estate } from './estate.ts';
import { seenBy, servings, utilisation } from './load.ts';
import { ENDPOINTS, type EndpointSeed, SUBSCRIPTION, same, WORKSPACES } from './northwind.ts';
import { type ArmWrite, type DeploymentNow, deploymentsAt, type EstateState, HOUR } from './state.ts';
import { armEndpointId } from './webhooks.ts';
import { written } from './written.ts';

/** Azure Monitor's autoscale settings (api-version 2022-10-01) for online deployments, and the instances they lead to. */

const SETTINGS =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.insights\/autoscalesettings(?:\/([^/]+))?$/;
/** A day's course is forgotten after this: from where the engine began does not matter any more. */
const REMEMBERED_MS = 12 * HOUR;

const count = z.string().regex(/^\d+$/).transform(Number);
const setting = z.looseObject({
  location: z.string(),
  properties: z.looseObject({
    enabled: z.boolean().default(false),
    targetResourceUri: z.string(),
    profiles: z
      .array(
        z.looseObject({
          capacity: z.object({ minimum: count, maximum: count, default: count }),
          rules: z
            .array(
              z.looseObject({
                metricTrigger: z.looseObject({ metricName: z.string(), threshold: z.number() }),
                scaleAction: z.looseObject({ direction: z.enum(['Increase', 'Decrease']), value: count }),
              }),
            )
            .max(10),
        }),
      )
      .min(1)
      .max(20),
  }),
});
type Profile = z.output<typeof setting>['properties']['profiles'][number];

export function autoscaleSettings(estate: Estate, asked: Asked): Answer {
  const [, subscription = '', group = '', key] = SETTINGS.exec(asked.path) ?? [];
  const here = WORKSPACES.filter(({ resourceGroup }) => same(resourceGroup, group));
  if (subscription !== SUBSCRIPTION || here.length === 0) return notFound(asked.path);
  const all = here.flatMap(({ name }) => [...written(estate.state(), 'autoscale', name, estate.now()).values()]);
  const there = all.filter(({ body }) => body !== null);
  const drawn = ({ name, body }: ArmWrite) => ({
    ...body,
    id: asked.url.pathname,
    name,
    type: 'Microsoft.Insights/autoscaleSettings',
  });
  if (key === undefined) return paged(asked, there.map(drawn));
  const found = there.find((each) => same(each.name, decodeURIComponent(key)));
  if (asked.method === 'GET') return found ? ok(drawn(found)) : notFound(asked.path);
  if (asked.method === 'DELETE') {
    if (found) estate.record({ ...found, at: estate.now(), body: null });
    return { status: found ? 200 : 204 };
  }
  if (asked.method !== 'PUT') return armError(405, 'MethodNotAllowed', `The estate cannot ${asked.method} this.`);
  return put(estate, asked, { there, found, drawn });
}

function put(
  estate: Estate,
  asked: Asked,
  { there, found, drawn }: { there: ArmWrite[]; found: ArmWrite | undefined; drawn(of: ArmWrite): object },
): Answer {
  const parsed = setting.safeParse(asked.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return armError(400, 'InvalidRequestContent', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { targetResourceUri: target, profiles } = parsed.data.properties;
  const endpoint = ENDPOINTS.find((each) => target.toLowerCase().startsWith(`${armEndpointId(each).toLowerCase()}/`));
  const deployment = target.split('/').at(-1) ?? '';
  if (
    !endpoint ||
    endpoint.kubernetes ||
    !deploymentsAt(estate.state(), endpoint, estate.now()).some(({ name }) => same(name, deployment))
  )
    return armError(400, 'BadRequest', `${target} is no resource that can be scaled.`);
  if (profiles.some(({ capacity: { minimum, default: usual, maximum } }) => minimum > usual || usual > maximum))
    return armError(400, 'BadRequest', 'capacity: minimum, default and maximum must ascend.');
  const other = there.find((each) => each !== found && same(targetOf(each), target));
  if (other) return armError(409, 'Conflict', `${target} is scaled by ${other.name} already.`);
  const name = decodeURIComponent(asked.url.pathname.split('/').at(-1) ?? '');
  const write = { type: 'arm', at: estate.now(), kind: 'autoscale', workspace: endpoint.workspace, name } as const;
  const body = asked.body as Record<string, unknown>;
  estate.record({ ...write, body });
  return { status: found ? 200 : 201, body: drawn({ ...write, body }) };
}

const targetOf = ({ body }: ArmWrite): string =>
  String((body?.['properties'] as { targetResourceUri?: string })?.targetResourceUri);

/**
 * How many instances a deployment has at an instant: as it was made or told last, or what its autoscale setting led to, one
 * look an hour. What it was told stays until the setting has had an hour.
 */
export function instancesAt(state: EstateState, endpoint: EndpointSeed, deployment: DeploymentNow, at: number): number {
  const told = written(state, 'deployment', endpoint.workspace, at).get(
    `${endpoint.name}/${deployment.name}`.toLowerCase(),
  );
  const capacity = (told?.body?.['sku'] as { capacity?: number } | undefined)?.capacity;
  const fixed = told && told.at > (deployment.changedAt ?? 0) && capacity ? capacity : deployment.instances;
  const scaling = scalingOf(state, endpoint, deployment.name, at);
  return scaling ? scaled(state, endpoint, deployment, { ...scaling, from: fixed, until: at }) : fixed;
}

function scalingOf(state: EstateState, endpoint: EndpointSeed, deployment: string, at: number) {
  const target = `${armEndpointId(endpoint)}/deployments/${deployment}`;
  for (const write of written(state, 'autoscale', endpoint.workspace, at).values()) {
    if (write.body === null || !same(targetOf(write), target)) continue;
    const { enabled, profiles } = setting.parse(write.body).properties;
    const [profile] = profiles;
    if (enabled && profile) return { since: write.at, profile };
  }
  return undefined;
}

function scaled(
  state: EstateState,
  endpoint: EndpointSeed,
  deployment: DeploymentNow,
  { profile, since, from, until }: { profile: Profile; since: number; from: number; until: number },
): number {
  const { capacity, rules } = profile;
  const within = (wanted: number) => Math.min(capacity.maximum, Math.max(capacity.minimum, wanted));
  const remembered = until - REMEMBERED_MS;
  let instances = since > remembered ? from : capacity.maximum;
  for (let at = Math.max(since, remembered) + HOUR; at <= until; at += HOUR) {
    const served = seenBy(servings(state, endpoint, at), deployment.name);
    const whole = utilisation(state, endpoint, served, 'CpuUtilizationPercentage', at) * deployment.instances;
    const busy = () => whole / instances;
    for (const { metricTrigger, scaleAction } of rules) {
      const more = scaleAction.direction === 'Increase';
      const met = () => (more ? busy() > metricTrigger.threshold : busy() < metricTrigger.threshold);
      while (met() && within(instances + (more ? 1 : -1)) !== instances) instances += more ? 1 : -1;
    }
  }
  return within(instances);
}
