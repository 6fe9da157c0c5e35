import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { counted } from '../core/counted.ts';
import { orList } from '../core/errors.ts';
import type { Repository } from '../core/organisation.ts';
import { type About, type Found, none } from './evidence-about.ts';
import { shaped } from './evidence-model.ts';
import type { CodeAnswer, CodeFacts } from './sources.ts';

/** What the estate, the code host and the organisation say around the version. */

export async function drift(about: About): Promise<Found> {
  const { plan, sources } = about;
  const found = await sources.drift(plan.workspace, plan.endpoint);
  if (!found || found.readings.length === 0)
    return none(about, `no monitor of ${plan.endpoint} has said anything`, 'Azure ML model monitoring');
  const over = found.readings.filter(({ breached }) => breached);
  const worst = over[0];
  // Numbers move every night: what binds the vote is which features are over their limit.
  return {
    state: 'present',
    summary: worst
      ? `${over.length} of ${counted(found.readings.length, 'reading')} ${over.length === 1 ? 'is over its' : 'are over their'} limit, ${worst.feature} most (${worst.metric} ${worst.value.toFixed(2)})`
      : `${counted(found.readings.length, 'reading')}, none over its limit`,
    source: 'Azure ML model monitoring',
    asOf: found.at,
    body: { readings: found.readings.slice(0, 30) },
    binding: { over: over.map(({ feature }) => feature).sort() },
  };
}

const commitOf = (tags: Readonly<Record<string, string>> | undefined): string | undefined =>
  tags?.['mlflow.source.git.commit'];

type Code = { commit: string; settings: Repository; answer: CodeAnswer & { facts: CodeFacts } };

/** What the code host says of the commit the version was trained from, or why there is nothing to say. */
async function codeOf(about: About): Promise<Code | Found> {
  const { plan, organisation, sources } = about;
  const [run, serving] = await Promise.all([about.run(), about.serving()]);
  const commit = commitOf(run?.tags);
  if (!commit) return none(about, NO_COMMIT, 'Azure Machine Learning');
  const settings = organisation.repositories.find(({ id }) => id === plan.model.name);
  const answer = settings && (await sources.code(plan.model.name, commit, commitOf(serving?.run?.tags)));
  if (!answer) return none(about, `wardroom.yaml names no repository of ${plan.model.name}`, 'wardroom.yaml');
  const { host, repository, hidden, facts } = answer;
  if (facts) return { commit, settings, answer: { ...answer, facts } };
  const more = hidden ? `; a private repository needs ${hidden}` : '';
  return none(about, `${repository} shows no commit ${commit.slice(0, 8)}${more}`, host);
}

const NO_COMMIT = 'the training run names no commit (tag mlflow.source.git.commit)';

export async function tests(about: About): Promise<Found> {
  const code = await codeOf(about);
  if (!('answer' in code)) return code;
  const { unit, integration } = code.settings.checks;
  return checksOf(about, code, [unit, integration], 'tests');
}

export async function review(about: About): Promise<Found> {
  const code = await codeOf(about);
  if (!('answer' in code)) return code;
  const standard = checksOf(about, code, [code.settings.checks.standard], 'coding standard');
  const { pull } = code.answer.facts;
  const others = pull?.approvedBy.filter((person) => person !== pull.author) ?? [];
  const body = { ...standard.body, pull: pull ?? null };
  if (!pull) return { ...standard, state: 'failed', summary: 'it was pushed without a pull request', body };
  if (others.length === 0)
    return {
      ...standard,
      state: 'failed',
      summary: `pull request ${pull.number} was approved by nobody but its author`,
      body,
    };
  if (standard.state !== 'present') return { ...standard, body };
  return {
    ...standard,
    summary: `pull request ${pull.number} approved by ${others.join(', ')}; coding standard met`,
    body,
  };
}

function checksOf(about: About, { commit, answer }: Code, wanted: readonly string[], what: string): Found {
  const { facts } = answer;
  const source = `${answer.host} ${answer.repository}, commit ${commit.slice(0, 8)}`;
  const found = wanted.map((part) => ({
    part,
    runs: facts.checks.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase())),
  }));
  const asOf =
    facts.checks.flatMap(({ at }) => at ?? []).sort((a, b) => b.epochMilliseconds - a.epochMilliseconds)[0] ??
    about.now;
  const body = { commit, checks: facts.checks.map(({ name, passed }) => ({ name, passed })) };
  const lost = found.filter(({ runs }) => runs.length === 0).map(({ part }) => part);
  if (lost.length > 0)
    return { state: 'missing', summary: `no check called ${orList(lost)} ran on this commit`, source, asOf, body };
  const failed = found.flatMap(({ runs }) => runs.filter(({ passed }) => !passed)).map(({ name }) => name);
  return failed.length > 0
    ? { state: 'failed', summary: `${failed.join(', ')} failed`, source, asOf, body }
    : {
        state: 'present',
        summary: `${what}: ${found.flatMap(({ runs }) => runs.map(({ name }) => name)).join(', ')} passed`,
        source,
        asOf,
        body,
      };
}

export async function reproducibility(about: About): Promise<Found> {
  const { plan, sources, version } = about;
  const [run, environment] = await Promise.all([
    about.run(),
    sources.environment(plan.workspace, version.name, version.version),
  ]);
  const source = run ? `run ${run.id}` : 'Azure Machine Learning';
  if (!run) return none(about, 'the version names no training run, so it cannot be made again', source);
  const data = Object.entries(run.tags).filter(([name]) => /^(azureml|mlflow)\.(input|dataset)/i.test(name));
  const loose = [
    ...(commitOf(run.tags) ? [] : ['the code commit']),
    ...(run.tags['mlflow.source.git.dirty'] === 'true' ? ['the code (uncommitted changes)'] : []),
    ...(data.length > 0 ? [] : ['the data']),
    ...data.filter(([, value]) => !/:\d+$|@sha256:/.test(value)).map(([, value]) => `the data ${value}`),
    ...(run.params.seed === undefined ? ['the random seed'] : []),
    ...(environment ? [] : ['the environment']),
    ...(environment?.image && !/@sha256:|:[^:/]*\d[^:/]*$/.test(environment.image)
      ? [`the image ${environment.image}`]
      : []),
    ...unpinned(environment?.conda),
  ];
  const pinned = data.map(([, value]) => value);
  return {
    state: loose.length > 0 ? 'failed' : 'present',
    summary:
      loose.length > 0
        ? `not pinned: ${loose.slice(0, 4).join(', ')}`
        : `commit, data (${pinned.join(', ')}), environment ${environment?.version} and seed are pinned`,
    source,
    asOf: run.endedAt ?? about.now,
    body: { loose, data: pinned, image: environment?.image ?? null, commit: commitOf(run.tags) ?? null },
  };
}

/** Packages of a conda specification without an exact version. */
export function unpinned(conda: string | undefined): string[] {
  const packages = [
    ...(conda?.split(/^dependencies:/m)[1] ?? '').matchAll(/^[ \t]*-[ \t]+([A-Za-z0-9][\w.-]*)[ \t]*([^#\n]*)$/gm),
  ];
  return packages
    .filter(([, name, rest]) => !/^(pip|python)$/.test(name ?? '') && !/^(==?|@)\s*\S/.test((rest ?? '').trim()))
    .filter(([, , rest]) => !(rest ?? '').trim().endsWith(':'))
    .map(([, name]) => `the package ${name}`);
}

const smoke = z.object({
  image: z.string().min(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'an image digest is sha256: and 64 hex digits'),
  request: z.unknown(),
  status: z.number().int(),
  response: z.unknown().optional(),
  latencyMs: z.number().nonnegative(),
});

export async function packaged(about: About): Promise<Found> {
  const file = await about.json('evidence/smoke.json');
  if (!file) return none(about, 'no serving image was built and tried (evidence/smoke.json)', 'Azure Machine Learning');
  return smokeFinding(file.value, file.source, file.at);
}

export function smokeFinding(value: unknown, source: string, asOf: Temporal.Instant): Found {
  const said = shaped(smoke, value, 'evidence/smoke.json');
  const good = said.status === 200 && said.response !== undefined;
  return {
    state: good ? 'present' : 'failed',
    summary: good
      ? `${said.image} answered the sample request in ${Math.round(said.latencyMs)} ms`
      : `${said.image} answered the sample request with ${said.status}`,
    source,
    asOf,
    body: said,
  };
}

export async function identity(about: About): Promise<Found> {
  const target = await about.target();
  const source = `Azure, ${about.plan.endpoint} and ${about.plan.workspace}`;
  if (!target) return none(about, `Azure has no endpoint ${about.plan.endpoint}`, source);
  const approved = target.privateEndpoints.filter(({ state }) => /^approved$/i.test(state));
  const faults = [
    ...(/assigned/i.test(target.identity) ? [] : ['the endpoint has no managed identity']),
    ...(target.publicAccess ? ['the endpoint can be reached from the internet'] : []),
    ...(target.workspacePublicAccess ? ['the workspace can be reached from the internet'] : []),
    ...(approved.length > 0 ? [] : ['the workspace has no approved private endpoint']),
  ];
  const facts = {
    identity: target.identity,
    publicAccess: target.publicAccess,
    workspacePublicAccess: target.workspacePublicAccess,
    privateEndpoints: target.privateEndpoints,
  };
  return {
    state: faults.length > 0 ? 'failed' : 'present',
    summary:
      faults.length > 0
        ? faults.join('; ')
        : `managed identity (${target.identity}), private link (${approved.map(({ name }) => name).join(', ')}), no public access`,
    source,
    asOf: target.asOf,
    body: facts,
  };
}

export async function cost(about: About): Promise<Found> {
  const { plan, sources } = about;
  const found = await sources.cost(plan.workspace, plan.endpoint);
  if (!found) return none(about, `Cost Management knows no cost of ${plan.endpoint}`, 'Cost Management');
  const { amount, currency, days } = found;
  return {
    state: 'present',
    summary: `${Number(amount).toLocaleString('en-GB', { maximumFractionDigits: 0 })} ${currency} in the last ${days} days`,
    source: 'Cost Management, actual cost',
    asOf: found.asOf,
    body: { amount, currency, days },
    // The sum of a month moves with every hour; that it is known is what the vote rests on.
    binding: { currency },
  };
}

export async function risk(about: About): Promise<Found> {
  const { riskClass, oversight, purpose } = about.endpoint.business;
  const source = about.useCase ? `intake, ${about.useCase}` : `wardroom.yaml, ${about.endpoint.id}`;
  const body = {
    riskClass,
    oversight: oversight ?? null,
    purpose,
    ...(about.useCase ? { useCase: about.useCase } : {}),
  };
  if (riskClass === 'high' && !oversight)
    return {
      state: 'failed',
      summary: 'high risk, and nobody says how people oversee it',
      source,
      asOf: about.now,
      body,
    };
  return {
    state: 'present',
    summary: `${riskClass} risk${oversight ? `; ${oversight}` : ''}`,
    source,
    asOf: about.now,
    body,
  };
}
