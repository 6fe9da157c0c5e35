export type { ApprovalsDeps, Proposal, RequestRow, Requests as Approvals } from './requests.ts';
export { cardOf, requests as approvals, stateWord } from './requests.ts';
export type { Choice, Decision } from './votes.rules.ts';
