import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { messageOf } from '../core/errors.ts';
import { isoTime, read } from './border.ts';
import { environmentVersion } from './ml.shapes.ts';
import type { DeploymentState, EndpointState, ModelVersionInfo } from './ml.views.ts';
import { type EndpointRef, endpointId, ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Resource Manager';

/** Something upstream of an endpoint that was made or changed: a suspect when the endpoint misbehaves. */
export interface RecentChange {
  /** The same change has the same id whoever reports it. */
  id: string;
  kind: 'deployment' | 'traffic' | 'model-version' | 'environment' | 'data-version' | 'schema';
  at: Temporal.Instant;
  workspace: string;
  endpoint?: string;
  deployment?: string;
  /** `name:version`. */
  models?: readonly string[];
  /** A clause without its time: "green with fraud-detector:7 was deployed by hugo.weiss@…". */
  what: string;
  by?: string;
}

export interface RecentChanges {
  /** Newest first. */
  changes: readonly RecentChange[];
  /** What could not be asked, in words; the list may lack something. */
  missing: readonly string[];
}

export interface Changes {
  /**
   * What changed around an endpoint (or around every online endpoint of a workspace) since then: its deployments, the model versions they serve, their environments (by
   * ARM's systemData), and its own settings and traffic (systemData and the Activity log, which keeps 90 days).
   */
  recentChanges(ref: WorkspaceRef | EndpointRef, since: Temporal.Instant): Promise<Fresh<RecentChanges>>;
}

export interface ChangesDeps {
  endpoints(ref: WorkspaceRef): Promise<Fresh<readonly EndpointState[]>>;
  endpoint(ref: EndpointRef): Promise<Fresh<EndpointState | undefined>>;
  deployments(ref: EndpointRef): Promise<Fresh<readonly DeploymentState[]>>;
  versions(ref: EndpointRef, model: string): Promise<Fresh<readonly ModelVersionInfo[]>>;
  /** What was registered of the endpoint's data. */
  data(ref: WorkspaceRef, endpoint: string, since: Temporal.Instant): Promise<readonly RecentChange[]>;
  rest: Rest;
  guard: Guard;
}

const activity = z.object({
  value: z.array(
    z.object({
      eventTimestamp: isoTime,
      resourceId: z.string(),
      caller: z.string().nullish(),
      operationName: z.object({ value: z.string() }),
      status: z.object({ value: z.string() }).nullish(),
    }),
  ),
});

export function changes({ endpoints, endpoint, deployments, versions, data, rest, guard }: ChangesDeps): Changes {
  const activityOf = (ref: EndpointRef, since: Temporal.Instant) =>
    guard.read(`activity:${endpointId(ref)}:${since.toString().slice(0, 13)}`, async (signal) => {
      const { body } = await rest({
        method: 'GET',
        path: `/subscriptions/${ref.subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
        query: {
          'api-version': '2015-04-01',
          $filter: `eventTimestamp ge '${since.toString()}' and resourceUri eq '${endpointId(ref)}'`,
        },
        signal,
      });
      return read(SERVICE, activity, body).value;
    });
  const environmentAt = (ref: EndpointRef, id: string) =>
    guard.read(`environment:${id}`, async (signal) => {
      const path = id.startsWith('/') ? id : `${workspaceId(ref)}/environments/${id}`;
      const { body } = await rest({ method: 'GET', path, query: { 'api-version': ML_API_VERSION }, signal });
      return read(SERVICE, environmentVersion, body);
    });

  const around = async (ref: EndpointRef, since: Temporal.Instant): Promise<Fresh<RecentChanges>> => {
    const missing: string[] = [];
    /** One source that fails must not hide the others. */
    const part = async <T>(name: string, asked: Promise<Fresh<T>>): Promise<Fresh<T> | undefined> => {
      try {
        const answer = await asked;
        if (answer.stale) missing.push(`${name} (as of ${answer.asOf.toString()})`);
        return answer;
      } catch (error) {
        missing.push(`${name} (${messageOf(error)})`);
        return undefined;
      }
    };
    const served = await deployments(ref);
    const models = [...new Set(served.value.flatMap((each) => each.model?.name ?? []))];
    const environments = [...new Set(served.value.flatMap((each) => each.environmentId ?? []))];
    const [itself, log, registered, built, sets] = await Promise.all([
      part('the endpoint', endpoint(ref)),
      part('the Activity log', activityOf(ref, since)),
      Promise.all(models.map((model) => part(`the versions of ${model}`, versions(ref, model)))),
      Promise.all(environments.map((id) => part('an environment', environmentAt(ref, id)))),
      part(
        'the data assets',
        data(ref, ref.endpoint, since).then((value) => ({ value, asOf: served.asOf, stale: false })),
      ),
    ]);
    const all = [
      ...served.value.flatMap((each) => deploymentChange(ref, each)),
      ...registered.flatMap((each) => each?.value ?? []).flatMap((each) => versionChange(ref, each)),
      ...built.flatMap((each) => (each ? environmentChange(ref, each.value) : [])),
      ...trafficChanges(ref, itself?.value, log?.value ?? []),
      ...(sets?.value ?? []),
    ].filter((each) => Temporal.Instant.compare(each.at, since) >= 0);
    return {
      asOf: served.asOf,
      stale: served.stale,
      value: { changes: all.sort((a, b) => Temporal.Instant.compare(b.at, a.at)), missing },
    };
  };

  return {
    async recentChanges(ref, since) {
      if ('endpoint' in ref) return around(ref, since);
      const here = await endpoints(ref);
      const parts = await Promise.all(here.value.map((each) => around(each.ref, since)));
      const all = new Map(parts.flatMap((part) => part.value.changes.map((each) => [each.id, each] as const)));
      return {
        asOf: here.asOf,
        stale: here.stale || parts.some((part) => part.stale),
        value: {
          changes: [...all.values()].sort((a, b) => Temporal.Instant.compare(b.at, a.at)),
          missing: [...new Set(parts.flatMap((part) => part.value.missing))],
        },
      };
    },
  };
}

const by = (who: string | undefined) => (who ? { by: who } : {});
const byWords = (who: string | undefined) => (who ? ` by ${who}` : '');

function deploymentChange(ref: EndpointRef, each: DeploymentState): RecentChange[] {
  const when = each.modifiedAt ?? each.createdAt;
  if (when === undefined) return [];
  const model = each.model && `${each.model.name}:${each.model.version}`;
  const made = when === each.createdAt;
  const who = made ? each.createdBy : each.modifiedBy;
  return [
    {
      id: `${each.id}@${when}`,
      kind: 'deployment',
      at: Temporal.Instant.from(when),
      workspace: ref.workspace,
      endpoint: ref.endpoint,
      deployment: each.name,
      ...(model ? { models: [model] } : {}),
      what: `${each.name}${model ? ` with ${model}` : ''} was ${made ? 'deployed' : 'changed'}${byWords(who)}`,
      ...by(who),
    },
  ];
}

function versionChange(ref: EndpointRef, each: ModelVersionInfo): RecentChange[] {
  if (each.createdAt === undefined) return [];
  return [
    {
      id: `${each.id}@${each.createdAt}`,
      kind: 'model-version',
      at: Temporal.Instant.from(each.createdAt),
      workspace: ref.workspace,
      models: [`${each.name}:${each.version}`],
      what: `${each.name}:${each.version} was registered${byWords(each.createdBy)}`,
      ...by(each.createdBy),
    },
  ];
}

function environmentChange(ref: EndpointRef, each: z.output<typeof environmentVersion>): RecentChange[] {
  const { createdAt, createdBy } = each.systemData;
  if (createdAt === undefined) return [];
  const name = /\/environments\/([^/]+)\//i.exec(each.id)?.[1] ?? each.id;
  return [
    {
      id: `${each.id}@${createdAt}`,
      kind: 'environment',
      at: Temporal.Instant.from(createdAt),
      workspace: ref.workspace,
      endpoint: ref.endpoint,
      what: `the environment ${name}:${each.name} was built${byWords(createdBy)}`,
      ...by(createdBy),
    },
  ];
}

/** The Activity log tells who wrote or deleted the endpoint and when; ARM's systemData only knows the last time. Neither says what. */
function trafficChanges(
  ref: EndpointRef,
  now: EndpointState | undefined,
  log: z.output<typeof activity>['value'],
): RecentChange[] {
  const writes = log
    .filter((each) => /onlineendpoints\/(write|delete)$/i.test(each.operationName.value))
    .filter((each) => (each.status?.value ?? 'Succeeded') === 'Succeeded')
    .map((each) => ({
      at: each.eventTimestamp,
      who: each.caller ?? undefined,
      did: /delete$/i.test(each.operationName.value) ? 'deleted' : 'changed',
    }));
  const known = writes.some((each) => each.at === now?.modifiedAt);
  if (now?.modifiedAt !== undefined && !known) writes.push({ at: now.modifiedAt, who: now.modifiedBy, did: 'changed' });
  const shares = Object.entries(now?.traffic ?? {}).map(([name, percent]) => `${name} ${percent} %`);
  return writes.map(({ at, who, did }) => ({
    id: `${endpointId(ref)}@${at}`,
    kind: 'traffic',
    at: Temporal.Instant.from(at),
    workspace: ref.workspace,
    endpoint: ref.endpoint,
    what: `${ref.endpoint} was ${did}${byWords(who)}${at === now?.modifiedAt && shares.length > 0 ? `, traffic since then ${shares.join(', ')}` : ''}`,
    ...by(who),
  }));
}
