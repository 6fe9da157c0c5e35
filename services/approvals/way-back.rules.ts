import type { Traffic } from '../fleet/index.ts';
import type { PromotePlan } from './plan.ts';
import { currentOf } from './rollout.rules.ts';

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

/**
 * What served before the promotion that serves now, when it still stands: nobody approved it here, so it is voted on or taken by
 * an emergency.
 */
export function servedBefore(
  done: readonly Done[],
  now: { traffic: Traffic; deployments: readonly { name: string; model?: string }[] },
): { deployment: string; model?: string } | undefined {
  const serving = done.find(({ plan }) => (now.traffic[plan.deployment] ?? 0) > 0);
  const found = serving && now.deployments.find(({ name }) => name === currentOf(serving.plan));
  return found && { deployment: found.name, ...(found.model ? { model: found.model } : {}) };
}
