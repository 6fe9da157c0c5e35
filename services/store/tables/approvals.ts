import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Requests, votes and the changes they allow. */
export interface ApprovalsTables {
  requests: RequestsTable;
  votes: VotesTable;
  changes: ChangesTable;
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
  state: 'voting' | 'approved' | 'rejected' | 'expired' | 'withdrawn' | 'executing' | 'done' | 'failed';
  decided_at: NullableInstant;
  decision: NullableJson<object>;
  change: string | null;
  created_at: InstantColumn;
  deadline: InstantColumn;
  channel: string;
}

/** Every vote ever cast; the last of a person counts. */
interface VotesTable {
  id: Generated<string>;
  request: string;
  voter: string;
  choice: 'approve' | 'reject' | 'abstain';
  reason: string | null;
  at: InstantColumn;
  turn: string;
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
}
