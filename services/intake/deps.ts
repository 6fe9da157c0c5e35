import type { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import type { Db } from '../store/store.ts';
import type { EndpointSeen, MetricSource, RunSeen } from './pilot-measure.rules.ts';

export interface IntakeDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
  measures: PilotMeasures;
}

/** Reads a pilot's criteria in Azure; called outside of transactions. */
export interface PilotMeasures {
  /** The run, or the last finished one of the experiment; in every workspace when none is named. */
  run(source: Extract<MetricSource, { kind: 'run' }>): Promise<RunSeen | undefined>;
  endpoint(
    source: Extract<MetricSource, { kind: 'monitor' }>,
    from: Temporal.Instant,
    to: Temporal.Instant,
  ): Promise<EndpointSeen>;
}
