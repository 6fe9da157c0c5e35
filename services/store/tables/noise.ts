import type { ColumnType } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Silences, held alerts, rules made in chat, and what a group of alerts said last. */
export interface NoiseTables {
  notifications: NotificationsTable;
  held_alerts: HeldAlertsTable;
  alert_arrivals: AlertArrivalsTable;
  silences: SilencesTable;
  noise_rules: NoiseRulesTable;
}

/** How an incident of a paced route speaks, as its route was when it opened, and what it said last. */
interface NotificationsTable {
  incident: string;
  pace: Json<{ wait: number; interval: number; repeat: number }>;
  send_resolved: boolean;
  /** Conversations in which it is told, its own first. */
  channels: Json<string[]>;
  /** Its first look; every later one is whole intervals after it. */
  first_at: InstantColumn;
  told: NullableJson<{ firing: string[]; resolved: string[]; at: number }>;
  /** When it looks next; nothing is planned while nothing changes and nothing has to be repeated. */
  beat: NullableInstant;
  /** A timer of an older generation is void. */
  generation: number;
  messages: ColumnType<number, number | undefined, number>;
}

/** An alert that fires and is told nobody yet. */
interface HeldAlertsTable {
  key: string;
  signal: Json<object>;
  /** The event that brought it. */
  event: string | null;
  held_at: InstantColumn;
  check_at: NullableInstant;
  /** SIL-3, MNT-2, RUL-1, the key of an alert that inhibits it, "condition". */
  by: string[];
  steps: Json<object[]>;
}

/** When alerts came that a condition counts, in milliseconds since the epoch, the latest last. */
interface AlertArrivalsTable {
  key: string;
  at: Json<number[]>;
}

interface SilencesTable {
  id: string;
  kind: 'silence' | 'maintenance';
  matchers: Json<{ name: string; op: string; value: string }[]>;
  starts_at: InstantColumn;
  ends_at: InstantColumn;
  reason: string;
  made_by: string;
  made_at: InstantColumn;
  /** Who ended it before its time. */
  ended_by: string | null;
  /** The incident from whose card it was made. */
  incident: string | null;
  generation: ColumnType<number, number | undefined, number>;
}

interface NoiseRulesTable {
  id: string;
  /** As it was typed. */
  text: string;
  matchers: Json<{ name: string; op: string; value: string }[]>;
  effect: Json<object>;
  reason: string;
  made_by: string;
  made_at: InstantColumn;
  ended_by: string | null;
  ended_at: NullableInstant;
}
