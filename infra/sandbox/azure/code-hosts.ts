import { z } from 'zod/v4';
import { type Answer, type Asked, ok } from './answer.ts';
import { versionsOf } from './assets.ts';
import type { Estate } from './estate.ts';
import { MODELS, type ModelSeed } from './northwind.ts';
import { hash, uuidOf } from './random.ts';
import { MINUTE } from './state.ts';

/** GitHub's and Azure DevOps' REST interfaces as far as checks and reviews go, for the commits that Northwind trained from. */

export const commitOf = (model: string, version: string): string =>
  uuidOf('commit', model, version).replaceAll('-', '');

interface Commit {
  model: ModelSeed;
  version: string;
  sha: string;
  at: number;
}

function commits(estate: Estate): Commit[] {
  const now = estate.now();
  return MODELS.flatMap((model) =>
    versionsOf(estate.state(), model, now).map(({ version, at }) => ({
      model,
      version,
      sha: commitOf(model.name, version),
      // Merged and tested before the training began.
      at: at - 180 * MINUTE,
    })),
  );
}

const WRITERS = [
  { login: 'hugo-weiss', name: 'Hugo Weiss', email: 'hugo.weiss@northwind.example' },
  { login: 'gita-rao', name: 'Gita Rao', email: 'gita.rao@northwind.example' },
  { login: 'omar-external', name: 'Omar Haddad', email: 'omar@contractor.example' },
] as const;
const REVIEWERS = ['ben-okafor', 'finn-ohara'] as const;
const CHECKS = ['unit tests', 'integration tests', 'lint (ruff, mypy)'] as const;

const writerOf = ({ model }: Commit) => WRITERS.find(({ email }) => email === model.author) ?? WRITERS[0];
const pullOf = ({ model, version }: Commit) => 100 + (hash('pull', model.name, version) % 800);
const reviewerOf = ({ model, version }: Commit) =>
  REVIEWERS[hash('review', model.name, version) % REVIEWERS.length] ?? 'ben-okafor';
const iso = (at: number) => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

const NOT_FOUND: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
};

/** Not to be seen without a token, as GitHub answers for what is private: by 404. */
const PRIVATE: ReadonlySet<string> = new Set(['aml-screening']);

/** An app that is installed on all of northwind-ml: its own endpoints take its signed assertion. */
function appApi(estate: Estate, { method, path, header }: Asked): Answer | undefined {
  const looksUp = method === 'GET' && /^\/repos\/northwind-ml\/[^/]+\/installation$/.test(path);
  const asks = method === 'POST' && /^\/app\/installations\/\d+\/access_tokens$/.test(path);
  if (!looksUp && !asks) return undefined;
  const signed = /^bearer [\w-]+\.[\w-]+\.[\w-]+$/i.test(header('authorization') ?? '');
  if (!signed) return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
  if (looksUp) return ok({ id: 4711, app_id: 12, account: { login: 'northwind-ml' } });
  const ends = iso(estate.now() + 60 * MINUTE);
  return { status: 201, body: { token: 'ghs_sandbox', expires_at: ends, permissions: { checks: 'read' } } };
}

/** api.github.com */
export function githubApi(estate: Estate, asked: Asked): Answer {
  const own = appApi(estate, asked);
  if (own) return own;
  if (/expired/.test(asked.header('authorization') ?? '')) return { status: 401, body: { message: 'Bad credentials' } };
  const [, repo = '', rest = ''] = /^\/repos\/northwind-ml\/([^/]+)\/(.+)$/.exec(asked.path) ?? [];
  if (PRIVATE.has(repo) && !asked.header('authorization')) return NOT_FOUND;
  const all = commits(estate).filter(({ model }) => model.name.toLowerCase() === repo);
  const found = (sha: string | undefined) => all.find((each) => each.sha === sha);
  const pull = /^pulls\/(\d+)\/reviews$/.exec(rest)?.[1];
  if (pull !== undefined) {
    const commit = all.find((each) => String(pullOf(each)) === pull);
    if (!commit) return NOT_FOUND;
    const approved = {
      user: { login: reviewerOf(commit) },
      state: 'APPROVED',
      submitted_at: iso(commit.at - 20 * MINUTE),
    };
    return ok([{ ...approved, user: { login: writerOf(commit).login }, state: 'COMMENTED' }, approved]);
  }
  const [, from, to] = /^compare\/([0-9a-f]+)\.\.\.([0-9a-f]+)$/.exec(rest) ?? [];
  if (from !== undefined) {
    const [base, head] = [found(from), found(to)];
    if (!base || !head) return NOT_FOUND;
    return ok({ commits: all.filter(({ at }) => at > base.at && at <= head.at).map(githubCommit) });
  }
  const [, sha, part] = /^commits\/([^/]+)(?:\/([a-z-]+))?$/.exec(rest) ?? [];
  const commit = found(sha);
  if (!commit) return NOT_FOUND;
  if (part === undefined) return ok(githubCommit(commit));
  if (part === 'check-runs')
    return ok({
      total_count: CHECKS.length,
      check_runs: CHECKS.map((name) => ({
        name,
        status: 'completed',
        conclusion: 'success',
        completed_at: iso(commit.at + 9 * MINUTE),
      })),
    });
  if (part === 'pulls')
    return ok([
      { number: pullOf(commit), user: { login: writerOf(commit).login }, merged_at: iso(commit.at), state: 'closed' },
    ]);
  return NOT_FOUND;
}

const githubCommit = (commit: Commit) => {
  const { name, email, login } = writerOf(commit);
  return { sha: commit.sha, commit: { author: { name, email, date: iso(commit.at) } }, author: { login } };
};

const batch = z.object({
  itemVersion: z.object({ version: z.string() }),
  compareVersion: z.object({ version: z.string() }),
});
const asksPulls = z.object({ queries: z.array(z.object({ items: z.array(z.string()) })).min(1) });
const GONE: Answer = { status: 404, body: { typeKey: 'GitCommitDoesNotExistException', message: 'TF401175' } };

/** dev.azure.com */
export function devopsApi(estate: Estate, asked: Asked): Answer {
  const [, repo = '', rest = ''] =
    /^\/northwind\/[^/]+\/_apis\/git\/repositories\/([^/]+)\/(.+)$/.exec(asked.path) ?? [];
  const all = commits(estate).filter(({ model }) => model.name.toLowerCase() === repo);
  const found = (sha: string | undefined) => all.find((each) => each.sha === sha);
  const drawn = (commit: Commit) => {
    const { name, email } = writerOf(commit);
    return { commitId: commit.sha, author: { name, email, date: iso(commit.at) } };
  };
  if (rest === 'pullrequestquery') {
    const parsed = asksPulls.safeParse(asked.body);
    const commit = found(parsed.data?.queries[0]?.items[0]);
    if (!commit) return ok({ results: [{}] });
    const pull = {
      pullRequestId: pullOf(commit),
      status: 'completed',
      closedDate: iso(commit.at),
      createdBy: { uniqueName: writerOf(commit).email, displayName: writerOf(commit).name },
      reviewers: [
        { uniqueName: 'finn.ohara@northwind.example', displayName: "Finn O'Hara", vote: 10, isContainer: false },
      ],
    };
    return ok({ results: [{ [commit.sha]: [pull] }] });
  }
  if (rest === 'commitsbatch') {
    const parsed = batch.safeParse(asked.body);
    const [base, head] = [found(parsed.data?.itemVersion.version), found(parsed.data?.compareVersion.version)];
    if (!base || !head) return GONE;
    return ok({ value: all.filter(({ at }) => at > base.at && at <= head.at).map(drawn) });
  }
  const [, sha, part] = /^commits\/([^/]+)(?:\/([a-z]+))?$/.exec(rest) ?? [];
  const commit = found(sha);
  if (!commit) return GONE;
  if (part === undefined) return ok(drawn(commit));
  if (part !== 'statuses') return GONE;
  return ok({
    value: CHECKS.map((name) => ({
      state: 'succeeded',
      creationDate: iso(commit.at + 9 * MINUTE),
      context: { name, genre: 'continuous-integration' },
    })),
  });
}
