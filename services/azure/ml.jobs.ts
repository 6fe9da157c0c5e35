import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { isoTime, read } from './border.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { refusing } from './refuse.ts';
import { type Fresh, type Guard, orMissing, type ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };

export interface JobInfo {
  name: string;
  /** Command, Pipeline, Sweep, AutoML, Spark. */
  type: string;
  displayName?: string;
  experiment?: string;
  /** ARM's word: NotStarted, Queued, Running, Completed, Failed, Canceled … */
  status: string;
  compute?: string;
  createdAt?: string;
  tags: Readonly<Record<string, string>>;
}

export interface SubmitOptions {
  /** Name of the new job: also what makes a repeated submission the same one. */
  name: string;
  displayName?: string;
  tags?: Readonly<Record<string, string>>;
}

export interface Jobs {
  /** `undefined` when there is none of that name. */
  getJob(ref: WorkspaceRef, name: string, options?: ReadOptions): Promise<Fresh<JobInfo | undefined>>;
  /**
   * Submits a copy of a job under a new name (ARM `PUT workspaces/jobs`). Doing it twice with the same name makes one
   * job: when it is there already, it is left alone.
   */
  submitCopy(ref: WorkspaceRef, source: string, options: SubmitOptions): Promise<JobInfo>;
}

const job = z.object({
  name: z.string().min(1),
  systemData: z.object({ createdAt: isoTime.optional() }).default({}),
  properties: z.looseObject({
    jobType: z.string(),
    displayName: z.string().nullish(),
    experimentName: z.string().nullish(),
    status: z.string().nullish(),
    computeId: z.string().nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
  }),
});

/** What a run of a job adds to its definition; ARM refuses or ignores them in a PUT. */
const READ_ONLY = ['status', 'services', 'parameters', 'sourceJobId', 'isArchived', 'outputs', 'properties'];

export function jobCalls({ rest, guard }: { rest: Rest; guard: Guard }): Jobs {
  const pathOf = (ref: WorkspaceRef, name: string) => `${workspaceId(ref)}/jobs/${encodeURIComponent(name)}`;
  const fetched = (ref: WorkspaceRef, name: string, options: ReadOptions = {}) =>
    guard.read(
      `job:${pathOf(ref, name)}`,
      async (signal) => (await orMissing(rest({ method: 'GET', path: pathOf(ref, name), query, signal })))?.body,
      options,
    );

  return {
    async getJob(ref, name, options) {
      const answer = await fetched(ref, name, options);
      return { ...answer, value: answer.value === undefined ? undefined : infoOf(answer.value) };
    },
    async submitCopy(ref, source, { name, displayName, tags = {} }) {
      const there = await fetched(ref, name, { fresh: true });
      if (there.value !== undefined) return infoOf(there.value);
      const { value } = await fetched(ref, source, { fresh: true });
      if (value === undefined)
        throw new Refused(
          `The job ${source} is not in ${ref.workspace} any more.`,
          'Submit it from where it is defined.',
        );
      const { properties } = read(SERVICE, job, value);
      const kept = Object.fromEntries(
        Object.entries(properties).filter(([key, held]) => !READ_ONLY.includes(key) && held !== null),
      );
      const body = {
        properties: {
          ...kept,
          ...(displayName ? { displayName } : {}),
          tags: { ...properties.tags, ...tags, 'wardroom.copyOf': source },
        },
      };
      const answer = await guard.write((signal) =>
        rest({ method: 'PUT', path: pathOf(ref, name), query, body, signal }).catch(refusing(`the job ${name}`)),
      );
      return infoOf(answer.body);
    },
  };
}

function infoOf(body: unknown): JobInfo {
  const { name, properties, systemData } = read(SERVICE, job, body);
  const { displayName, experimentName, status, computeId, tags } = properties;
  return {
    name,
    type: properties.jobType,
    status: status ?? 'NotStarted',
    tags: tags ?? {},
    ...(displayName ? { displayName } : {}),
    ...(experimentName ? { experiment: experimentName } : {}),
    ...(computeId ? { compute: computeId.split('/').at(-1) ?? computeId } : {}),
    ...(systemData.createdAt ? { createdAt: systemData.createdAt } : {}),
  };
}
