import type { Alerts } from '../services/alerts/index.ts';
import { breaches } from '../services/azure/ml.monitors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { type DriftAlarm, type Models, type ModelsDeps, models } from '../services/models/index.ts';
import type { Tx } from '../services/store/store.ts';

/** Part of the composition root: what watches models, and whom it tells. */
export function modelServices(
  shared: Omit<ModelsDeps, 'onDrift' | 'onPerformance'>,
  told: Pick<Alerts, 'raise'> &
    Pick<ModelsDeps, 'onPerformance'> & { retrain: (tx: Tx, alarm: DriftAlarm) => Promise<void> },
): Models {
  return models({
    ...shared,
    breaches,
    onPerformance: told.onPerformance,
    onDrift: async (tx, alarm) => {
      // A monitor of Azure ML has raised its own alert for what it calls a breach.
      if (!alarm.told) await told.raise(tx, alarmOf(alarm, shared.organisation));
      await told.retrain(tx, alarm);
    },
  });
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
