import type { Traffic } from '../fleet/index.ts';
import type { PromotePlan } from './plan.ts';

export interface ApprovedBefore {
  rollout: string;
  request: string;
  deployment: string;
  /** `name:version` */
  model: string;
}

/** A promotion that went all the way, the newest first. */
export interface Done {
  id: string;
  request: string;
  plan: PromotePlan;
}

/**
 * What an endpoint may go back to without new votes: the newest version that was approved and served, that does not serve
 * everything now, and whose deployment still stands with that version.
 */
export function approvedBefore(
  done: readonly Done[],
  now: { traffic: Traffic; deployments: readonly { name: string; model?: string }[] },
): ApprovedBefore | undefined {
  for (const { id, request, plan } of done) {
    const model = `${plan.model.name}:${plan.model.version}`;
    const stands = now.deployments.some(({ name, model: serves }) => name === plan.deployment && serves === model);
    if (stands && (now.traffic[plan.deployment] ?? 0) < 100)
      return { rollout: id, request, deployment: plan.deployment, model };
  }
  return undefined;
}
