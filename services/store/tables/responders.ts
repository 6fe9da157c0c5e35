import type { Generated } from 'kysely';
import type { InstantColumn, NullableInstant } from './columns.ts';

/** How people are called and what they work on; the watch over the pager itself. */
export interface RespondersTables {
  incident_followers: { incident: string; person: string; since: InstantColumn };
  incident_tasks: IncidentTasksTable;
  notify_rules: NotifyRulesTable;
  notify_settings: NotifySettingsTable;
  feeds: FeedsTable;
  test_pages: TestPagesTable;
  overdue_steps: OverdueStepsTable;
  pulse: PulseTable;
}

interface IncidentTasksTable {
  id: Generated<number>;
  /** Null: it belongs to none. */
  incident: string | null;
  text: string;
  assignee: string | null;
  due_at: NullableInstant;
  created_by: string;
  created_at: InstantColumn;
  done_at: NullableInstant;
  done_by: string | null;
  /** Whoever has it was reminded that it is due. */
  reminded: boolean;
}

/** How one person wants to be called; without any the usual way holds. */
interface NotifyRulesTable {
  id: Generated<number>;
  person: string;
  /** After the escalation told them. */
  after_minutes: number;
  how: 'direct' | 'channel' | 'schedule';
  schedule: string | null;
  /** From the worst severity (0) to the mildest it is for. */
  worst: number;
  mildest: number;
  created_at: InstantColumn;
}

interface NotifySettingsTable {
  person: string;
  /** Wall-clock times in the person's zone. */
  quiet_from: string | null;
  quiet_to: string | null;
  /** This severity or worse calls all the same; -1 when nothing does. */
  quiet_unless: number;
  /** Whose acknowledgement ends their rules: their own, or anybody's. */
  until: 'mine' | 'any';
}

/** A calendar or a report that can be fetched by whoever knows its address. */
interface FeedsTable {
  token: string;
  kind: 'schedule' | 'person' | 'report' | 'windows';
  /** Schedule, person, incident or endpoint; * for every window. */
  subject: string;
  /** Who asked for it, and may take it back. */
  person: string;
  created_at: InstantColumn;
  revoked_at: NullableInstant;
  used_at: NullableInstant;
}

interface TestPagesTable {
  id: Generated<number>;
  person: string;
  asked_by: string;
  created_at: InstantColumn;
  delivered_at: NullableInstant;
  confirmed_at: NullableInstant;
  alarmed_at: NullableInstant;
  settled: boolean;
}

/** A step of an escalation that nobody told when it was due, told late. */
interface OverdueStepsTable {
  incident: string;
  generation: number;
  step: number;
  healed_at: InstantColumn;
  alarmed_at: NullableInstant;
}

/** One row: the call to the outside that says we live, and the last look at what is overdue. */
interface PulseTable {
  id: number;
  tried_at: NullableInstant;
  heard_at: NullableInstant;
  failures: number;
  last_error: string | null;
  looked_at: NullableInstant;
  alarmed_at: NullableInstant;
}
