import { Octokit } from '@octokit/rest';
import { z } from 'zod/v4';
import type { Clock } from '../core/clock.ts';
import { Refused, Unavailable } from '../core/errors.ts';
import { type GithubApp, type GithubAuth, githubApp, SILENT } from './github-app.ts';

/**
 * Starts and watches pipelines of GitHub Actions and Azure DevOps.
 * https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event and
 * https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline (api-version 7.1).
 */
export interface PipelineRef {
  host: 'github' | 'azure-devops';
  /** owner/name, or organisation/project. */
  repository: string;
  /** File of the workflow, or number of the pipeline. */
  workflow: string;
  ref: string;
}
export interface Run {
  id: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  url?: string;
}
export interface PipelinesDeps {
  githubToken?: string | undefined;
  /** Answers protection rules, which GitHub takes from the app of the rule only; starts pipelines where there is no token. */
  githubApp?: GithubApp | undefined;
  clock: Clock;
  azureDevOpsToken?: string | undefined;
  /** The sandbox's wire; the network when it is left out. */
  fetch?: typeof fetch | undefined;
}

const githubRun = z.object({
  id: z.number(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
});
const dispatched = z.object({ workflow_run_id: z.number(), html_url: z.string().optional() });
const azureRun = z.object({
  id: z.number(),
  state: z.string(),
  result: z.string().optional(),
  _links: z
    .object({ web: z.object({ href: z.string() }) })
    .partial()
    .optional(),
});

const CALLBACK = /^\/repos\/([^/]+)\/([^/]+)\/actions\/runs\/\d+\/deployment_protection_rule$/;

const azureListed = azureRun.extend({ templateParameters: z.record(z.string(), z.unknown()).optional() });
/** Of the newest runs; whoever lost an answer lost it minutes ago. */
const MOST_ASKED = 10;

export function pipelines(deps: PipelinesDeps) {
  const send = deps.fetch ?? fetch;
  const byToken: GithubAuth = async () => deps.githubToken;
  const byApp = deps.githubApp ? githubApp(deps.githubApp, { clock: deps.clock, fetch: send }) : byToken;
  const github = async (auth: GithubAuth, owner: string, repo: string): Promise<Octokit> => {
    const token = await auth(owner, repo);
    return new Octokit({ ...(token ? { auth: token } : {}), request: { fetch: send }, log: SILENT });
  };
  const starting = deps.githubToken ? byToken : byApp;
  const place = (repository: string): [string, string] => {
    const [owner = '', name = ''] = repository.split('/');
    return [owner, name];
  };

  async function startOnGithub(
    { repository, workflow, ref }: PipelineRef,
    change: string,
    targets: readonly string[],
  ): Promise<Run> {
    const [owner, repo] = place(repository);
    const octokit = await github(starting, owner, repo).catch(fromGithub);
    // A dispatch whose answer was lost did start a run: it bears the change in its name.
    const before = await octokit
      .request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
        owner,
        repo,
        workflow_id: workflow,
        event: 'workflow_dispatch',
        per_page: 30,
      })
      .catch(fromGithub);
    const known = z
      .object({ workflow_runs: z.array(githubRun.extend({ display_title: z.string().optional() })) })
      .parse(before.data)
      .workflow_runs.find(({ display_title }) => display_title?.includes(change));
    if (known) return runOf(known);
    const inputs = { change, targets: targets.join(',') };
    const body = { owner, repo, workflow_id: workflow, ref, inputs };
    try {
      const answer = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
        ...body,
        return_run_details: true,
      } as never);
      const details = dispatched.safeParse(answer.data);
      if (details.success)
        return {
          id: String(details.data.workflow_run_id),
          state: 'queued',
          ...(details.data.html_url ? { url: details.data.html_url } : {}),
        };
    } catch (error) {
      // Older GitHub Enterprise servers do not know the flag and refuse it.
      if (![400, 422].includes((error as { status?: number }).status ?? 0)) fromGithub(error);
      await octokit
        .request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', body)
        .catch(fromGithub);
    }
    throw new Unavailable('GitHub', 'the run is not listed yet; it is looked for again');
  }

  async function azure(
    { repository, workflow, ref }: PipelineRef,
    change: string,
    targets: readonly string[],
  ): Promise<Run> {
    const base = azureBase(repository);
    const listed = await azureCall('GET', `${base}/${workflow}/runs?api-version=7.1`);
    const all = z.object({ value: z.array(azureListed) }).parse(listed);
    // A list may leave the parameters out; the newest runs are then asked one by one.
    for (const run of all.value.slice(0, MOST_ASKED)) {
      const told = Object.keys(run.templateParameters ?? {}).length > 0;
      const whole = told
        ? run
        : azureListed.parse(await azureCall('GET', `${base}/${workflow}/runs/${run.id}?api-version=7.1`));
      if (whole.templateParameters?.['change'] === change) return azureRunOf(whole);
    }
    const body = {
      resources: { repositories: { self: { refName: ref.startsWith('refs/') ? ref : `refs/heads/${ref}` } } },
      templateParameters: { change, targets: targets.join(',') },
    };
    return azureRunOf(azureRun.parse(await azureCall('POST', `${base}/${workflow}/runs?api-version=7.1`, body)));
  }

  const azureBase = (repository: string): string => {
    const [organisation, project] = place(repository).map(encodeURIComponent);
    return `https://dev.azure.com/${organisation}/${project}/_apis/pipelines`;
  };

  async function azureCall(method: 'GET' | 'POST', url: string, body?: unknown): Promise<unknown> {
    const token = deps.azureDevOpsToken;
    const answer = await send(url, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(token ? { authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    // Without a good token Azure DevOps answers 203 with a page to sign in at.
    const status = answer.status === 203 ? 401 : answer.status;
    if (!answer.ok || status === 401)
      throw told('Azure DevOps', Object.assign(new Error(`answered ${answer.status}`), { status }));
    return answer.json();
  }

  return {
    dispatch: (
      pipeline: PipelineRef,
      { change, targets }: { change: string; targets: readonly string[] },
    ): Promise<Run> =>
      pipeline.host === 'github' ? startOnGithub(pipeline, change, targets) : azure(pipeline, change, targets),

    async look(pipeline: PipelineRef, run: { id: string }): Promise<Run> {
      if (pipeline.host === 'azure-devops')
        return azureRunOf(
          azureRun.parse(
            await azureCall(
              'GET',
              `${azureBase(pipeline.repository)}/${pipeline.workflow}/runs/${run.id}?api-version=7.1`,
            ),
          ),
        );
      const [owner, repo] = place(pipeline.repository);
      const octokit = await github(starting, owner, repo).catch(fromGithub);
      const { data } = await octokit
        .request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { owner, repo, run_id: Number(run.id) })
        .catch(fromGithub);
      return runOf(githubRun.parse(data));
    },

    /** Tells an Azure DevOps check, which waits for it, how it ended (learn.microsoft.com, invoke-checks). */
    async completed(
      { url, token = '', jobId = '', taskId = '' }: { url: string; token?: string; jobId?: string; taskId?: string },
      end: { succeeded: boolean; message: string },
    ): Promise<void> {
      const answer = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
        },
        body: JSON.stringify({
          name: 'TaskCompleted',
          jobId,
          taskId,
          result: end.succeeded ? 'succeeded' : 'failed',
          message: end.message,
        }),
        signal: AbortSignal.timeout(15_000),
      });
      if (!answer.ok)
        throw told('Azure DevOps', Object.assign(new Error(`answered ${answer.status}`), { status: answer.status }));
    },

    /**
     * Answers a deployment protection rule: POST to the callback that the webhook named, as the app that the rule is of
     * (https://docs.github.com/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run).
     */
    async review(
      url: string,
      answer: { environment_name: string; state: 'approved' | 'rejected'; comment: string },
    ): Promise<void> {
      const { host, pathname } = new URL(url);
      if (host !== 'api.github.com') throw new Refused(`${host} is not GitHub.`, '', 'bad-callback');
      const [, owner, repo] = CALLBACK.exec(pathname) ?? [];
      if (!owner || !repo) throw new Refused(`${pathname} is no callback of a protection rule.`, '', 'bad-callback');
      const octokit = await github(byApp, owner, repo).catch((error) => {
        if ((error as { status?: number }).status !== 404) return fromGithub(error);
        throw new Refused(
          `The GitHub App is not installed on ${owner}/${repo}.`,
          'Install it there, or check WARDROOM_GITHUB_APP_ID.',
          'pipeline',
        );
      });
      await octokit.request(`POST ${pathname}`, answer).catch(fromGithub);
    },
  };
}

const runOf = ({ id, status, conclusion, html_url }: z.infer<typeof githubRun>): Run => ({
  id: String(id),
  url: html_url,
  state:
    status === 'completed'
      ? conclusion === 'success'
        ? 'succeeded'
        : conclusion === 'cancelled'
          ? 'cancelled'
          : 'failed'
      : status === 'in_progress'
        ? 'running'
        : 'queued',
});

const azureRunOf = ({ id, state, result, _links }: z.infer<typeof azureRun>): Run => ({
  id: String(id),
  ...(_links?.web ? { url: _links.web.href } : {}),
  state:
    state === 'completed'
      ? result === 'succeeded'
        ? 'succeeded'
        : result === 'canceled'
          ? 'cancelled'
          : 'failed'
      : 'running',
});

const fromGithub = (error: unknown): never => {
  throw told('GitHub', error);
};

/** What will not pass on another try is a refusal; the rest is tried again. */
function told(service: string, error: unknown): Error {
  const status = (error as { status?: number }).status ?? 0;
  if (status === 401 || status === 403 || status === 404)
    return new Refused(
      `${service} answered ${status}.`,
      'Check the pipeline in wardroom.yaml and the token.',
      'pipeline',
    );
  return new Unavailable(service, error instanceof Error ? error.message : String(error), { cause: error });
}
