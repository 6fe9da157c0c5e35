import { Octokit } from '@octokit/rest';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import { Unavailable } from '../core/errors.ts';
import type { CodeHost, CommitFacts } from './code-hosts.ts';
import { type GithubApp, type GithubAuth, githubApp, SILENT } from './github-app.ts';
import type { Guard } from './resilience.ts';
import { createHttpHeaders, createPipelineRequest, type HttpClient } from './wire.ts';

const SERVICE = 'GitHub';

/** GitHub's REST interface through its own client. Its answers' statuses are read by the guard like any other service's. */
export function github(deps: {
  /** A token, or an app that is installed where the code is; without either only public repositories are seen. */
  auth?: string | GithubApp | undefined;
  httpClient?: HttpClient | undefined;
  clock: Clock;
  guard: Guard;
}): CodeHost {
  const { auth, clock } = deps;
  const wire = deps.httpClient ? { fetch: fetchOver(deps.httpClient) } : {};
  const tokenOf: GithubAuth = typeof auth === 'object' ? githubApp(auth, { clock, ...wire }) : async () => auth;
  return {
    name: SERVICE,
    hidden: auth === undefined ? 'WARDROOM_GITHUB_TOKEN or a GitHub App' : undefined,
    commit: async (repository, sha, since) =>
      (
        await deps.guard.read(`github:${repository}:${sha}:${since ?? ''}`, async (signal) => {
          const [owner = '', repo = ''] = repository.split('/');
          try {
            const token = await tokenOf(owner, repo);
            const client = new Octokit({ ...(token ? { auth: token } : {}), log: SILENT, request: wire });
            return await factsOf(client, { owner, repo, ref: sha }, since, signal);
          } catch (error) {
            const status = (error as { status?: unknown }).status;
            // 404: not there, not to be seen, or the app is not installed there. 422: not a commit of this repository.
            if (status === 404 || status === 422) return undefined;
            throw refused(error) ?? statused(error);
          }
        })
      ).value,
  };
}

/** A token that is not good (any more) is no bad minute of GitHub's: who has to mend it is said. Throttling is a 403, too. */
function refused(error: unknown): Unavailable | undefined {
  const { status, response } = error as { status?: number; response?: { headers?: Record<string, unknown> } };
  const throttled = response?.headers?.['x-ratelimit-remaining'] === '0' || response?.headers?.['retry-after'];
  if (status !== 401 && !(status === 403 && !throttled)) return undefined;
  return new Unavailable(SERVICE, `refused Wardroom's credentials (${status}); an administrator has to renew them`, {
    cause: error,
  });
}

/** The guard knows statuses by the name that Azure's clients give them; GitHub throttles by 403. */
function statused(error: unknown): unknown {
  const { status } = error as { status?: unknown };
  return typeof status === 'number'
    ? Object.assign(error as Error, { statusCode: status === 403 ? 429 : status })
    : error;
}

async function factsOf(
  client: Octokit,
  at: { owner: string; repo: string; ref: string },
  since: string | undefined,
  signal: AbortSignal,
): Promise<CommitFacts> {
  const { owner, repo, ref } = at;
  const request = { request: { signal } };
  const checks = await client.paginate(client.rest.checks.listForRef, {
    owner,
    repo,
    ref,
    per_page: 100,
    ...request,
  });
  const { data: pulls } = await client.rest.repos.listPullRequestsAssociatedWithCommit({
    owner,
    repo,
    commit_sha: ref,
    ...request,
  });
  const merged = pulls.find(({ merged_at }) => merged_at !== null) ?? pulls[0];
  const reviews = merged
    ? await client.paginate(client.rest.pulls.listReviews, {
        owner,
        repo,
        pull_number: merged.number,
        per_page: 100,
        ...request,
      })
    : [];
  // A person's last word counts: an approval may have been taken back.
  const last = new Map(
    reviews
      .filter(({ state }) => state !== 'COMMENTED')
      .map(({ user, state }) => [user?.login ?? 'somebody', state] as const),
  );
  return {
    checks: checks.map(({ name, conclusion, completed_at }) => ({
      name,
      passed: conclusion === 'success',
      at: instant(completed_at),
    })),
    pull: merged && {
      number: merged.number,
      author: merged.user?.login ?? 'somebody',
      approvedBy: [...last].flatMap(([login, state]) => (state === 'APPROVED' ? [login] : [])),
      at: instant(merged.merged_at),
    },
    committers: await committersOf(client, at, since, signal),
  };
}

async function committersOf(
  client: Octokit,
  { owner, repo, ref }: { owner: string; repo: string; ref: string },
  since: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const request = { request: { signal } };
  const commits =
    since && since !== ref
      ? (await client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${since}...${ref}`, ...request }))
          .data.commits
      : [(await client.rest.repos.getCommit({ owner, repo, ref, ...request })).data];
  const people = commits.flatMap(({ commit, author }) => [commit.author?.email, commit.author?.name, author?.login]);
  return [...new Set(people.filter((person): person is string => Boolean(person)))];
}

const instant = (text: string | null | undefined) => (text ? Temporal.Instant.from(text) : undefined);

/** The client speaks `fetch`; the sandbox answers at the transport of Azure's pipeline. */
function fetchOver(httpClient: HttpClient): typeof fetch {
  return async (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const { body } = init ?? {};
    if (body !== undefined && body !== null && typeof body !== 'string')
      throw new Unavailable(SERVICE, 'only text can be sent');
    const request = createPipelineRequest({
      url,
      method: (init?.method ?? 'GET') as 'GET',
      headers: createHttpHeaders(Object.fromEntries(new Headers(init?.headers))),
      ...(body ? { body } : {}),
      ...(init?.signal ? { abortSignal: init.signal } : {}),
    });
    const { status, headers, bodyAsText } = await httpClient.sendRequest(request);
    const response = new Response(status === 204 || status === 304 ? null : (bodyAsText ?? ''), {
      status,
      headers: headers.toJSON(),
    });
    // The client pages by the address of the answer, which a made response does not have.
    return Object.defineProperty(response, 'url', { value: url });
  };
}
