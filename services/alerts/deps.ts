import type { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { EscalationPolicy, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { EndpointChange } from './incidents.rules.ts';
import type { Investigator } from './investigate.ts';
import type { Quiet } from './muting.rules.ts';
import type { UpstreamFact } from './signal.ts';

export interface AlertsDeps {
  store: Store;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
  ids: Ids;
  log: Log;
  /** Calls an address outside; throws when it does not answer. */
  pulse: (url: string) => Promise<void>;
  /** What is called to say that we live; nothing is when it is left out. */
  heartbeatUrl: string | undefined;
  /** The address of a path of ours, as people outside reach it. */
  addressOf: (path: string) => string;
  /** Asks Azure what is behind an incident. */
  investigate: Investigator;
  /** Planned work of others (deployment windows) during which alerts keep quiet, in force or ahead. */
  maintenance: (db: Db | Tx, now: Temporal.Instant) => Promise<Quiet[]>;
  /** A run ended (a monitor's, a training, a pipeline): whoever follows runs hears it in the same transaction. */
  onRun?: (
    tx: Tx,
    run: {
      workspace?: string | undefined;
      experiment: string;
      runId: string;
      endpoint?: string | undefined;
      failed: boolean;
      drift: boolean;
      at: string;
    },
  ) => Promise<void>;
  /** The path of escalation of a live use case that this endpoint carries; undefined when none has one. */
  ownPath?: (
    db: Db | Tx,
    endpoint: string,
  ) => Promise<{ useCase: string; title: string; path: EscalationPolicy } | undefined>;
  /** A fact of the estate was heard for the first time: others may act on it. */
  learned?: (tx: Tx, fact: UpstreamFact) => Promise<void>;
  /** Changes of an endpoint that were made since (the fleet knows). */
  changesOf: (db: Db | Tx, endpoint: string, since: string) => Promise<EndpointChange[]>;
}
