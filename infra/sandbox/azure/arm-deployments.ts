import { z } from 'zod/v4';
import { type Answer, type Asked, armError, notFound } from './answer.ts';
import { versionsOf } from './assets.ts';
import type { Estate } from './estate.ts';
import { endpointSeed, modelSeed, SUBSCRIPTION, same, type WorkspaceSeed } from './northwind.ts';
import { uuidOf } from './random.ts';
import { deploymentResource } from './resources.ts';
import { deploymentsAt, endpointAt, MINUTE } from './state.ts';

/** A container is pulled, started and probed. */
export const DEPLOYMENT_MS = 4 * MINUTE;

const body = z
  .looseObject({
    location: z.string(),
    sku: z.object({ name: z.string(), capacity: z.number().int().positive().optional() }),
    properties: z.looseObject({
      model: z.string(),
      instanceType: z.string().optional(),
      scaleSettings: z.looseObject({ scaleType: z.string() }).optional(),
    }),
  })
  // Only what scales by itself says nothing of how many.
  .refine(({ sku, properties }) => sku.capacity || properties.scaleSettings?.scaleType === 'TargetUtilization', {
    message: 'sku.capacity is needed',
  });

/**
 * Makes a deployment or puts another model into one, as ARM does: it is there at once as `Updating`, and serves when it is
 * ready. `undefined` when the model stays: then only settings are written.
 */
export function putDeployment(
  estate: Estate,
  asked: Asked,
  workspace: WorkspaceSeed,
  fails: boolean,
): Answer | undefined {
  const [, endpointName = '', name = ''] =
    /\/onlineEndpoints\/([^/]+)\/deployments\/([^/]+)$/i.exec(decodeURIComponent(asked.url.pathname)) ?? [];
  const seed = endpointSeed(endpointName);
  if (!seed || !endpointAt(estate.state(), seed.name, estate.now()) || seed.workspace !== workspace.name)
    return notFound(asked.path);
  const parsed = body.safeParse(asked.body);
  if (!parsed.success) return armError(400, 'BadRequest', `The request is invalid: ${parsed.error.issues[0]?.message}`);
  if (!same(parsed.data.location, workspace.region))
    return armError(409, 'InvalidResourceLocation', `The resource '${name}' belongs to '${workspace.region}'.`);
  const state = estate.state();
  const at = estate.now();
  const [, model = '', version = ''] =
    /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(parsed.data.properties.model) ?? [];
  const known = modelSeed(model);
  if (!known || !versionsOf(state, known, at).some((each) => each.version === version))
    return armError(400, 'BadRequest', `The model version ${model}:${version} does not exist.`);
  const before = deploymentsAt(state, seed, at).find((each) => same(each.name, name));
  const stands = before !== undefined && before.provisioningState !== 'Failed';
  if (stands && same(before.model, model) && before.version === version) return undefined;
  if (before?.provisioningState === 'Updating')
    return armError(409, 'Conflict', `There is another operation in progress on deployment ${name}.`);
  const operation = uuidOf(state.seed, 'deployment', seed.name, name, at, state.deployments.length);
  estate.record({
    type: 'deployment',
    at,
    doneAt: at + DEPLOYMENT_MS,
    operation,
    endpoint: seed.name,
    deployment: name,
    fails,
    body: asked.body as Record<string, unknown>,
  });
  const now = deploymentsAt(state, seed, at).find((each) => same(each.name, name));
  return {
    status: before ? 200 : 201,
    headers: {
      'azure-asyncoperation': `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/${workspace.region}/mfeOperationsStatus/${operation}?api-version=2026-05-01`,
      'x-ms-async-operation-timeout': 'PT2H',
    },
    body: now && deploymentResource(state, seed, now, workspace.region),
  };
}
