import { emergencies } from './emergency.ts';
import { type ApprovalsDeps, requests } from './requests.ts';

export type { EmergencyDecision } from './emergency.ts';
export type { ApprovedChange, Guards, MovePlan, Plan, PromotePlan, RolloutStep } from './plan.ts';
export { DEFAULT_GUARDS, DEFAULT_STEPS, MIRROR_MOST, movePlan, planDigest, readPlan, stepsFault } from './plan.ts';
export type { ApprovalsDeps, Proposal, RequestRow } from './requests.ts';
export { cardOf, stateWord } from './requests.ts';
export type { Ballot, Choice, Decision } from './votes.rules.ts';

/** Requests for approval, and what two people may do without one. */
export const approvals = (deps: ApprovalsDeps) => ({ ...requests(deps), ...emergencies(deps) });

export type Approvals = ReturnType<typeof approvals>;
