import type { Temporal } from 'temporal-polyfill';
import type { AzureClients } from '../azure/client.ts';
import type { WorkspaceRef } from '../azure/refs.ts';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation, RetrainingRule } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Db, Store, Tx } from '../store/store.ts';

/** A version that a run of ours has made, to be put up for approval. */
export interface NewVersion {
  run: string;
  endpoint: string | undefined;
  workspace: string;
  model: string;
  version: string;
  reason: string;
  by: string;
}

/** What a rule may spend. Cost management may know better than the estimate in wardroom.yaml. */
export type Budget = (
  db: Db | Tx,
  rule: RetrainingRule,
  month: { from: Temporal.Instant; runs: number },
) => Promise<{ allowed: boolean; reason: string }>;

export interface TrainingDeps {
  store: Store;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  azure: Pick<AzureClients, 'ml' | 'blobs'>;
  ref: (workspace: string) => WorkspaceRef;
  /** Puts a version up for approval, in the transaction that learnt of it; the request's id, when there is one. */
  onVersion: (tx: Tx, version: NewVersion) => Promise<string | undefined>;
  /** Why a run failed is known now: cards that show the run are to be drawn anew. */
  onDiagnosed: (tx: Tx, run: { workspace: string; run: string }) => Promise<void>;
  /** Left out, the rule's own estimate and budget count. */
  budget?: Budget;
}
