import type { Alerts, AlertsDeps } from '../services/alerts/index.ts';
import { breaches } from '../services/azure/ml.monitors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { type DriftAlarm, type Models, models } from '../services/models/index.ts';
import type { Tx } from '../services/store/store.ts';
import { type Budget, type NewVersion, type Training, training } from '../services/training/index.ts';
import type { azureFor } from './app.azure.ts';

type Shared = Omit<AlertsDeps, 'investigate' | 'changesOf' | 'maintenance' | 'onRun'>;
type Ended = Parameters<NonNullable<AlertsDeps['onRun']>>[1];

export interface ModelServices {
  models: Models;
  training: Training;
  /** A run ended: monitors are judged, failures are looked into. */
  runEnded: (tx: Tx, run: Ended) => Promise<void>;
  begin: () => Promise<void>;
}

/** Part of the composition root: what watches models and trains them again, and whom it tells. */
export function modelServices(
  shared: Shared,
  wired: Pick<ReturnType<typeof azureFor>, 'azure' | 'ref'>,
  told: {
    raise: Alerts['raise'];
    /** The incident of a run shows why it failed. */
    diagnosed: (tx: Tx, run: { workspace: string; run: string }) => Promise<void>;
    /** Puts a version up for approval. */
    version: (tx: Tx, version: NewVersion) => Promise<string | undefined>;
    /** Whether the budgets bear a run that begins by itself. */
    budget: Budget;
  },
): ModelServices {
  const made = training({
    ...shared,
    ...wired,
    onVersion: told.version,
    onDiagnosed: told.diagnosed,
    budget: told.budget,
  });
  const watched = models({
    ...shared,
    ...wired,
    breaches,
    onPerformance: (tx, { endpoint, labelled, ...measured }) =>
      made.rules.heard(
        tx,
        endpoint,
        (['accuracy', 'precision', 'recall'] as const).map((metric) => ({
          kind: 'performance',
          metric,
          value: measured[metric],
          labelled,
        })),
      ),
    onDrift: async (tx, alarm) => {
      // A monitor of Azure ML has raised its own alert for what it calls a breach.
      if (!alarm.told) await told.raise(tx, alarmOf(alarm, shared.organisation));
      await made.rules.heard(tx, alarm.endpoint, [
        { kind: 'drift', features: [...new Set(alarm.features.map(({ feature }) => feature))] },
      ]);
    },
  });
  return {
    models: watched,
    training: made,
    async runEnded(tx, run) {
      await watched.runEnded(tx, run);
      const { workspace, runId, experiment, endpoint, at } = run;
      if (run.failed && !run.drift && workspace)
        await made.failed.ended(tx, { workspace, run: runId, experiment, endpoint, at });
    },
    begin: () => made.rules.begin(),
  };
}

const alarmOf = (
  { endpoint, source, features, severity, headline, because, at }: DriftAlarm,
  organisation: Organisation,
) => {
  const workspace = organisation.endpoints.find(({ id }) => id === endpoint)?.workspace;
  return {
    key: `drift:${endpoint}:${source}:${at}`,
    dedupKey: `drift:wardroom:${endpoint}:${source}`,
    kind: 'drift' as const,
    rule: source === 'collected' ? 'drift of collected data' : source,
    endpoint,
    ...(workspace ? { workspace } : {}),
    severity,
    at,
    headline,
    description: because,
    features: features.map(({ feature, metric, value, limit }) => ({ feature, metric, value, threshold: limit })),
  };
};
