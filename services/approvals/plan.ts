import { digestOf } from '../core/canonical.ts';
import { Refused } from '../core/errors.ts';
import { DEFAULT_GUARDS, type Guards, type RiskClass } from '../core/organisation.approvals.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Traffic, TrafficPlan } from '../fleet/index.ts';

/**
 * What a request asks for, and what is carried out when it is approved: a union by `kind`. The votes are cast on the
 * plan's digest, so a plan is plain JSON without anything that changes by itself (no times, no state).
 */
export type Plan = MovePlan | PromotePlan | CostPlan;

/** Traffic goes from one set of shares to another in one step: the rollback. */
export interface MovePlan extends TrafficPlan {
  kind: 'traffic';
  endpoint: string;
}

/** Money: a budget that is raised, machines that are given back. What `change` holds is the cost domain's to carry out. */
export interface CostPlan {
  kind: 'cost';
  /** '' when no endpoint is concerned. */
  endpoint: string;
  /** "Fraud, monthly from €2,400 to €3,000" */
  what: string;
  change: Readonly<Record<string, string | number>>;
}

/** A model version takes over an endpoint in steps: first a copy of the traffic, then growing parts of the real one. */
export interface PromotePlan {
  kind: 'promote';
  endpoint: string;
  workspace: string;
  model: { name: string; version: string };
  /** Hash of the model's files, or of what names them when Azure keeps no hash; with how it was found. */
  artifact: { sha256: string; of: 'files' | 'registration' };
  /** The deployment that serves the version; made by the rollout when Azure has none of this name. */
  deployment: string;
  /** Live traffic in percent when the plan was made; the way back. */
  from: Traffic;
  steps: readonly RolloutStep[];
  guards: Guards;
  /** "fraud-detector:8 to ep-fraud: 20 % mirrored for 24 h, then 10 %, 50 %, 100 %" */
  what: string;
}

/** `mirror`: this share is copied and its answers are thrown away. `live`: this share is answered by the new version. */
export interface RolloutStep {
  kind: 'mirror' | 'live';
  /** Whole percent. */
  percent: number;
  /** How long the step is looked at before the next one; 0 for the last one. */
  minutes: number;
}

/** Handed over in the transaction of the deciding vote. */
export interface ApprovedChange {
  endpoint: string;
  plan: Plan;
  request: string;
  /** Who asked for it. */
  requester: string;
  incident?: string;
}

/** Azure: how-to-safely-rollout-online-endpoints. */
export const MIRROR_MOST = 50;
/** By the risk class of the endpoint, as wardroom.yaml says under promotions. */
export const guardsOf = ({ promotions }: Pick<Organisation, 'promotions'>, riskClass: RiskClass): Guards =>
  promotions.find(({ id }) => id === riskClass)?.guards ?? DEFAULT_GUARDS;
export const DEFAULT_STEPS: readonly RolloutStep[] = [
  { kind: 'mirror', percent: 20, minutes: 24 * 60 },
  { kind: 'live', percent: 10, minutes: 4 * 60 },
  { kind: 'live', percent: 50, minutes: 4 * 60 },
  { kind: 'live', percent: 100, minutes: 0 },
];

/** An approval lives this long, too. */
const STEP_MOST_MINUTES = 30 * 24 * 60;

/** Of the plan alone; what is voted on also covers the evidence and the policy (subject.rules.ts). */
export const planDigest = (plan: Plan): string => digestOf(plan);

/** Requests that were opened before plans had kinds hold a move of traffic. */
export const readPlan = (stored: object): Plan =>
  ('kind' in stored ? stored : { kind: 'traffic', ...stored }) as unknown as Plan;

/** What the fleet carries out. */
export const movePlan = ({ workspace, traffic, from, what }: MovePlan): TrafficPlan => ({
  workspace,
  traffic,
  from,
  what,
});

/**
 * Why these steps cannot be carried out, the first reason; `undefined` when they can. `kubernetes`: of the target; `live`: the
 * part of the traffic that the version has already.
 */
export function stepsFault(
  steps: readonly RolloutStep[],
  target: { kubernetes: boolean; live?: { deployment: string; percent: number } },
): Refused | undefined {
  if (steps.length === 0) return new Refused('The plan has no step.', 'Write one such as “10 for 4h, 50 for 4h, 100”.');
  let live = 0;
  const now = target.live;
  for (const [index, { kind, percent, minutes }] of steps.entries()) {
    const where = `Step ${index + 1}`;
    if (!Number.isInteger(percent) || percent < 1 || percent > 100)
      return new Refused(`${where} asks for ${percent} %.`, 'A share is a whole number from 1 to 100.');
    if (!Number.isInteger(minutes) || minutes < 0)
      return new Refused(`${where} lasts ${minutes} minutes.`, 'Write a duration such as 4h.');
    if (minutes > STEP_MOST_MINUTES)
      return new Refused(`${where} lasts longer than 30 days.`, 'What is not decided by then is a plan of its own.');
    if (kind === 'mirror') {
      if (target.kubernetes)
        return new Refused(
          'Azure mirrors no traffic of a Kubernetes endpoint.',
          'Leave the mirror step out and begin with a small live share, such as 5 for 4h.',
        );
      if (now)
        return new Refused(
          `${now.deployment} has ${now.percent} % of the live traffic already, so Azure mirrors nothing to it.`,
          `Leave the mirror step out and begin with ${now.percent} for 4h.`,
        );
      if (percent > MIRROR_MOST)
        return new Refused(
          `${where} mirrors ${percent} %: Azure mirrors at most ${MIRROR_MOST} %.`,
          `Write mirror ${MIRROR_MOST}.`,
        );
      if (live > 0)
        return new Refused(
          `${where} mirrors to a deployment that is live already.`,
          'A deployment is either mirrored or live: put the mirror step first.',
        );
      continue;
    }
    if (percent <= live)
      return new Refused(
        `${where} is ${percent} % after ${live} %.`,
        'Each live share must be larger than the one before.',
      );
    if (now && percent < now.percent)
      return new Refused(
        `${where} is ${percent} %, and ${now.deployment} has ${now.percent} % already.`,
        `Begin at ${now.percent} or above.`,
      );
    live = percent;
  }
  if (live !== 100)
    return new Refused(
      `The plan ends at ${live} %.`,
      'The last step must be 100: the shares of an endpoint add up to 100.',
    );
  return undefined;
}
