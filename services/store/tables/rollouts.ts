import type { Generated } from 'kysely';
import type { InstantColumn, Json, NullableInstant, NullableJson } from './columns.ts';

/** Promotions on their way, and what endpoints should serve. */
export interface RolloutTables {
  rollouts: RolloutsTable;
  rollout_looks: RolloutLooksTable;
  serving: ServingTable;
  deviations: DeviationsTable;
  experiments: ExperimentsTable;
}

/** An A/B test between two deployments; that it runs follows from its request. */
interface ExperimentsTable {
  id: string;
  endpoint: string;
  workspace: string;
  model: string;
  owner: string;
  plan: Json<object>;
  request: string | null;
  stopped_by: string | null;
  stopped_at: NullableInstant;
  result: NullableJson<object>;
  created_at: InstantColumn;
}

export type RolloutState =
  | 'waiting'
  | 'deploying'
  | 'moving'
  | 'baking'
  | 'held'
  | 'rolling-back'
  | 'succeeded'
  | 'rolled-back'
  | 'aborted'
  | 'overtaken'
  | 'failed';

/** One approved promotion, carried out step by step. Each step's writes are changes of the fleet. */
interface RolloutsTable {
  id: string;
  request: string;
  endpoint: string;
  workspace: string;
  model: string;
  version: string;
  plan: Json<object>;
  state: RolloutState;
  /** The step of the plan that Azure shows, 0 first; -1 before any, -2 while the deployment is not there yet. */
  step: number;
  /** Since when Azure has shown the traffic of this step. */
  step_since: NullableInstant;
  /** Looks that were counted, over all steps. */
  look: Generated<number>;
  /** Counts by guard, of this step. */
  tallies: Json<object>;
  /** The last look. */
  reading: NullableJson<object>;
  /** What a person wants as soon as it is possible. */
  intent: 'hold' | 'abort' | null;
  note: string;
  held: NullableJson<object>;
  /** Features that had drifted before it began: not its doing. */
  baseline: NullableJson<object>;
  change: string | null;
  attempts: Generated<number>;
  channel: string;
  created_at: InstantColumn;
  started_at: NullableInstant;
  finished_at: NullableInstant;
}

interface RolloutLooksTable {
  rollout: string;
  look: number;
  step: number;
  at: InstantColumn;
  reading: Json<object>;
}

/** What an endpoint should serve: what was approved, or what was found when it was looked at first. */
interface ServingTable {
  endpoint: string;
  expected: Json<object>;
  request: string | null;
  since: InstantColumn;
  looked_at: InstantColumn;
}

/** An endpoint that serves something else than it should. */
interface DeviationsTable {
  id: string;
  endpoint: string;
  found: Json<object>;
  /** Of what was found: the same finding is reported once. */
  digest: string;
  state: 'open' | 'put-back' | 'accepted' | 'replaced';
  by_whom: string | null;
  happened_at: NullableInstant;
  reported_at: InstantColumn;
  closed_at: NullableInstant;
  closing: NullableJson<object>;
}
