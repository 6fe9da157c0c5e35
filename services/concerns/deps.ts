import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { ConcernPath, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Db, Tx } from '../store/store.ts';

/** Percent of live requests per deployment. */
export type Traffic = Readonly<Record<string, number>>;

export interface ConcernsDeps {
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  /** The path of the use case that is named, or of the live one that the endpoint carries; undefined when none has one. */
  ownPath?: (
    db: Db | Tx,
    about: { endpoint?: string | undefined; useCase?: string | undefined },
  ) => Promise<{ useCase: string; path: ConcernPath } | undefined>;
  /** Throws Refused when there is no use case of this number. */
  mustKnow?: (db: Db | Tx, useCase: string) => Promise<void>;
  /** Moves the traffic of an endpoint, in the transaction that decided it; the change's id. */
  move: (
    tx: Tx,
    move: { endpoint: string; workspace: string; from: Traffic; to: Traffic; what: string },
  ) => Promise<string>;
}
