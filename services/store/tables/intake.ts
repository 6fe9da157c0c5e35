import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Use cases and what people said about them. */
export interface IntakeTables {
  use_cases: UseCasesTable;
  use_case_questions: UseCaseQuestionsTable;
  use_case_signatures: UseCaseSignaturesTable;
  use_case_links: UseCaseLinksTable;
  use_case_results: UseCaseResultsTable;
  readiness: ReadinessTable;
  readiness_gaps: ReadinessGapsTable;
  pilot_ballots: PilotBallotsTable;
  pilot_votes: PilotVotesTable;
  use_case_paths: UseCasePathsTable;
}

export interface StoredAnswer {
  /** As typed; people by their id. */
  value: string;
  by: string;
  at: string;
}

export interface UseCasesTable {
  id: string;
  title: string;
  state: 'idea' | 'signed' | 'pilot' | 'live' | 'stopped' | 'withdrawn';
  answers: Json<Record<string, StoredAnswer>>;
  /** Counts the changes of the answers and of the risk: what was signed is one of these. */
  revision: number;
  /** Answers of the risk form, who gave them, and the class that followed. */
  risk: NullableJson<object>;
  created_by: string;
  created_at: InstantColumn;
  updated_at: InstantColumn;
  signoff_asked_at: NullableInstant;
  business_case: NullableJson<object>;
  pilot: NullableJson<object>;
}

/** A section that somebody was asked to answer. */
export interface UseCaseQuestionsTable {
  id: Generated<number>;
  use_case: string;
  section: string;
  asked: string;
  /** Everybody who had it, the first asker first. */
  chain: Json<string[]>;
  state: 'open' | 'answered' | 'passed' | 'cancelled';
  nudges: number;
  created_at: InstantColumn;
  decided_at: NullableInstant;
}

export interface UseCaseSignaturesTable {
  id: Generated<number>;
  use_case: string;
  stakeholder: string;
  person: string;
  verdict: 'signed' | 'objected';
  reason: string | null;
  revision: number;
  at: InstantColumn;
  answer: NullableJson<{ person: string; text: string; at: string }>;
}

/** To a KPI, a model, an endpoint; `detail` is what the link says (expected change). */
export interface UseCaseLinksTable {
  use_case: string;
  kind: 'kpi' | 'model' | 'endpoint';
  target: string;
  detail: Json<Record<string, string>>;
  person: string;
  at: InstantColumn;
}

/** What a pilot measured; the last of a criterion counts. */
export interface UseCaseResultsTable {
  id: Generated<number>;
  use_case: string;
  criterion: string;
  measured: Json<{ value: number; sample: number; interval?: { low: number; high: number }; takenAt?: string }>;
  source: string;
  person: string;
  at: InstantColumn;
}

export interface ReadinessTable {
  id: Generated<number>;
  department: string;
  answers: Json<Record<string, number>>;
  person: string;
  at: InstantColumn;
}

/** Who closes a gap: the last to whom it was given. */
export interface ReadinessGapsTable {
  department: string;
  statement: string;
  person: string;
  given_by: string;
  at: InstantColumn;
}

/** One vote on what follows from a pilot; the policy and the voters are those of its opening. */
export interface PilotBallotsTable {
  id: Generated<number>;
  use_case: string;
  state: 'open' | 'decided' | 'undecided';
  policy: Json<object>;
  eligible: Json<{ person: string; roles: readonly string[] }[]>;
  excluded: Json<{ person: string; why: string }[]>;
  opened_by: string;
  opened_at: InstantColumn;
  deadline: InstantColumn;
  decided_at: NullableInstant;
  outcome: NullableJson<{ course?: string; until?: string; reason: string }>;
}

export interface PilotVotesTable {
  id: Generated<number>;
  ballot: number;
  voter: string;
  choice: 'go' | 'stop' | 'extend' | 'abstain';
  reason: string;
  until: NullableInstant;
  at: InstantColumn;
}

/** Who is called when what carries the use case degrades, and when somebody has an ethical concern. */
export interface UseCasePathsTable {
  use_case: string;
  kind: 'performance' | 'ethics';
  path: Json<{ people: string[]; minutes: number; fallback?: string; channel?: string }>;
  person: string;
  at: InstantColumn;
}
