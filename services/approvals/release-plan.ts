import { Refused } from '../core/errors.ts';
import type { Endpoint, Promotion } from '../core/organisation.ts';
import { servingOf } from './evidence-about.ts';
import { DEFAULT_STEPS, type PromotePlan, type RolloutStep, stepsFault } from './plan.ts';
import { artifactOf } from './release-people.ts';
import type { Sources, TargetFacts } from './sources.ts';
import { stepsWords } from './subject.rules.ts';

/** The plan of a promotion as Azure stands now: a plan is not made on old numbers. Refused with what is in its way. */
export async function planRelease(
  sources: Sources,
  { endpoint, promotion }: { endpoint: Endpoint; promotion: Promotion },
  model: { name: string; version: string },
  wanted?: readonly RolloutStep[],
): Promise<PromotePlan> {
  if (endpoint.kind === 'batch')
    throw new Refused(`${endpoint.id} is a batch endpoint: it has no traffic to move in steps.`);
  const [version, target] = await Promise.all([
    sources.version(endpoint.workspace, model.name, model.version),
    sources.target(endpoint.workspace, endpoint.id),
  ]);
  if (!version)
    throw new Refused(
      `${model.name}:${model.version} is not registered in ${endpoint.workspace}.`,
      'Check the version.',
    );
  if (version.archived) throw new Refused(`${model.name}:${model.version} is archived.`, 'Restore it first.');
  if (!target) throw new Refused(`Azure has no endpoint ${endpoint.id}.`, 'It may have been deleted.');
  if (endpoint.models.length > 0 && !endpoint.models.includes(model.name))
    throw new Refused(
      `${endpoint.id} serves ${endpoint.models.join(', ')}, not ${model.name}.`,
      'Ask an administrator if wardroom.yaml is out of date.',
    );
  const serving = servingOf(target);
  if (serving === `${model.name}:${model.version}`)
    throw new Refused(`${serving} serves ${endpoint.id} already.`, `Say “endpoint ${endpoint.id}”.`);
  const { kubernetes } = target;
  const deployment = deploymentFor(model, target);
  const live = target.traffic[deployment] ?? 0;
  // Azure mirrors nothing to a deployment that is live, and nothing at all on Kubernetes.
  const usual = DEFAULT_STEPS.filter(({ kind, percent }) =>
    kind === 'live' ? percent >= live : !kubernetes && live === 0,
  );
  const steps = [...(wanted ?? usual)];
  const fault = stepsFault(steps, { kubernetes, ...(live > 0 ? { live: { deployment, percent: live } } : {}) });
  if (fault) throw fault;
  return {
    kind: 'promote',
    endpoint: endpoint.id,
    workspace: endpoint.workspace,
    model,
    artifact: artifactOf(version),
    deployment,
    from: target.traffic,
    steps,
    guards: promotion.guards,
    what: `${model.name}:${model.version} to ${endpoint.id}: ${stepsWords(steps)}`,
  };
}

/** The deployment that has the version, or a new one named after it: Azure takes 3 to 32 letters, digits and dashes. */
function deploymentFor(model: { name: string; version: string }, target: TargetFacts): string {
  const wanted = `${model.name}:${model.version}`;
  return target.deployments.find((each) => each.model === wanted)?.name ?? `version-${model.version}`;
}
