import type { ColumnType, Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Events, alerts, incidents. */
export interface AlertsTables {
  hook_events: HookEventsTable;
  hook_rejections: HookRejectionsTable;
  incidents: IncidentsTable;
  alert_keys: AlertKeysTable;
  episodes: EpisodesTable;
  upstream_facts: UpstreamFactsTable;
  heartbeats: HeartbeatsTable;
}

interface HookEventsTable {
  id: Generated<string>;
  source: string;
  key: string;
  type: string;
  body: Json<object>;
  received_at: InstantColumn;
  state: 'new' | 'done' | 'unknown' | 'malformed';
  result: NullableJson<object>;
}

interface HookRejectionsTable {
  day: string;
  hook: string;
  reason: string;
  count: number;
}

interface IncidentsTable {
  id: string;
  endpoint: string | null;
  workspace: string | null;
  team: string | null;
  state: 'open' | 'acknowledged' | 'resolved';
  severity: number;
  title: string;
  why: string;
  opened_at: InstantColumn;
  last_signal_at: InstantColumn;
  acknowledged_at: NullableInstant;
  acknowledged_by: string | null;
  resolved_at: NullableInstant;
  resolved_by: string | null;
  /** The escalation plan as it was when the incident opened, and where it stands. */
  escalation: Json<Escalation>;
  /** What Azure was asked about it: drift per feature, what changed upstream, the traffic, the way back. */
  findings: NullableJson<object>;
  channel: string;
  /** Who was asked by name to take care of it. */
  assignee: string | null;
  /** Kept when an acknowledgement is taken back. */
  first_acknowledged_at: NullableInstant;
  snoozed_until: NullableInstant;
  /** It was found to be the same trouble as this other incident. */
  merged_into: string | null;
  /** A person's word on the severity, and what was computed then. */
  severity_set: NullableJson<{ to: number; computed: number; by: string }>;
  /** The route of wardroom.yaml that it is told by, and what its alerts have in common there. */
  route: string | null;
  group_key: string | null;
  /** The silence that covers everything in it that fires. */
  silenced_by: string | null;
}

export interface Escalation {
  plan: object;
  state: { next: number; acknowledged: boolean; closed: boolean; held?: boolean };
  /** A timer of an older generation is void. */
  generation: number;
  /** People told so far, with the step that told them. */
  told: { person: string; step: number; at: string; via: string }[];
  /** When its next step is due, in milliseconds: what the watch over the pager compares with. */
  timer?: number;
  /** Since when it is open again: whoever was told before is told anew. */
  since?: string;
  /** Everybody who acknowledged since it was last open, the first one first. */
  acks?: { person: string; at: string }[];
  /** What the first of them is asked, and when; instants. */
  hold?: { remindAt?: string; confirmBy?: string; asked?: number };
}

/** What is known about one alert's dedup key: the set of its firings and ends (services/alerts/episodes.rules.ts). */
interface AlertKeysTable {
  key: string;
  marks: Json<object>;
  updated_at: InstantColumn;
  /** It counts as over after this unless it is heard again. */
  quiet_after: NullableInstant;
  /** A timer waits for that. */
  timer: ColumnType<boolean, boolean | undefined, boolean>;
}

/** From firing to resolved, as part of one incident. */
interface EpisodesTable {
  id: Generated<string>;
  incident: string;
  dedup_key: string;
  signal: Json<object>;
  started_at: InstantColumn;
  ended_at: NullableInstant;
}

/** Things that changed upstream, as Azure's events told them. */
interface UpstreamFactsTable {
  key: string;
  workspace: string | null;
  endpoint: string | null;
  at: InstantColumn;
  fact: Json<object>;
}

/** A job that calls us as long as it lives, from its first call on. */
interface HeartbeatsTable {
  id: string;
  first_at: InstantColumn;
  last_at: InstantColumn;
  beats: number;
  /** A timer waits for its silence: there is never more than one. */
  timer: boolean;
  missing_since: NullableInstant;
}
