import type { Temporal } from 'temporal-polyfill';
import type { Essentials } from './azure-monitor.ts';
import { budget } from './azure-monitor-budget.ts';
import { activityLog, resourceHealth, serviceHealth } from './azure-monitor-health.ts';
import { metricOrLog, prometheus, smartDetector } from './azure-monitor-metric.ts';
import { isObject } from './eventgrid.ts';
import { SIGNAL_KINDS, type SignalDetails, type SignalKind, type SignalSeverity } from './signal.ts';
import type { Place } from './signal-place.ts';

/** What the variant part of an alert (alertContext) adds to its essentials. */
export interface ContextReading {
  kind: SignalKind;
  details: SignalDetails;
  headline: (where: Where) => string;
  /** Overrides monitorCondition where the platform sends the end of a trouble as another Fired (the health services). */
  condition?: 'fired' | 'resolved';
  startedAt?: Temporal.Instant;
  endedAt?: Temporal.Instant;
  /** What pairs Fired with Resolved when the alert id does not. */
  pairing?: string;
  rule?: string;
  severity?: SignalSeverity;
  link?: string;
  stateless?: boolean;
}

export interface Where {
  place: Place;
  /** The source's name of the thing, when it is not one of ours. */
  item: string;
  resolved: boolean;
}

export type Context = Readonly<Record<string, unknown>>;

/**
 * Chooses by content rather than by `monitoringService` or `signalType` where they disagree between the test payload and
 * the real one ("Resource Health" and "ResourceHealth", "Activity Log" and "ActivityLog"; alerts-payload-samples).
 */
export function readContext(
  head: Essentials,
  context: Context,
  custom: Readonly<Record<string, string>>,
): ContextReading {
  const reading = chosen(head, context);
  const wanted = SIGNAL_KINDS.find((kind) => kind === custom.kind?.toLowerCase());
  return wanted ? { ...reading, kind: wanted } : reading;
}

function chosen(head: Essentials, context: Context): ContextReading {
  const service = (head.monitoringService ?? '').replaceAll(/\s/g, '').toLowerCase();
  if (service === 'costalerts' || isObject(context.AlertData)) return budget(context);
  if (service === 'servicehealth') return serviceHealth(context);
  if (service === 'resourcehealth') return resourceHealth(head, context);
  if (isObject(context.condition)) return metricOrLog(head, context);
  if (context.expressionValue !== undefined || service === 'prometheus') return prometheus(head, context);
  if (context.SmartDetectorId !== undefined || service === 'smartdetector') return smartDetector(context);
  return activityLog(context);
}
