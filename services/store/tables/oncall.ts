import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Who is on call, other than planned. */
export interface OncallTables {
  oncall_overrides: OncallOverridesTable;
  oncall_swaps: OncallSwapsTable;
  oncall_watch: OncallWatchTable;
  oncall_plans: OncallPlansTable;
  policy_calls: PolicyCallsTable;
}

/** For a while, other than planned; as in wardroom.yaml, but made in chat. Never deleted: who was on call stays known. */
interface OncallOverridesTable {
  id: Generated<number>;
  schedule: string;
  person: string | null;
  instead_of: string | null;
  alongside: boolean;
  starts_at: InstantColumn;
  ends_at: InstantColumn;
  reason: string | null;
  created_by: string;
  created_at: InstantColumn;
  removed_at: NullableInstant;
  removed_by: string | null;
  /** The swap it came from. */
  swap: number | null;
}

/** The asker gives one shift and takes another one of the person asked. */
interface OncallSwapsTable {
  id: Generated<number>;
  schedule: string;
  asker: string;
  asked: string;
  gives_from: InstantColumn;
  gives_to: InstantColumn;
  takes_from: InstantColumn;
  takes_to: InstantColumn;
  state: 'asked' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
  created_at: InstantColumn;
  expires_at: InstantColumn;
  decided_at: NullableInstant;
}

/** Who was on call when it was last looked at. A timer of an older generation is void. */
interface OncallWatchTable {
  schedule: string;
  people: Json<string[]>;
  generation: number;
}

/** The rotations of a schedule as somebody made them in chat; the latest that was not undone is in force, over the file. */
interface OncallPlansTable {
  n: Generated<number>;
  /** ROT-101 */
  id: string;
  schedule: string;
  /** A schedule as in wardroom.yaml, without its overrides; null when it is gone. */
  plan: NullableJson<object>;
  /** What was done, for the record: "nights: Ben and Ann, every week". */
  words: string;
  reason: string | null;
  made_by: string;
  made_at: InstantColumn;
  /** The form it came from: sent twice, it is made once. */
  draft: string | null;
  undone_by: string | null;
  undone_at: NullableInstant;
}

/** A schedule that a step of a policy calls besides those of wardroom.yaml; in force until it is ended. */
interface PolicyCallsTable {
  n: Generated<number>;
  policy: string;
  step: number;
  schedule: string;
  reason: string | null;
  made_by: string;
  made_at: InstantColumn;
  ended_by: string | null;
  ended_at: NullableInstant;
}
