import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant } from './columns.ts';

/** Who is on call, other than planned. */
export interface OncallTables {
  oncall_overrides: OncallOverridesTable;
  oncall_swaps: OncallSwapsTable;
  oncall_watch: OncallWatchTable;
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
