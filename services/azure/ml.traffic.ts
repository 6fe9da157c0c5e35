import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { Refused, Unavailable } from '../core/errors.ts';
import { read } from './border.ts';
import { asyncOperation, onlineEndpoint } from './ml.shapes.ts';
import { type EndpointRef, endpointId, ML_API_VERSION } from './refs.ts';
import { type Guard, statusOf } from './resilience.ts';
import type { Rest, RestAnswer } from './rest.ts';

/** Percent of live requests per deployment; together 100, or 0 to stop serving. */
export type Traffic = Readonly<Record<string, number>>;

export interface StartedOperation {
  /** Poll this until it says how it ended. Keep it in the store: it survives our death, the change goes on without us. */
  operationUrl: string;
}

export interface OperationState {
  status: 'running' | 'succeeded' | 'failed';
  percent?: number;
  /** `OperationExpired` means Azure forgot the operation: read the endpoint to see what it has become. */
  error?: { code: string; message: string };
  retryAfterSeconds?: number;
}

export interface StartTrafficOptions {
  /** `EndpointState.version` the decision was made on; somebody else's change in between is refused, not overwritten. */
  ifMatch?: string;
  /** Percent of live requests that is copied, per deployment; left out, what is mirrored now stays, except to a deployment that goes live. */
  mirror?: Traffic;
}

const SERVICE = 'Azure Machine Learning';

/** What ARM accepts in a PUT (OnlineEndpointProperties); the rest of a GET's answer is read-only. */
const WRITABLE = ['authMode', 'compute', 'description', 'keys', 'mirrorTraffic', 'properties', 'publicNetworkAccess'];
const envelope = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  kind: z.string().nullish(),
  sku: z.looseObject({}).nullish(),
  identity: z
    .looseObject({ type: z.string(), userAssignedIdentities: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
  properties: z.looseObject({ authMode: z.string() }),
});

/** A fingerprint of what an endpoint serves, stable while nobody touches it. ARM offers no ETag on online endpoints. */
export function versionOf(endpoint: z.output<typeof onlineEndpoint>): string {
  const { traffic, mirrorTraffic } = endpoint.properties;
  const sorted = (map: Traffic | null | undefined) => Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const said = JSON.stringify([sorted(traffic), sorted(mirrorTraffic), endpoint.systemData.lastModifiedAt ?? '']);
  return createHash('sha256').update(said).digest('hex').slice(0, 16);
}

/**
 * Changes an endpoint's traffic by reading the whole resource and writing it back (platform.md 5.1: PATCH cannot carry
 * traffic, and the SDK's PUT erases mirrorTraffic). Returns as soon as Azure accepted; nothing is awaited, so a process
 * that dies here loses nothing but the URL, and `getEndpoint` tells whether the change was taken.
 */
export async function startTraffic(
  { rest, guard }: { rest: Rest; guard: Guard },
  ref: EndpointRef,
  traffic: Traffic,
  options: StartTrafficOptions = {},
): Promise<StartedOperation> {
  checkTraffic(traffic);
  checkMirror(ref, traffic, options.mirror);
  const path = endpointId(ref);
  const query = { 'api-version': ML_API_VERSION };
  const { value: found } = await guard.read(
    `raw:${path}`,
    async (signal) => rest({ method: 'GET', path, query, signal }).catch(refuseClientError(ref)),
    { fresh: true },
  );
  const now = read(SERVICE, onlineEndpoint, found.body);
  if (options.ifMatch !== undefined && options.ifMatch !== versionOf(now))
    throw new Refused(
      `${ref.endpoint} was changed by somebody else meanwhile.`,
      'Look at it again and decide on what it is now.',
      'azure-changed',
    );

  const whole = read(SERVICE, envelope, found.body);
  refuseOnKubernetes(ref, whole, options.mirror);
  const etag = found.header('etag');
  const answer = await guard.write((signal) =>
    rest({
      method: 'PUT',
      path,
      query,
      body: bodyOf(whole, traffic, options.mirror ?? kept(now.properties.mirrorTraffic, traffic)),
      headers: etag === undefined ? {} : { 'if-match': etag },
      signal,
    }).catch(refuseClientError(ref)),
  );
  // Without the header ARM's contract is: follow the resource's own provisioningState.
  return {
    operationUrl: answer.header('azure-asyncoperation') ?? `${path}?api-version=${ML_API_VERSION}`,
  };
}

function bodyOf(whole: z.output<typeof envelope>, traffic: Traffic, mirrorTraffic: Traffic): Record<string, unknown> {
  const writable = Object.entries(whole.properties).filter(
    ([name, value]) => WRITABLE.includes(name) && value !== null,
  );
  const { identity } = whole;
  const users = Object.keys(identity?.userAssignedIdentities ?? {});
  return {
    location: whole.location,
    ...(whole.tags ? { tags: whole.tags } : {}),
    ...(whole.kind ? { kind: whole.kind } : {}),
    ...(whole.sku ? { sku: whole.sku } : {}),
    ...(identity
      ? {
          identity: {
            type: identity.type,
            ...(users.length > 0 ? { userAssignedIdentities: Object.fromEntries(users.map((id) => [id, {}])) } : {}),
          },
        }
      : {}),
    properties: { ...Object.fromEntries(writable), traffic, mirrorTraffic },
  };
}

/** Sums to 100 or 0, whole percent (Azure ML's own rule): said before Azure has to say it. */
function checkTraffic(traffic: Traffic): void {
  const shares = Object.values(traffic);
  const sum = shares.reduce((total, share) => total + share, 0);
  const whole = shares.every((share) => Number.isInteger(share) && share >= 0 && share <= 100);
  if (!whole || (sum !== 100 && sum !== 0))
    throw new Refused(
      `Traffic must be whole percents that sum to 100 (or 0 to stop serving); this sums to ${sum}.`,
      'Give every deployment its share, for example blue=100 green=0.',
      'traffic-sum',
    );
}

/** A deployment is live or mirrored, never both (Azure: how-to-safely-rollout-online-endpoints): one that goes live is mirrored no longer. */
const kept = (mirror: Traffic | null | undefined, traffic: Traffic): Traffic =>
  Object.fromEntries(Object.entries(mirror ?? {}).filter(([name]) => (traffic[name] ?? 0) === 0));

const MIRROR_MOST = 50;

function checkMirror(ref: EndpointRef, traffic: Traffic, mirror: Traffic | undefined): void {
  const mirrored = Object.entries(mirror ?? {}).filter(([, share]) => share !== 0);
  const odd = mirrored.find(([, share]) => !Number.isInteger(share) || share < 0 || share > MIRROR_MOST);
  if (odd)
    throw new Refused(
      `Azure mirrors whole percents up to ${MIRROR_MOST}; ${odd[0]} would get ${odd[1]}.`,
      `Mirror ${MIRROR_MOST} % or less.`,
      'mirror-share',
    );
  if (mirrored.length > 1)
    throw new Refused(
      `Azure mirrors to one deployment; this names ${mirrored.map(([name]) => name).join(' and ')}.`,
      `Leave one of them for ${ref.endpoint}.`,
      'mirror-one',
    );
  const both = mirrored.find(([name]) => (traffic[name] ?? 0) > 0);
  if (both)
    throw new Refused(
      `${both[0]} of ${ref.endpoint} gets live traffic, so Azure mirrors nothing to it.`,
      'A deployment is either live or mirrored: take its live share away first.',
      'mirror-live',
    );
}

function refuseOnKubernetes(ref: EndpointRef, whole: z.output<typeof envelope>, mirror: Traffic | undefined): void {
  const mirrored = Object.values(mirror ?? {}).some((share) => share > 0);
  if (mirrored && isKubernetes({ kind: whole.kind, properties: { compute: whole.properties['compute'] } }))
    throw new Refused(
      `${ref.endpoint} runs on Kubernetes, and Azure mirrors no traffic of Kubernetes endpoints.`,
      'Begin with a small live share instead, such as 5 %.',
      'mirror-kubernetes',
    );
}

/** ARM says it by `kind`, and by the cluster an endpoint is bound to. */
export const isKubernetes = (endpoint: {
  kind?: string | null | undefined;
  properties: { compute?: unknown };
}): boolean => endpoint.kind?.toLowerCase() === 'kubernetes' || typeof endpoint.properties.compute === 'string';

/** How far an accepted change is. Safe to call from any process, any time later. */
export async function pollOperation(
  { rest, guard }: { rest: Rest; guard: Guard },
  operationUrl: string,
): Promise<OperationState> {
  let answer: RestAnswer;
  try {
    const fetched = await guard.read(
      `operation:${operationUrl}`,
      (signal) => rest({ method: 'GET', path: operationUrl, signal }),
      { fresh: true },
    );
    answer = fetched.value;
  } catch (error) {
    if (statusOf(error instanceof Unavailable ? error.cause : error) !== 404) throw error;
    return { status: 'failed', error: { code: 'OperationExpired', message: 'Azure no longer knows this operation.' } };
  }
  const after = Number(answer.header('retry-after'));
  const wait = Number.isFinite(after) && after > 0 ? { retryAfterSeconds: after } : {};
  const resource = z.object({ properties: z.object({ provisioningState: z.string() }) }).safeParse(answer.body);
  const said = resource.success
    ? { status: resource.data.properties.provisioningState, percentComplete: undefined, error: undefined }
    : read(SERVICE, asyncOperation, answer.body);
  if (said.status === 'Succeeded') return { status: 'succeeded', percent: 100 };
  if (said.status === 'Failed' || said.status === 'Canceled')
    return {
      status: 'failed',
      error: {
        code: said.error?.code ?? said.status,
        message: said.error?.message ?? `The operation ended as ${said.status}.`,
      },
    };
  return {
    status: 'running',
    ...(said.percentComplete === undefined ? {} : { percent: said.percentComplete }),
    ...wait,
  };
}

const arm = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** ARM's 4xx are answers to the person, not faults: said in ARM's own words. Throttling stays a fault. */
export const refuseClientError =
  (ref: EndpointRef) =>
  (error: unknown): never => {
    const status = statusOf(error);
    if (status === undefined || status < 400 || status > 499 || status === 408 || status === 429) throw error;
    const text = (error as { response?: { bodyAsText?: string | null } }).response?.bodyAsText;
    const said = arm.safeParse(parse(text));
    const why = said.success ? said.data.error.message : `Azure answered ${status}.`;
    if (status === 401 || status === 403)
      throw new Refused(
        `Azure does not let Wardroom do this to ${ref.endpoint}: ${why}`,
        'Ask an administrator to grant the bot the role "AzureML Data Scientist" on the workspace.',
        'azure-forbidden',
      );
    if (status === 404)
      throw new Refused(`${ref.endpoint} is not in ${ref.workspace}.`, 'Check the name.', 'azure-missing');
    if (status === 409 || status === 412)
      throw new Refused(
        `${ref.endpoint} is being changed by somebody else: ${why}`,
        'Wait until that is finished and try again.',
        'azure-busy',
      );
    throw new Refused(`Azure refused the change to ${ref.endpoint}: ${why}`, '', 'azure-refused');
  };

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
