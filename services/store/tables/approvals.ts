import type { ColumnType, Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Requests, votes and the changes they allow. */
export interface ApprovalsTables {
  requests: RequestsTable;
  votes: VotesTable;
  changes: ChangesTable;
  request_revisions: RevisionsTable;
  evidence: EvidenceTable;
  conditions: ConditionsTable;
  delegations: DelegationsTable;
  model_cards: ModelCardsTable;
  board_meetings: BoardMeetingsTable;
}

interface RequestsTable {
  id: string;
  kind: string;
  title: string;
  reason: string;
  requester: string;
  incident: string | null;
  /** What will be done when it is approved, and its digest (SHA-256 of the canonical form). */
  plan: Json<object>;
  digest: string;
  /** The policy and the eligible voters, as they were when the request opened. */
  policy: Json<object>;
  eligible: Json<object>;
  state: RequestState;
  decided_at: NullableInstant;
  decision: NullableJson<object>;
  change: string | null;
  created_at: InstantColumn;
  deadline: InstantColumn;
  channel: string;
  endpoint: string | null;
  /** "fraud-detector:8" */
  model: string | null;
  /** What the digest of a promotion is made of: plan, evidence, policy. */
  subject: NullableJson<object>;
  revision: Generated<number>;
  /** Stages of a staged vote: the present one's number, those to come, those that are over. */
  stage: Generated<number>;
  later: GeneratedJson<object[]>;
  past: GeneratedJson<object[]>;
  /** Who cannot vote, with the reason; grows while the vote is open. */
  excluded: GeneratedJson<{ person: string; why: string; of?: 'stage' }[]>;
  /** When the present vote opened; created_at for what is voted on at once. */
  voting_at: NullableInstant;
  /** An approval that is not carried out by then is void. */
  expires_at: NullableInstant;
}

export type RequestState =
  | 'draft'
  | 'evidence'
  | 'voting'
  | 'approved'
  /** Approved, and conditions are open. */
  | 'conditional'
  | 'rejected'
  | 'expired'
  | 'withdrawn'
  | 'executing'
  | 'done'
  | 'failed'
  | 'deployed'
  | 'rolled-back'
  | 'superseded';

type GeneratedJson<T> = ColumnType<T, string | undefined, string>;

/** Every vote ever cast; the last of a person counts. */
interface VotesTable {
  id: Generated<string>;
  request: string;
  voter: string;
  choice: 'approve' | 'reject' | 'abstain';
  reason: string | null;
  at: InstantColumn;
  turn: string;
  /** Digest of what was voted on. */
  revision: string | null;
  /** Of a secret ballot: what the seal in the record was made with. */
  nonce: ColumnType<string | null, string | null | undefined, never>;
  /** Of a secret ballot: its close has told what was voted. */
  read_out: Generated<boolean>;
  /** Of a signed vote: that its voter signed in once more to say it (services/core/proof.ts). */
  proof: ColumnType<object | null, string | null | undefined, never>;
  stage: Generated<number>;
}

interface RevisionsTable {
  request: string;
  revision: number;
  digest: string;
  subject: Json<object>;
  /** In words. */
  changes: Json<string[]>;
  by: string;
  at: InstantColumn;
}

/** Every finding that was ever made; the last of a kind counts. */
export interface EvidenceTable {
  id: Generated<string>;
  request: string;
  kind: string;
  state: 'present' | 'missing' | 'failed';
  digest: string;
  summary: string;
  source: string;
  body: Json<object>;
  /** What the digest covers, when that is not the body. */
  binding: NullableJson<object>;
  by: string;
  as_of: InstantColumn;
  checked_at: InstantColumn;
}

export interface ConditionsTable {
  request: string;
  number: number;
  what: string;
  owner: string;
  due: InstantColumn;
  state: 'open' | 'met' | 'dropped';
  set_by: string;
  set_at: InstantColumn;
  proof: string | null;
  met_by: string | null;
  met_at: NullableInstant;
}

export interface DelegationsTable {
  id: Generated<string>;
  person: string;
  delegate: string;
  since: InstantColumn;
  until: InstantColumn;
  reason: string | null;
  created_at: InstantColumn;
}

export interface ModelCardsTable {
  model: string;
  version: number;
  body: Json<object>;
  digest: string;
  author: string;
  at: InstantColumn;
}

export interface BoardMeetingsTable {
  id: string;
  board: string;
  opened_at: InstantColumn;
  opened_by: string;
  closed_at: NullableInstant;
  present: Json<string[]>;
  notes: Json<{ request: string | null; text: string; by: string; at: string }[]>;
}

/** One change of the estate, carried out step by step; every step can be repeated after a crash. */
interface ChangesTable {
  id: string;
  request: string | null;
  incident: string | null;
  endpoint: string;
  kind: string;
  plan: Json<object>;
  state: 'waiting' | 'starting' | 'running' | 'verifying' | 'succeeded' | 'failed';
  operation_url: string | null;
  percent: number;
  note: string | null;
  created_at: InstantColumn;
  started_at: NullableInstant;
  finished_at: NullableInstant;
  attempts: Generated<number>;
  /** The rollout it is a step of. */
  rollout: string | null;
  /** An order of it was never answered: until then Azure may still take it. */
  doubt_until: NullableInstant;
}
