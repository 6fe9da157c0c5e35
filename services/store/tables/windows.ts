import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** When changes may run, which are planned, what pipelines asked about them, and what others were sent. */
export interface WindowsTables {
  windows: WindowsTable;
  planned_changes: PlannedChangesTable;
  planned_votes: PlannedVotesTable;
  gate_checks: GateChecksTable;
  gate_seen: { nonce: string; at: InstantColumn };
  automation_deliveries: AutomationDeliveriesTable;
}

/** An entry of the calendar that was made in chat. It is ended, never deleted: why a change did not run stays known. */
interface WindowsTable {
  id: string;
  kind: string;
  /** A WindowSpec without its id. */
  spec: Json<object>;
  reason: string | null;
  /** Entries that came together, from one .ics. */
  batch: string | null;
  source: 'chat' | 'import' | 'budget';
  created_by: string;
  created_at: InstantColumn;
  ended_at: NullableInstant;
  ended_by: string | null;
}

export type ChangeState =
  | 'voting'
  | 'approved'
  | 'waiting'
  | 'running'
  | 'held'
  | 'done'
  | 'aborted'
  | 'rejected'
  | 'expired'
  | 'withdrawn';

interface PlannedChangesTable {
  id: string;
  class: 'standard' | 'normal' | 'emergency';
  state: ChangeState;
  title: string;
  targets: Json<string[]>;
  /** Plan, way back, checks, risk, what it costs. */
  body: Json<object>;
  requester: string;
  assignee: string;
  starts_at: InstantColumn;
  ends_at: InstantColumn;
  need_minutes: number;
  revision: number;
  /** Votes count for a revision; an edit makes another one. */
  approved_revision: number | null;
  policy: NullableJson<object>;
  eligible: Json<object>;
  deadline: NullableInstant;
  conflicts: Json<object>;
  glass: NullableJson<object>;
  checklist: Json<object>;
  /** The pipeline run it started. */
  run: NullableJson<object>;
  /** Cores and money it takes, as Azure said when it was looked at. */
  need: NullableJson<object>;
  /** Ids of the silences that are bound to it while it runs. */
  hush: NullableJson<object>;
  /** Traffic of its endpoints when it began, to take it back to. */
  before: NullableJson<object>;
  /** Steps of the traffic while it runs, with what was measured at each (steps.rules.ts). */
  steps: NullableJson<object>;
  /** It started by itself when the calendar opened. */
  own_start: Generated<boolean>;
  /** When the votes of this revision began. */
  voting_at: NullableInstant;
  channel: string;
  created_at: InstantColumn;
  decided_at: NullableInstant;
  started_at: NullableInstant;
  finished_at: NullableInstant;
  outcome: string | null;
  note: string | null;
}

interface PlannedVotesTable {
  id: Generated<string>;
  change: string;
  revision: number;
  voter: string;
  choice: 'approve' | 'reject' | 'abstain';
  reason: string | null;
  at: InstantColumn;
  turn: string;
}

/** A pipeline that waits for an answer by callback. */
interface GateChecksTable {
  id: string;
  source: 'github' | 'azure-devops';
  endpoint: string;
  callback: Json<object>;
  change: string | null;
  state: 'waiting' | 'answered' | 'undeliverable' | 'expired';
  attempts: number;
  answer: NullableJson<object>;
  last_error: string | null;
  created_at: InstantColumn;
  expires_at: InstantColumn;
  decided_at: NullableInstant;
}

interface AutomationDeliveriesTable {
  id: Generated<number>;
  automation: string;
  event: string;
  /** Of the record. */
  seq: number;
  body: Json<object>;
  state: 'open' | 'sent' | 'dead';
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  created_at: InstantColumn;
  sent_at: NullableInstant;
  replay_of: number | null;
}
