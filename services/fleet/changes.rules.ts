import type { Selectable } from 'kysely';
import type { Tables } from '../store/tables.ts';

export type ChangeRow = Selectable<Tables['changes']>;
export type Traffic = Readonly<Record<string, number>>;

/** What a change will do: live traffic in percent per deployment, together 100. */
export interface TrafficPlan {
  workspace: string;
  traffic: Traffic;
  /** Before, as it was when the plan was made. */
  from: Traffic;
  /** What is copied, in percent per deployment: exactly this. Left out, what is mirrored now stays as far as Azure allows. */
  mirror?: Traffic;
  /** "ep-fraud traffic to blue 100 %" */
  what: string;
}

/** A deployment comes to serve a model version: made, or changed when one of that name gets no traffic. */
export interface DeploymentPlan {
  kind: 'deployment';
  workspace: string;
  deployment: string;
  model: { name: string; version: string };
  /** The deployment whose machines, probes and environment it takes over. */
  like: string;
  /** "green of ep-fraud with fraud-detector:8" */
  what: string;
}

export type ChangePlan = TrafficPlan | DeploymentPlan;
export const makesDeployment = (plan: ChangePlan): plan is DeploymentPlan =>
  'kind' in plan && plan.kind === 'deployment';

export interface NewChange {
  endpoint: string;
  plan: ChangePlan;
  /** The rollout this is a step of: it is told when the change has ended, instead of the request. */
  rollout?: string;
  request?: string;
  incident?: string;
}

/** So many unanswered tries are borne: about half an hour. */
export const MOST_ATTEMPTS = 40;
/** Nobody knows what Azure made of it: it was given up because Azure did not answer, not because Azure refused. */
export const isUnknown = ({ state, attempts }: Pick<ChangeRow, 'state' | 'attempts'>): boolean =>
  state === 'failed' && attempts >= MOST_ATTEMPTS;

/**
 * So long an order whose answer never came may still be taken. Azure's long-running operations end within an hour
 * (`x-ms-async-operation-timeout: PT1H` of its answers); what it has not begun by then it has dropped.
 */
export const DOUBT_MINUTES = 60;

/**
 * Whether an endpoint shows what an order asked for that was never answered, although something else was carried out after
 * it: Azure has taken the old order late, over the newer one. `after` is what was carried out last.
 */
export function tookLate(
  order: Pick<TrafficPlan, 'traffic' | 'mirror'>,
  after: Pick<TrafficPlan, 'traffic' | 'mirror'>,
  now: Pick<TrafficState, 'traffic' | 'mirror'>,
): boolean {
  const shows = (plan: Pick<TrafficPlan, 'traffic' | 'mirror'>): boolean =>
    sameTraffic(now.traffic, plan.traffic) && (plan.mirror === undefined || sameTraffic(now.mirror, plan.mirror));
  return shows(order) && !shows(after);
}

export interface DeploymentSeen {
  /** `name:version`; undefined for what Azure does not say. */
  model?: string | undefined;
  /** Live or mirrored. */
  used: boolean;
  state: 'ready' | 'updating' | 'failed';
}

export interface TrafficState {
  traffic: Traffic;
  mirror: Traffic;
  /** ARM's provisioningState is one of the ones in between. */
  updating: boolean;
}

export interface Operation {
  status: 'running' | 'succeeded' | 'failed';
  percent?: number | undefined;
  error?: { code: string; message: string } | undefined;
}

export type Step =
  | { do: 'start'; note: string }
  | { do: 'wait'; percent: number; note: string }
  | { do: 'done'; note: string }
  | { do: 'fail'; note: string };

/** How Azure stands, in the words of a plan. */
export type Standing =
  | { there: false; why: string }
  /** `reached`: the endpoint is what the plan wants, and nothing is being done to it. */
  | { there: true; reached: boolean; updating: boolean; impossible?: string };

export function trafficStanding(plan: TrafficPlan, now: TrafficState | undefined): Standing {
  if (!now) return { there: false, why: 'The endpoint does not exist any more.' };
  const mirrored = plan.mirror === undefined || sameTraffic(now.mirror, plan.mirror);
  return {
    there: true,
    reached: sameTraffic(now.traffic, plan.traffic) && mirrored && !now.updating,
    updating: now.updating,
  };
}

/** `seen` is undefined while there is no deployment of that name. */
export function deploymentStanding(plan: DeploymentPlan, seen: DeploymentSeen | undefined): Standing {
  const wanted = `${plan.model.name}:${plan.model.version}`;
  if (!seen || seen.state === 'failed') return { there: true, reached: false, updating: false };
  const right = seen.model?.toLowerCase() === wanted.toLowerCase();
  if (!right && seen.used && seen.state === 'ready')
    return {
      there: true,
      reached: false,
      updating: false,
      impossible: `${plan.deployment} serves ${seen.model ?? 'another model'} and gets traffic: it is not overwritten with ${wanted}.`,
    };
  return { there: true, reached: right && seen.state === 'ready', updating: seen.state === 'updating' };
}

/**
 * What to do next, from what is stored and how Azure stands now. The endpoint's own state has the last word: an
 * operation whose address was lost with the process, or that Azure forgot, is recognised by what it did.
 */
export function nextStep(
  row: Pick<ChangeRow, 'state' | 'operation_url' | 'percent'>,
  plan: ChangePlan,
  now: Standing,
  operation: Operation | undefined,
): Step {
  if (!now.there) return { do: 'fail', note: now.why };
  const { reached } = now;
  if (operation?.status === 'failed') {
    if (operation.error?.code === 'OperationExpired') {
      return reached
        ? { do: 'done', note: sentence(plan) }
        : { do: 'start', note: 'Azure forgot the operation; starting it again' };
    }
    return { do: 'fail', note: `Azure refused: ${operation.error?.message ?? 'no reason given'}` };
  }
  if (operation?.status === 'succeeded') {
    return reached
      ? { do: 'done', note: sentence(plan) }
      : { do: 'wait', percent: 95, note: 'Azure says done; waiting until the endpoint shows it' };
  }
  if (operation) {
    const percent = Math.max(row.percent, Math.min(95, operation.percent ?? row.percent));
    const note = makesDeployment(plan) ? 'Azure is making the deployment' : 'Azure is moving the traffic';
    return { do: 'wait', percent, note };
  }
  if (reached) return { do: 'done', note: sentence(plan) };
  if (now.updating) return { do: 'wait', percent: row.percent, note: 'The endpoint is being updated' };
  if (now.impossible) return { do: 'fail', note: now.impossible };
  return { do: 'start', note: 'Azure has the order' };
}

const sentence = (plan: ChangePlan): string => `${plan.what}, as planned.`;

/** Deployments without traffic may be listed with 0 or left out. */
export const sameTraffic = (a: Traffic, b: Traffic): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
