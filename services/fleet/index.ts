import { type ChangesDeps, changes } from './changes.ts';
import type { Estate } from './estate.ts';

export type {
  ChangePlan,
  ChangeRow,
  DeploymentPlan,
  DeploymentSeen,
  NewChange,
  Traffic,
  TrafficPlan,
  TrafficState,
} from './changes.rules.ts';
export { isUnknown, makesDeployment, sameTraffic } from './changes.rules.ts';
export type { EndpointLook, Estate } from './estate.ts';

/** Endpoints and what is done to them. */
export function fleet(deps: ChangesDeps) {
  const estate: Estate = deps.estate;
  return { ...changes(deps), look: estate.look, seen: estate.deployment };
}

export type Fleet = ReturnType<typeof fleet>;
