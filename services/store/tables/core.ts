import type { ColumnType, Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** The house's own tables. */
export interface CoreTables {
  turns: TurnsTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  conversations: ConversationsTable;
  outbox: OutboxTable;
  stale_cards: StaleCardsTable;
  lanes: LanesTable;
  confirmations: ConfirmationsTable;
  signatures: SignaturesTable;
  settings: SettingsTable;
  files: FilesTable;
  drafts: DraftsTable;
  accounts: AccountsTable;
}

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
  /** What it is about: messages about one thing wait for their turn behind those about another. */
  subject: ColumnType<string | null, string | null | undefined, string | null>;
  /** So much later it is tried again when a try failed; ever later when it is left out. */
  retry_ms: ColumnType<number | null, number | null | undefined, number | null>;
  /** How often it was posted although it may have stood there already (reading back was not allowed). */
  repeats: Generated<number>;
  attempts: Generated<number>;
  due_at: InstantColumn;
  created_at: InstantColumn;
  sent_at: NullableInstant;
  last_error: string | null;
}

/** Cards with many copies that are to show the present; the delivery takes the row and marks the copies. */
interface StaleCardsTable {
  card: string;
  /** How often it was asked for: a row that was asked for again meanwhile is not taken away. */
  asks: Generated<number>;
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

/** Something that counts once its author has signed in for it (bot/signing.ts). */
interface SignaturesTable {
  /** Part of an address that nobody guesses. */
  id: string;
  capability: string;
  input: Json<Record<string, unknown>>;
  actor: string;
  place: Json<{ conversation: string; kind: 'channel' | 'group' | 'personal' | 'console'; message?: string }>;
  /** A later one of the same person about the same takes the place of an earlier one. */
  about: string;
  /** What it is, on the card: "Vote on a request for approval". */
  title: string;
  statement: string;
  salt: string;
  max_age: number;
  acrs: string | null;
  state: 'waiting' | 'done' | 'refused' | 'replaced' | 'expired';
  /** What came of it, in words. */
  outcome: string | null;
  /** SHA-256 of what the browser got that began the sign-in, and the verifier of its code (RFC 7636). */
  browser: string | null;
  verifier: string | null;
  tries: Generated<number>;
  created_at: InstantColumn;
  expires_at: InstantColumn;
}

/** Texts to download; gone after their day. */
interface FilesTable {
  token: string;
  name: string;
  type: string;
  body: string;
  made_for: string;
  expires_at: InstantColumn;
}

interface SettingsTable {
  key: string;
  value: Json<object>;
}

/** Teams' own id of a person (`29:…`). */
interface AccountsTable {
  person: string;
  account: string;
  learnt_at: InstantColumn;
}

/** Sends of the last seconds one by one (epoch milliseconds), and of the last hour by minute. */
export interface Recent {
  last: number[];
  minutes: Record<string, number>;
}

/** A form that was begun: what was typed so far, by field. Kept after it was sent, so that a second sending is known. */
export interface DraftsTable {
  id: string;
  /** The capability that takes its steps. */
  form: string;
  owner: string;
  /** What it is about, when it changes something that exists: `UC-104`. */
  subject: string | null;
  /** 0-based step. */
  at: number;
  values: Json<Record<string, string>>;
  state: 'open' | 'sent' | 'dropped';
  /** What it became: `UC-104`. */
  result: string | null;
  created_at: InstantColumn;
  updated_at: InstantColumn;
}
