import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import { read } from './border.ts';
import type { CodeHost } from './code-hosts.ts';
import { type Guard, statusOf } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure DevOps';
const query = { 'api-version': '7.1' };
/** Microsoft's own id of Azure DevOps: the audience of its Entra tokens. */
export const DEVOPS_SCOPE = '499b84ac-1321-427f-aa17-267ca6975798/.default';
export const DEVOPS_ENDPOINT = 'https://dev.azure.com';
/** A reviewer's vote (Git pull request reviewers): 10 approved, 5 approved with suggestions. */
const APPROVED = 5;

const statuses = z.object({
  value: z.array(
    z.object({
      state: z.string(),
      creationDate: z.string().nullish(),
      context: z.object({ name: z.string(), genre: z.string().nullish() }),
    }),
  ),
});
const who = z.object({ uniqueName: z.string().nullish(), displayName: z.string().nullish() });
const pull = z.object({
  pullRequestId: z.number(),
  status: z.string().nullish(),
  closedDate: z.string().nullish(),
  createdBy: who,
  reviewers: z.array(who.extend({ vote: z.number(), isContainer: z.boolean().nullish() })).default([]),
});
const pulls = z.object({ results: z.array(z.record(z.string(), z.array(pull))) });
const commit = z.object({ author: z.object({ email: z.string().nullish(), name: z.string().nullish() }) });
const commits = z.object({ value: z.array(commit) });

/** Azure Repos (REST 7.1), with the identity that Wardroom has in Azure anyway or with a personal access token. */
export function azureDevops({ rest, guard }: { rest: Rest; guard: Guard }): CodeHost {
  const factsOf = async (repository: string, sha: string, since: string | undefined, signal: AbortSignal) => {
    const [organisation = '', project = '', repo = ''] = repository.split('/').map(encodeURIComponent);
    const base = `/${organisation}/${project}/_apis/git/repositories/${repo}`;
    const get = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> =>
      read(SERVICE, schema, (await rest({ method: 'GET', path: `${base}${path}`, query, signal })).body);
    const post = async <Schema extends z.ZodType>(
      path: string,
      body: unknown,
      schema: Schema,
    ): Promise<z.output<Schema>> =>
      read(SERVICE, schema, (await rest({ method: 'POST', path: `${base}${path}`, query, body, signal })).body);
    const asked = { queries: [{ type: 'commit', items: [sha] }] };
    const [own, said, found] = await Promise.all([
      get(`/commits/${sha}`, commit),
      get(`/commits/${sha}/statuses`, statuses),
      post('/pullrequestquery', asked, pulls),
    ]);
    const version = (id: string) => ({ version: id, versionType: 'commit' });
    const between =
      since && since !== sha
        ? (await post('/commitsbatch', { itemVersion: version(since), compareVersion: version(sha) }, commits)).value
        : [own];
    const all = found.results.flatMap((result) => result[sha] ?? []);
    const merged = all.find(({ status }) => status === 'completed') ?? all[0];
    // The last status of a context counts.
    const checks = new Map(
      said.value.map((each) => [[each.context.genre, each.context.name].filter(Boolean).join('/'), each]),
    );
    return {
      checks: [...checks].map(([name, { state, creationDate }]) => ({
        name,
        passed: state === 'succeeded',
        at: creationDate ? Temporal.Instant.from(creationDate) : undefined,
      })),
      pull: merged && {
        number: merged.pullRequestId,
        author: nameOf(merged.createdBy),
        // A group that approved is somebody in it, who is listed too.
        approvedBy: merged.reviewers.filter(({ vote, isContainer }) => vote >= APPROVED && !isContainer).map(nameOf),
        at: merged.closedDate ? Temporal.Instant.from(merged.closedDate) : undefined,
      },
      committers: [
        ...new Set(
          between.flatMap(({ author }) => [author.email, author.name].filter((each) => typeof each === 'string')),
        ),
      ],
    };
  };
  return {
    name: SERVICE,
    hidden: undefined,
    commit: async (repository, sha, since) =>
      (
        await guard.read(`devops:${repository}:${sha}:${since ?? ''}`, async (signal) => {
          try {
            return await factsOf(repository, sha, since, signal);
          } catch (error) {
            const status = statusOf(error);
            if (status === 404) return undefined;
            // 302 and 203 with a page to sign in is how it answers a token that is not good any more.
            if (status !== undefined && [203, 302, 401, 403].includes(status))
              throw new Unavailable(
                SERVICE,
                `refused Wardroom's credentials (${status}); an administrator has to grant them "Code (read)"`,
                { cause: error },
              );
            throw error;
          }
        })
      ).value,
  };
}

const nameOf = ({ uniqueName, displayName }: z.output<typeof who>): string => uniqueName ?? displayName ?? 'somebody';
