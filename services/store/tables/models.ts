import type { ColumnType, Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** What is known and done about models. */
export interface ModelsTables {
  drift_windows: DriftWindowsTable;
  drift_memory: DriftMemoryTable;
  drift_limits: DriftLimitsTable;
  drift_watches: DriftWatchesTable;
  model_checks: ModelChecksTable;
  orders: OrdersTable;
  failed_runs: FailedRunsTable;
  training_runs: TrainingRunsTable;
  retraining_state: RetrainingStateTable;
  concerns: ConcernsTable;
  concern_notes: ConcernNotesTable;
  misuse_cases: MisuseCasesTable;
}

type Count = ColumnType<number | null, number | null | undefined, number | null>;

/** One judged number of one window; `source` is a monitor's name, or `collected`. */
interface DriftWindowsTable {
  endpoint: string;
  source: string;
  feature: string;
  metric: string;
  at: InstantColumn;
  value: Count;
  n_ref: Count;
  n_cur: Count;
  bins: Count;
  null95: Count;
  p: Count;
  floor: Count;
  state: 'ok' | 'watch' | 'alarm' | 'unknown';
  because: string;
  /** By the rule of the tool that computed it. */
  breached: boolean;
}

interface DriftMemoryTable {
  endpoint: string;
  source: string;
  feature: string;
  metric: string;
  memory: Json<object>;
}

/** Limits set in chat; the latest that was not undone is in force, else wardroom.yaml's. */
interface DriftLimitsTable {
  id: Generated<number>;
  endpoint: string;
  feature: string;
  value: number;
  why: string | null;
  set_by: string;
  set_at: InstantColumn;
  undone_by: string | null;
  undone_at: NullableInstant;
}

/** Endpoints whose collected data is looked at by itself. A timer of an older generation is void. */
interface DriftWatchesTable {
  endpoint: string;
  every_minutes: number;
  baseline: string;
  generation: number;
  set_by: string;
  set_at: InstantColumn;
  next_at: InstantColumn;
}

/** A computation over collected data, with its progress. */
interface ModelChecksTable {
  id: string;
  kind: 'drift' | 'labels';
  endpoint: string;
  asked_by: string;
  asked: Json<object>;
  state: 'waiting' | 'running' | 'done' | 'failed';
  percent: Generated<number>;
  note: string;
  result: NullableJson<object>;
  conversation: string | null;
  created_at: InstantColumn;
  finished_at: NullableInstant;
}

/** Something to be done in Azure, recorded in the transaction that decided it and carried out after. */
interface OrdersTable {
  id: string;
  kind: string;
  what: string;
  endpoint: string | null;
  workspace: string;
  payload: Json<object>;
  asked_by: string;
  why: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  percent: Generated<number>;
  note: string;
  operation: string | null;
  attempts: Generated<number>;
  created_at: InstantColumn;
  finished_at: NullableInstant;
  conversation: string | null;
}

interface FailedRunsTable {
  workspace: string;
  run: string;
  experiment: string;
  endpoint: string | null;
  cause: string;
  said: string;
  excerpt: string;
  ended_at: InstantColumn;
  /** The training run that tried again. */
  retried_as: string | null;
}

/** A job that Wardroom submitted and follows. */
interface TrainingRunsTable {
  id: string;
  kind: 'retry' | 'retrain';
  rule: string | null;
  workspace: string;
  endpoint: string | null;
  model: string | null;
  source: string;
  job: string;
  asked_by: string;
  why: string;
  state: 'submitting' | 'running' | 'registering' | 'done' | 'failed';
  note: string;
  version: string | null;
  request: string | null;
  estimate: string | null;
  currency: string | null;
  attempts: Generated<number>;
  created_at: InstantColumn;
  finished_at: NullableInstant;
  conversation: string | null;
}

interface RetrainingStateTable {
  rule: string;
  paused: boolean;
  paused_by: string | null;
  paused_why: string | null;
  generation: number;
  next_at: NullableInstant;
}

/** `raised_by` is null when it was raised anonymously: nobody knows, and nothing here leads to who it was. */
interface ConcernsTable {
  id: string;
  about: string;
  endpoint: string | null;
  text: string;
  raised_by: string | null;
  state: 'open' | 'answered' | 'closed';
  channel: string;
  raised_at: InstantColumn;
  answered_at: NullableInstant;
  closed_at: NullableInstant;
  /** The use case whose path of escalation hears it. */
  use_case: ColumnType<string | null, string | null | undefined, string | null>;
}

interface ConcernNotesTable {
  id: Generated<number>;
  concern: string;
  at: InstantColumn;
  by: string | null;
  what: 'raised' | 'answered' | 'closed' | 'contained';
  text: string;
}

interface MisuseCasesTable {
  id: string;
  endpoint: string;
  concern: string | null;
  incident: string | null;
  state: 'containing' | 'assessing' | 'board' | 'lessons' | 'closed';
  why: string;
  opened_by: string;
  confirmed_by: string;
  opened_at: InstantColumn;
  /** Traffic before it was contained. */
  before: Json<object>;
  change: string | null;
  checklist: Json<object>;
  decision: string | null;
  decided_by: string | null;
  lessons: string | null;
  closed_by: string | null;
  closed_at: NullableInstant;
  channel: string;
}
