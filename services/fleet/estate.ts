import type { DeploymentPlan, DeploymentSeen, Operation, Traffic, TrafficState } from './changes.rules.ts';

/** What the fleet needs of Azure; workspaces and endpoints by the names of the organisation file. bot/app.ts wires it. */
export interface Estate {
  /** Fresh, never an old answer; `undefined` when there is no such endpoint. */
  traffic(workspace: string, endpoint: string): Promise<TrafficState | undefined>;
  startTraffic(
    workspace: string,
    endpoint: string,
    plan: { traffic: Traffic; mirror?: Traffic },
  ): Promise<{ operationUrl: string }>;
  /** Fresh; `undefined` while there is no deployment of this name. */
  deployment(workspace: string, endpoint: string, name: string): Promise<DeploymentSeen | undefined>;
  startDeployment(endpoint: string, plan: DeploymentPlan): Promise<{ operationUrl: string }>;
  /** Has a new deployment scaled as the one it is made after. Repeating it changes nothing. */
  scaleAlike(endpoint: string, plan: DeploymentPlan): Promise<void>;
  poll(operationUrl: string): Promise<Operation & { retryAfterSeconds?: number | undefined }>;
  /** For people to look at: may be an old answer, which then says its age. */
  look(workspace: string, endpoint: string): Promise<EndpointLook | undefined>;
}

export interface EndpointLook {
  traffic: Traffic;
  mirror: Traffic;
  kubernetes: boolean;
  provisioningState: string;
  deployments: readonly { name: string; model?: string; state: string; createdAt?: string }[];
  latencyP95Ms?: number;
  errorPercent?: number;
  requestsPerMinute?: number;
  asOf: string;
  stale: boolean;
}
