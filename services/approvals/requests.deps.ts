import type { Audit } from '../core/audit.ts';
import type { BusinessHours } from '../core/business-hours.rules.ts';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Jobs } from '../core/jobs.ts';
import type { ApprovalPolicy, Endpoint, Organisation } from '../core/organisation.ts';
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
  ids: Ids;
  organisation: Organisation;
  people: Roster;
  /** Carries out what was approved, in the transaction of the deciding vote; nothing when somebody has to start it. */
  startChange: (tx: Tx, change: ApprovedChange) => Promise<string | undefined>;
  /** Azure and the code hosts, for what a promotion rests on. */
  sources: Sources;
  /** What intake found out about the risk of what an endpoint does; wardroom.yaml alone counts without it. */
  assessed?: (reader: Db | Tx, endpoint: string) => Promise<Assessed | undefined>;
  /** An incident's card shows its request. */
  refreshIncident: (tx: Tx, incident: string) => Promise<void>;
}

/** The risk of a use case that an endpoint carries. */
export interface Assessed {
  useCase: string;
  riskClass: Endpoint['business']['riskClass'];
  /** Nothing of it may be approved. */
  prohibited: boolean;
  /** How people oversee it, in words, when the class asks for it. */
  oversight?: string;
}

const WORSE: readonly Endpoint['business']['riskClass'][] = ['minimal', 'limited', 'high'];

/** The worse of what wardroom.yaml says and what was assessed: an assessment never makes the gate lower. */
export function asAssessed(business: Endpoint['business'], assessed: Assessed | undefined): Endpoint['business'] {
  if (!assessed || WORSE.indexOf(assessed.riskClass) <= WORSE.indexOf(business.riskClass)) return business;
  const oversight = business.oversight ?? assessed.oversight;
  return { ...business, riskClass: assessed.riskClass, ...(oversight ? { oversight } : {}) };
}

export const cardOf = (request: string): string => `request:${request}`;

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
