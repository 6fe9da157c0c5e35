import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** Every table, as Kysely sees it. Instants are `timestamptz`, read and written as ISO 8601 strings in UTC. */
export interface Tables {
  turns: TurnsTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  conversations: ConversationsTable;
  outbox: OutboxTable;
  lanes: LanesTable;
  confirmations: ConfirmationsTable;
  hook_events: HookEventsTable;
  hook_rejections: HookRejectionsTable;
  incidents: IncidentsTable;
  alert_keys: AlertKeysTable;
  episodes: EpisodesTable;
  upstream_facts: UpstreamFactsTable;
  heartbeats: HeartbeatsTable;
  requests: RequestsTable;
  votes: VotesTable;
  changes: ChangesTable;
  settings: SettingsTable;
  oncall_overrides: OncallOverridesTable;
  oncall_swaps: OncallSwapsTable;
  oncall_watch: OncallWatchTable;
}

/** An instant: ISO 8601 text on the way in and on the way out. */
export type InstantColumn = ColumnType<string, string, string>;
export type NullableInstant = ColumnType<string | null, string | null | undefined, string | null>;
type Json<T extends object> = JSONColumnType<T, string, string>;
type NullableJson<T extends object> = ColumnType<T | null, string | null | undefined, string | null>;

/** One inbound activity that did something: the key makes a second delivery answer the same and change nothing. */
interface TurnsTable {
  key: string;
  capability: string;
  actor: string;
  at: InstantColumn;
  answer: NullableJson<object>;
}

/** The hash chain. `objects` are the ids an entry is about: the timeline of an incident is a query on it. */
interface AuditTable {
  seq: ColumnType<number, number, never>;
  at: InstantColumn;
  actor: string;
  action: string;
  objects: ColumnType<string[], string[], never>;
  outcome: 'ok' | 'refused' | 'failed';
  why: string | null;
  detail: Json<Record<string, unknown>>;
  prev_hash: string;
  hash: string;
}

/** One row: the end of the chain. Locking it puts writers in order. */
interface AuditHeadTable {
  id: number;
  seq: number;
  hash: string;
}

/** Where people can be reached: learnt from installs, named by us (`channel:fraud-ops`, `person:ann`). */
interface ConversationsTable {
  key: string;
  conversation_id: string;
  kind: 'channel' | 'group' | 'personal';
  service_url: string;
  tenant_id: string | null;
  team_id: string | null;
  name: string | null;
  installed: boolean;
  updated_at: InstantColumn;
}

/**
 * One message that should exist. `wanted` counts the states it should have shown, `drawn` the last one it did: a row with
 * wanted > drawn has work to do, and however many edits piled up, only the newest is drawn and sent.
 */
interface OutboxTable {
  id: Generated<string>;
  /** Idempotency: saying the same thing twice inserts once. */
  key: string;
  /** The living card this message shows (`incident:INC-142`), or null for a message that is never edited. */
  card: string | null;
  kind: string;
  ids: Json<Record<string, string>>;
  conversation: string;
  /** Reply in the thread of this card's message in the same conversation. */
  under: string | null;
  /** Reply to this activity id (an answer to what somebody typed). */
  reply_to: string | null;
  /** 0 first. */
  priority: number;
  wanted: Generated<number>;
  drawn: Generated<number>;
  state: Generated<'open' | 'dead' | 'gone'>;
  activity_id: string | null;
  /** True while a create is under way: found true after a crash, it means "unknown whether it was posted". */
  creating: Generated<boolean>;
  /** How often it was posted although it may have stood there already (reading back was not allowed). */
  repeats: Generated<number>;
  attempts: Generated<number>;
  due_at: InstantColumn;
  created_at: InstantColumn;
  sent_at: NullableInstant;
  last_error: string | null;
}

/** Pacing memory per conversation, and `*` for the tenant. */
interface LanesTable {
  conversation: string;
  blocked_until: NullableInstant;
  /** What was sent lately, see bot/pacing.ts. */
  recent: Json<Recent>;
}

interface ConfirmationsTable {
  id: string;
  capability: string;
  input: Json<Record<string, unknown>>;
  actor: string;
  preview: string;
  second_person: boolean;
  state: 'waiting' | 'done' | 'cancelled' | 'expired';
  decided_by: string | null;
  created_at: InstantColumn;
  expires_at: InstantColumn;
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
}

export interface Escalation {
  plan: object;
  state: { next: number; acknowledged: boolean; closed: boolean };
  /** A timer of an older generation is void. */
  generation: number;
  /** People told so far, with the step that told them. */
  told: { person: string; step: number; at: string; via: string }[];
}

/** What is known about one alert's dedup key: the set of its firings and ends (services/alerts/episodes.rules.ts). */
interface AlertKeysTable {
  key: string;
  marks: Json<object>;
  updated_at: InstantColumn;
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

interface SettingsTable {
  key: string;
  value: Json<object>;
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

/** Sends of the last seconds one by one (epoch milliseconds), and of the last hour by minute. */
export interface Recent {
  last: number[];
  minutes: Record<string, number>;
}
