import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { CostSource } from './source.ts';

export interface CostDeps {
  store: Store;
  db: Db;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
  source: CostSource;
  /** What a request asked for has been carried out, or could not be. */
  decided: (tx: Tx, request: string, outcome: 'succeeded' | 'failed', note: string) => Promise<void>;
  /** Makes an incident of an anomaly; the alerts domain decides who is called. */
  raiseIncident: (
    tx: Tx,
    anomaly: { id: string; endpoint?: string; team?: string; headline: string; day: string },
  ) => Promise<void>;
}
