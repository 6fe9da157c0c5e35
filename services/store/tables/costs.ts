import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Money: what was spent, what is meant to be spent, and what was said about it. Days are numbers, YYYYMMDD. */
export interface CostTables {
  cost_resources: CostResourcesTable & { grp: number | null };
  /** Resources that agree in everything that costs are asked by, but their names. */
  cost_groups: CostResourcesTable;
  /** Locked by whoever writes into a scope. */
  cost_scopes: { scope: string; writes: number };
  cost_days: CostSum & { day: number; resource: number };
  cost_months: CostSum & { month: number; resource: number };
  cost_group_days: CostSum & { day: number; grp: number };
  cost_group_months: CostSum & { month: number; grp: number };
  cost_reads: CostReadsTable;
  cost_exports: CostExportsTable;
  cost_told: { budget: string; period: string; kind: string; threshold: number; at: InstantColumn };
  cost_raises: CostRaisesTable;
  cost_anomalies: CostAnomaliesTable;
  cost_mutes: { key: string; until: InstantColumn; reason: string; by: string; at: InstantColumn };
  cost_digests: { team: string; stopped_by: string | null; stopped_at: NullableInstant };
  cost_plans: CostPlansTable;
}

interface CostResourcesTable {
  id: Generated<number>;
  scope: string;
  resource: string;
  tags: Json<Record<string, string>>;
}

interface CostSum {
  /** As billed, or with purchases spread over what they cover. */
  basis: 'actual' | 'amortised';
  meter: string;
  /** Usage, Purchase, Refund, …: FOCUS's charge category. */
  charge: string;
  currency: string;
  /** Decimal text. */
  amount: string;
}

/** How far a scope was read, and what went wrong the last time. */
interface CostReadsTable {
  scope: string;
  basis: 'actual' | 'amortised';
  source: 'query' | 'export';
  as_of: NullableInstant;
  from_day: number | null;
  to_day: number | null;
  tried_at: InstantColumn;
  error: string | null;
  /** Days or parts that are not there. */
  missing: Json<string[]>;
}

/** The run of a period's export that was read last. */
interface CostExportsTable {
  scope: string;
  /** `20261101-20261130`, or the folder of the runs. */
  period: string;
  run: string;
  made_at: InstantColumn;
  read_at: InstantColumn;
  rows: number;
  parts: number;
  from_day: number;
  to_day: number;
}

interface CostRaisesTable {
  id: Generated<number>;
  budget: string;
  amount: string;
  reason: string;
  asked_by: string;
  approved_by: string;
  at: InstantColumn;
}

interface CostAnomaliesTable {
  id: string;
  /** `team:fraud`, `endpoint:ep-fraud`, `meter:Storage`, … */
  key: string;
  day: number;
  value: string;
  expected: string;
  currency: string;
  kind: 'changed' | 'new_cost' | 'removed_cost';
  course: string;
  team: string | null;
  channel: string;
  drivers: Json<{ name: string; delta: string }[]>;
  cause: NullableJson<{ what: string; by?: string; at: string }>;
  state: 'open' | 'acknowledged' | 'muted' | 'incident' | 'planned';
  found_at: InstantColumn;
  decided_by: string | null;
  decided_at: NullableInstant;
  reason: string | null;
  incident: string | null;
}

/** Something about money that was approved, and how far it is carried out. */
interface CostPlansTable {
  id: Generated<number>;
  /** The request whose vote decided it. */
  request: string | null;
  kind: string;
  target: Json<Record<string, string | number>>;
  what: string;
  saving: string | null;
  currency: string | null;
  asked_by: string;
  approved_by: string;
  at: InstantColumn;
  state: 'waiting' | 'done' | 'failed';
  note: string;
  attempts: Generated<number>;
}
