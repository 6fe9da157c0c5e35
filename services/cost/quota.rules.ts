/** Quotas of Azure Machine Learning (how-to-manage-quotas). */

export interface QuotaLevel {
  level: 'ok' | 'warn' | 'crit' | 'blocked';
  free: number;
  usedPercent: number | undefined;
}

/** How close to its limit a quota is. Without any quota nothing can start: blocked, not "0 of 0 used". */
export function quotaLevel(of: {
  limit: number;
  used: number;
  warnPercent?: number;
  criticalPercent?: number;
}): QuotaLevel {
  const { limit, used, warnPercent = 80, criticalPercent = 95 } = of;
  const free = Math.max(0, limit - used);
  if (limit <= 0) return { level: 'blocked', free: 0, usedPercent: undefined };
  const usedPercent = (used * 100) / limit;
  return {
    level: usedPercent >= criticalPercent ? 'crit' : usedPercent >= warnPercent ? 'warn' : 'ok',
    free,
    usedPercent,
  };
}

/** A workspace's share of a family cannot be more than its subscription has. */
export const isWorkspaceQuota = (workspace: number, subscription: number): boolean =>
  Number.isInteger(workspace) && workspace >= 0 && workspace <= subscription;

/** Cores that are left. A stopped compute instance keeps its cores: only deleting it gives them back. */
export function coresAllowed(of: {
  limitCores: number;
  runningCores?: number;
  stoppedInstanceCores?: number;
  wantCores: number;
}): { allowed: boolean; freeCores: number } {
  const freeCores = Math.max(0, of.limitCores - (of.runningCores ?? 0) - (of.stoppedInstanceCores ?? 0));
  return { allowed: of.wantCores <= freeCores, freeCores };
}

/** Clusters, compute instances and managed online deployments share one limit per region. */
export function computeCount(of: { limit?: number; clusters: number; computeInstances: number; deployments: number }): {
  used: number;
  free: number;
} {
  const used = of.clusters + of.computeInstances + of.deployments;
  return { used, free: Math.max(0, (of.limit ?? 500) - used) };
}

export const MOST_ENDPOINTS = 50;
export const MOST_DEPLOYMENTS_PER_ENDPOINT = 20;

/** Whether one more endpoint in the workspace, or one more deployment of an endpoint, is allowed. */
export const endpointRoom = (of: {
  endpoints: number;
  deploymentsOnEndpoint: number;
  mostEndpoints?: number;
  mostDeployments?: number;
}): { canAddEndpoint: boolean; canAddDeployment: boolean } => ({
  canAddEndpoint: of.endpoints < (of.mostEndpoints ?? MOST_ENDPOINTS),
  canAddDeployment: of.deploymentsOnEndpoint < (of.mostDeployments ?? MOST_DEPLOYMENTS_PER_ENDPOINT),
});
