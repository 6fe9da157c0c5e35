import type { Audit } from '../core/audit.ts';
import type { BusinessHours } from '../core/business-hours.rules.ts';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { ApprovalPolicy, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import type { Db, Tx } from '../store/store.ts';
import type { ApprovedChange } from './plan.ts';
import type { RequestRow } from './requests.store.ts';
import type { Sources } from './sources.ts';

export interface ApprovalsDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
  /** Carries out what was approved, in the transaction of the deciding vote; nothing when somebody has to start it. */
  startChange: (tx: Tx, change: ApprovedChange) => Promise<string | undefined>;
  /** Azure and the code hosts, for what a promotion rests on. */
  sources: Sources;
  /** An incident's card shows its request. */
  refreshIncident: (tx: Tx, incident: string) => Promise<void>;
}

export const cardOf = (request: string): string => `request:${request}`;
export const reminderCardOf = (request: string, count: number): string => `request:${request}:reminder:${count}`;

/** Where the owners of an endpoint talk. */
export function channelOf(organisation: Organisation, owner: string): string {
  const team = organisation.teams.find(({ id }) => id === owner);
  return `channel:${team?.channel ?? organisation.fallbackChannel}`;
}

export const hoursOf = (organisation: Organisation, policy: Pick<ApprovalPolicy, 'hours'>): BusinessHours | undefined =>
  organisation.businessHours.find(({ id }) => id === policy.hours);

/** The policies of all stages, in order. */
export function policyChain(organisation: Organisation, first: ApprovalPolicy): ApprovalPolicy[] {
  const chain = [first];
  for (let next = first.nextStage; next !== undefined; next = chain.at(-1)?.nextStage) {
    const policy = organisation.approvalPolicies.find(({ id }) => id === next);
    if (!policy || chain.includes(policy)) break;
    chain.push(policy);
  }
  return chain;
}

const STATE_WORDS: Record<RequestRow['state'], string> = {
  draft: 'a draft',
  evidence: 'waiting for evidence',
  voting: 'open',
  approved: 'approved',
  conditional: 'approved with conditions',
  rejected: 'rejected',
  expired: 'expired',
  withdrawn: 'withdrawn',
  executing: 'approved and under way',
  done: 'approved and done',
  failed: 'approved, but its change failed',
  deployed: 'approved and deployed',
  'rolled-back': 'approved, deployed and rolled back',
  superseded: 'superseded',
};
/** An emergency was never approved, so its words do not say so. */
export const stateWord = ({ state, kind }: Pick<RequestRow, 'state' | 'kind'>): string =>
  kind === 'emergency' ? STATE_WORDS[state].replace(/^approved(,? and|, but) /, '') : STATE_WORDS[state];
