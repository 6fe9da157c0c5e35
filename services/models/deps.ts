import type { AzureClients } from '../azure/client.ts';
import type { WorkspaceRef } from '../azure/refs.ts';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Endpoint, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Store, Tx } from '../store/store.ts';

/** A drift alarm of our own rule, for whoever has to hear of it. */
export interface DriftAlarm {
  endpoint: string;
  source: string;
  /** Alarming features, worst first, with the number that speaks. */
  features: readonly { feature: string; metric: string; value: number; limit: number }[];
  severity: 0 | 1 | 2 | 3 | 4;
  headline: string;
  /** Why this severity. */
  because: string;
  at: string;
  /** The monitor's tool has alerted already: nobody is called twice. */
  told: boolean;
}

export interface ModelsDeps {
  store: Store;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  azure: Pick<AzureClients, 'ml' | 'blobs'>;
  /** A workspace by its name in wardroom.yaml. */
  ref: (workspace: string) => WorkspaceRef;
  /** An alarm rose, in the transaction that stores it. */
  onDrift: (tx: Tx, alarm: DriftAlarm) => Promise<void>;
  /** Performance was measured on labels, in the transaction that stores it. */
  onPerformance: (
    tx: Tx,
    measured: { endpoint: string; accuracy: number; precision: number; recall: number; labelled: number },
  ) => Promise<void>;
}

/** An endpoint of wardroom.yaml; online ones only where a deployment is meant. */
export function endpointOf(organisation: Organisation, name: string, online = true): Endpoint {
  const found = organisation.endpoints.find(({ id }) => id === name);
  if (!found)
    throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.', 'unknown-endpoint');
  if (online && found.kind === 'batch')
    throw new Refused(`${name} is a batch endpoint: it has no live traffic to watch.`, 'Name an online endpoint.');
  return found;
}
