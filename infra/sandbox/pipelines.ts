import type { Clock } from '../../services/core/clock.ts';

/**
 * GitHub Actions and Azure Pipelines at the wire: what the clients of services/azure/pipelines.ts ask is answered as those
 * do. A run waits ten seconds, runs two minutes by the sandbox's clock, and succeeds unless its change says "fail".
 */
interface SimulatedRun {
  id: number;
  at: number;
  title: string;
  inputs: Record<string, string>;
}

const QUEUED_MS = 10_000;
const RUNS_MS = 120_000;

export function pipelineSandbox(clock: Clock): typeof fetch & { reviews: { url: string; body: unknown }[] } {
  const runs: SimulatedRun[] = [];
  const reviews: { url: string; body: unknown }[] = [];
  const stateOf = (run: SimulatedRun): 'queued' | 'in_progress' | 'completed' => {
    const age = clock.ms() - run.at;
    return age < QUEUED_MS ? 'queued' : age < QUEUED_MS + RUNS_MS ? 'in_progress' : 'completed';
  };
  const good = (run: SimulatedRun) => !Object.values(run.inputs).some((value) => value.includes('fail'));
  const github = (run: SimulatedRun) => ({
    id: run.id,
    display_title: run.title,
    status: stateOf(run),
    conclusion: stateOf(run) === 'completed' ? (good(run) ? 'success' : 'failure') : null,
    html_url: `https://github.com/northwind-ml/sandbox/actions/runs/${run.id}`,
  });
  const azure = (run: SimulatedRun) => ({
    id: run.id,
    state: stateOf(run) === 'completed' ? 'completed' : 'inProgress',
    ...(stateOf(run) === 'completed' ? { result: good(run) ? 'succeeded' : 'failed' } : {}),
    templateParameters: run.inputs,
    _links: { web: { href: `https://dev.azure.com/northwind/sandbox/_build/results?buildId=${run.id}` } },
  });
  const begin = (inputs: Record<string, string>): SimulatedRun => {
    const run = { id: 9_000 + runs.length + 1, at: clock.ms(), title: `Deploy ${inputs['change'] ?? ''}`, inputs };
    runs.push(run);
    return run;
  };
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

  async function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { pathname, host } = new URL(request.url);
    const found = (id: string | undefined) => runs.find((run) => String(run.id) === id);
    if (host === 'api.github.com') {
      if (/\/dispatches$/.test(pathname) && request.method === 'POST') {
        const { inputs } = (await request.json()) as { inputs: Record<string, string> };
        const run = begin(inputs);
        return json({ workflow_run_id: run.id, html_url: github(run).html_url });
      }
      if (/\/workflows\/[^/]+\/runs$/.test(pathname))
        return json({ total_count: runs.length, workflow_runs: runs.map(github) });
      const run = found(/\/actions\/runs\/(\d+)$/.exec(pathname)?.[1]);
      if (run) return json(github(run));
      if (/\/deployment_protection_rule$/.test(pathname)) {
        reviews.push({ url: request.url, body: await request.json() });
        return new Response(null, { status: 204 });
      }
      return json({ message: 'Not Found' }, 404);
    }
    if (host === 'dev.azure.com') {
      const one = found(/\/runs\/(\d+)$/.exec(pathname)?.[1]);
      if (one) return json(azure(one));
      if (/\/runs$/.test(pathname) && request.method === 'POST') {
        const { templateParameters } = (await request.json()) as { templateParameters: Record<string, string> };
        return json(azure(begin(templateParameters)));
      }
      if (/\/runs$/.test(pathname)) return json({ count: runs.length, value: runs.map(azure) });
      if (request.method === 'POST' || request.method === 'PATCH') {
        reviews.push({ url: request.url, body: await request.json() });
        return json({});
      }
    }
    return json({ message: `the sandbox knows no ${host}` }, 404);
  }
  return Object.assign(answer, { reviews });
}
