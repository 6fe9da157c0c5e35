import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PipelinesDeps, pipelines } from '../../../services/azure/pipelines.ts';
import { testClock } from '../../support.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const APP = { id: 'Iv1.wardroom', key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

interface Run {
  id: number;
  title: string;
  parameters: Record<string, string>;
  state: 'queued' | 'running' | 'completed';
  end?: string;
}

/**
 * A server of our own that answers as the documents of GitHub Actions (REST, workflow dispatch) and Azure Pipelines (Runs,
 * api-version 7.1) say, over a real socket.
 */
describe('pipelines of GitHub Actions and Azure DevOps', () => {
  const clock = testClock();
  let server: Server;
  let base = '';
  let runs: Run[] = [];
  const asked: { method: string; path: string; authorization: string; body: Record<string, unknown> }[] = [];
  /** What goes wrong next. */
  let trouble: 'none' | 'old-ghes' | 'lost-answer' | 'sign-in' | 'short-list' | 'gone' = 'none';

  const body = (req: IncomingMessage) =>
    new Promise<Record<string, unknown>>((done) => {
      let text = '';
      req.on('data', (part) => {
        text += String(part);
      });
      req.on('end', () => done(text ? JSON.parse(text) : {}));
    });
  const begin = (parameters: Record<string, string>): Run => {
    const run: Run = { id: 70 + runs.length, title: `Deploy ${parameters['change']}`, parameters, state: 'queued' };
    runs.unshift(run);
    return run;
  };
  const github = (run: Run) => ({
    id: run.id,
    display_title: run.title,
    status: run.state === 'running' ? 'in_progress' : run.state,
    conclusion: run.end ?? null,
    html_url: `https://github.com/o/r/actions/runs/${run.id}`,
  });
  const azure = (run: Run, whole = true) => ({
    id: run.id,
    name: String(run.id),
    state: run.state === 'completed' ? 'completed' : 'inProgress',
    ...(run.end ? { result: run.end } : {}),
    ...(whole ? { templateParameters: run.parameters } : {}),
    _links: { web: { href: `https://dev.azure.com/o/p/_build/results?buildId=${run.id}` } },
  });

  beforeAll(async () => {
    server = createServer(async (req, res) => {
      const said = await body(req);
      const path = req.url ?? '';
      asked.push({
        method: req.method ?? '',
        path,
        authorization: String(req.headers.authorization ?? ''),
        body: said,
      });
      const answer = (status: number, json?: unknown, type = 'application/json') => {
        res.writeHead(status, { 'content-type': type });
        res.end(json === undefined ? undefined : typeof json === 'string' ? json : JSON.stringify(json));
      };
      const one = runs.find(({ id }) => path.includes(`/runs/${id}`));
      if (path === '/repos/o/r/installation') return answer(200, { id: 7, account: { login: 'o' } });
      if (path.endsWith('/installation')) return answer(404, { message: 'Not Found' });
      if (path === '/app/installations/7/access_tokens')
        return answer(201, { token: 'ghs_of-the-app', expires_at: clock.now().add({ hours: 1 }).toString() });
      if (path.endsWith('/deployment_protection_rule')) return answer(204);
      if (path.includes('/_apis/distributedtask/')) return answer(200, {});
      if (trouble === 'gone') return answer(404, { message: 'Not Found' });
      if (trouble === 'sign-in') return answer(203, '<html>Sign in</html>', 'text/html');
      if (path.endsWith('/dispatches')) {
        if (trouble === 'old-ghes' && said['return_run_details'])
          return answer(422, { message: '"return_run_details" is not a permitted key.' });
        const run = begin(said['inputs'] as Record<string, string>);
        if (trouble === 'lost-answer') return req.socket.destroy();
        if (trouble === 'old-ghes') return answer(204);
        return answer(200, { workflow_run_id: run.id, html_url: github(run).html_url });
      }
      if (path.startsWith('/repos/') && one) return answer(200, github(one));
      if (path.startsWith('/repos/')) return answer(200, { total_count: runs.length, workflow_runs: runs.map(github) });
      if (req.method === 'POST') {
        const run = begin(said['templateParameters'] as Record<string, string>);
        if (trouble === 'lost-answer') return req.socket.destroy();
        return answer(200, azure(run));
      }
      if (one) return answer(200, azure(one));
      return answer(200, { count: runs.length, value: runs.map((run) => azure(run, trouble !== 'short-list')) });
    }).listen(0, '127.0.0.1');
    await new Promise<void>((listening) => server.on('listening', () => listening()));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    runs = [];
    asked.length = 0;
    trouble = 'none';
  });
  afterAll(() => server.close());

  /** The clients know GitHub and Azure DevOps by name; only the name leads elsewhere. */
  const clients = (github: Pick<PipelinesDeps, 'githubToken' | 'githubApp'> = { githubToken: 'gh-token' }) =>
    pipelines({
      ...github,
      clock,
      azureDevOpsToken: 'pat',
      fetch: (input, init) => {
        const { pathname, search } = new URL(input instanceof Request ? input.url : String(input));
        return fetch(`${base}${pathname}${search}`, init);
      },
    });
  const change = { change: 'RFC-104', targets: ['ep-fraud'] };
  const actions = { host: 'github' as const, repository: 'o/r', workflow: 'deploy.yml', ref: 'main' };
  const azurePipelines = { host: 'azure-devops' as const, repository: 'o/p', workflow: '7', ref: 'main' };

  it.each([
    ['GitHub', actions, 'success'],
    ['Azure DevOps', azurePipelines, 'succeeded'],
  ])('%s: starts a run with the change, follows it to its end', async (_name, pipeline, end) => {
    const { dispatch, look } = clients();
    const run = await dispatch(pipeline, change);
    const post = asked.find(({ method }) => method === 'POST');
    const parameters = { change: 'RFC-104', targets: 'ep-fraud' };
    expect(post?.body).toMatchObject(
      pipeline.host === 'github'
        ? { ref: 'main', inputs: parameters, return_run_details: true }
        : { resources: { repositories: { self: { refName: 'refs/heads/main' } } }, templateParameters: parameters },
    );
    expect(post?.authorization).toBe(
      pipeline.host === 'github' ? 'token gh-token' : `Basic ${Buffer.from(':pat').toString('base64')}`,
    );
    expect(run).toMatchObject({ id: '70', url: expect.stringContaining('70') });
    const [own] = runs;
    if (!own) throw new Error('no run');
    own.state = 'running';
    expect(await look(pipeline, run)).toMatchObject({ state: 'running' });
    Object.assign(own, { state: 'completed', end });
    expect(await look(pipeline, run)).toMatchObject({ state: 'succeeded' });
    own.end = pipeline.host === 'github' ? 'cancelled' : 'canceled';
    expect(await look(pipeline, run)).toMatchObject({ state: 'cancelled' });
    own.end = pipeline.host === 'github' ? 'timed_out' : 'failed';
    expect(await look(pipeline, run)).toMatchObject({ state: 'failed' });
    trouble = 'gone';
    await expect(look(pipeline, run)).rejects.toMatchObject({ code: 'pipeline' });
  });

  it.each([
    ['GitHub', actions],
    ['Azure DevOps', azurePipelines],
  ])('%s: a dispatch whose answer was lost is found again and not made twice', async (_name, pipeline) => {
    const { dispatch } = clients();
    trouble = 'lost-answer';
    await expect(dispatch(pipeline, change)).rejects.toThrow();
    trouble = pipeline.host === 'github' ? 'none' : 'short-list';
    expect(await dispatch(pipeline, change)).toMatchObject({ id: '70' });
    expect(runs).toHaveLength(1);
    expect(await dispatch(pipeline, { ...change, change: 'RFC-105' })).toMatchObject({ id: '71' });
  });

  it('asks an older GitHub without the flag it does not know, and finds the run in the list', async () => {
    const { dispatch } = clients();
    trouble = 'old-ghes';
    await expect(dispatch(actions, change)).rejects.toThrow('the run is not listed yet');
    expect(await dispatch(actions, change)).toMatchObject({ id: '70', state: 'queued' });
    expect(runs).toHaveLength(1);
  });

  it('tells a waiting check of Azure DevOps, and a deployment protection rule of GitHub, how it ended', async () => {
    const { completed, review } = clients();
    const url = 'https://dev.azure.com/o/p1/_apis/distributedtask/hubs/build/plans/p7/events?api-version=2.0-preview.1';
    await completed({ url, token: 'of-the-run', jobId: 'j', taskId: 't' }, { succeeded: false, message: 'Frozen.' });
    const callback = 'https://api.github.com/repos/o/r/actions/runs/9/deployment_protection_rule';
    await review(callback, { environment_name: 'ep-fraud', state: 'approved', comment: 'Open.' });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/o/p1/_apis/distributedtask/hubs/build/plans/p7/events?api-version=2.0-preview.1',
        authorization: `Basic ${Buffer.from(':of-the-run').toString('base64')}`,
        body: { name: 'TaskCompleted', jobId: 'j', taskId: 't', result: 'failed', message: 'Frozen.' },
      },
      {
        method: 'POST',
        path: '/repos/o/r/actions/runs/9/deployment_protection_rule',
        authorization: 'token gh-token',
        body: { environment_name: 'ep-fraud', state: 'approved', comment: 'Open.' },
      },
    ]);
    await expect(
      review('https://evil.example/x', { environment_name: 'e', state: 'approved', comment: '' }),
    ).rejects.toThrow('evil.example is not GitHub.');
  });

  const open = { environment_name: 'ep-fraud', state: 'approved' as const, comment: 'Open.' };
  it('answers a protection rule as the app it is of, and starts runs by the token where there is one', async () => {
    const { review, dispatch } = clients({ githubToken: 'gh-token', githubApp: APP });
    await review('https://api.github.com/repos/o/r/actions/runs/9/deployment_protection_rule', open);
    await review('https://api.github.com/repos/o/r/actions/runs/10/deployment_protection_rule', open);
    expect(asked.map(({ path, authorization }) => `${path} ${authorization.slice(0, 20)}`)).toEqual([
      expect.stringMatching(/^\/repos\/o\/r\/installation bearer ey/),
      expect.stringMatching(/^\/app\/installations\/7\/access_tokens bearer ey/),
      '/repos/o/r/actions/runs/9/deployment_protection_rule token ghs_of-the-app',
      '/repos/o/r/actions/runs/10/deployment_protection_rule token ghs_of-the-app',
    ]);
    const [head = '', claims = '', signature = ''] = (asked[0]?.authorization ?? '').replace('bearer ', '').split('.');
    const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
    expect(signed, 'by the key of the app').toBe(true);
    asked.length = 0;
    await dispatch(actions, change);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['token gh-token']));
    asked.length = 0;
    await clients({ githubApp: APP }).dispatch(actions, { ...change, change: 'RFC-105' });
    expect(asked.at(-1)?.authorization, 'the app starts them where there is no token').toBe('token ghs_of-the-app');
  });

  it('says where the app is not installed, and posts to nothing but a callback', async () => {
    const { review } = clients({ githubApp: APP });
    await expect(
      review('https://api.github.com/repos/o/other/actions/runs/9/deployment_protection_rule', open),
    ).rejects.toThrow('The GitHub App is not installed on o/other.');
    await expect(review('https://api.github.com/repos/o/r/actions/secrets/public-key', open)).rejects.toThrow(
      'is no callback of a protection rule',
    );
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('takes the page to sign in at for what it is: the token is not good', async () => {
    trouble = 'sign-in';
    await expect(clients().dispatch(azurePipelines, change)).rejects.toThrow('Azure DevOps answered 401.');
  });
});
