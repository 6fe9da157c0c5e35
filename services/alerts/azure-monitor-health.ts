import type { Essentials } from './azure-monitor.ts';
import type { Context, ContextReading, Where } from './azure-monitor-context.ts';
import { strings } from './eventgrid-types.ts';
import { instantOf, type SignalKind } from './signal.ts';

const whereOf = ({ place, item }: Where): string =>
  place.endpoint
    ? place.deployment
      ? `${place.endpoint}/${place.deployment}`
      : place.endpoint
    : item || 'the subscription';

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Resource health sends the recovery as another Fired alert with another id: paired by the resource. */
export function resourceHealth(head: Essentials, context: Context): ContextReading {
  const properties = strings(context.properties);
  const status = properties.currentHealthStatus ?? 'Unknown';
  const available = status.toLowerCase() === 'available' || textOf(context.status).toLowerCase() === 'resolved';
  const at = instantOf(context.eventTimestamp) ?? instantOf(head.firedDateTime);
  const why = properties.title ?? properties.cause;
  const before = properties.previousHealthStatus ? `, it was ${properties.previousHealthStatus}` : '';
  const pairing = head.alertTargetIDs?.[0]?.toLowerCase();
  return {
    kind: 'health',
    condition: available ? 'resolved' : 'fired',
    ...(at ? { startedAt: at, ...(available ? { endedAt: at } : {}) } : {}),
    ...(pairing ? { pairing: `resource-health:${pairing}` } : {}),
    headline: (where) => `${whereOf(where)} is ${status}${before}${why ? ` (${why})` : ''}`,
    details: { metric: 'resource health', dimensions: pick(properties, ['type', 'cause']) },
  };
}

/** Stages after which nothing more is wrong (Azure Service Health schema, properties.stage). */
const OVER = /^(resolved|complete|canceled|rca)$/i;

/** Every update of one Azure trouble has its own alert id: paired by the tracking id. */
export function serviceHealth(context: Context): ContextReading {
  const properties = strings(context.properties);
  const stage = properties.stage ?? textOf(context.status);
  const over = OVER.test(stage);
  const at = instantOf(context.eventTimestamp);
  const began = instantOf(properties.impactStartTime) ?? at;
  const ended = instantOf(properties.impactMitigationTime) ?? at;
  const tracking = properties.trackingId;
  const title = plain(properties.title ?? properties.defaultLanguageTitle ?? 'Azure service health');
  return {
    kind: 'health',
    condition: over ? 'resolved' : 'fired',
    ...(began ? { startedAt: began } : {}),
    ...(over && ended ? { endedAt: ended } : {}),
    ...(tracking ? { pairing: `service-health:${tracking.toLowerCase()}` } : {}),
    headline: () =>
      `Azure ${properties.service ?? 'service'} in ${properties.region ?? 'an unnamed region'}: ${title} (${stage.toLowerCase() || 'active'}${tracking ? `, ${tracking}` : ''})`,
    details: {
      metric: 'service health',
      dimensions: pick(properties, ['service', 'region', 'incidentType', 'trackingId']),
    },
  };
}

/** Administrative, autoscale, policy and security events: something was done, nothing has to recover. */
export function activityLog(context: Context): ContextReading {
  const properties = strings(context.properties);
  const operation = textOf(context.operationName);
  const status = textOf(context.status).toLowerCase();
  const { oldInstancesCount: from, newInstancesCount: to } = properties;
  const by = textOf(context.caller);
  const at = instantOf(context.eventTimestamp);
  return {
    kind: kindOfOperation(operation, status),
    stateless: true,
    ...(at ? { startedAt: at } : {}),
    headline: (where) =>
      from && to
        ? `${properties.resourceName?.split('/').at(-1) ?? whereOf(where)} was scaled from ${from} to ${to} instances`
        : `${operation || 'An operation'} ${status || 'was reported'} on ${whereOf(where)}${by ? ` by ${by}` : ''}`,
    details: {
      metric: operation || 'activity',
      ...(from && to && Number.isFinite(Number(to)) ? { value: Number(to), unit: 'instances' } : {}),
      dimensions: { ...(by ? { caller: by } : {}), ...(status ? { status } : {}) },
    },
  };
}

const kindOfOperation = (operation: string, status: string): SignalKind => {
  if (!/machinelearningservices/i.test(operation)) return 'other';
  if (/(endpoints|deployments)\/(write|delete)/i.test(operation)) return 'deployment';
  return /jobs|runs/i.test(operation) && status === 'failed' ? 'failed-run' : 'other';
};

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] ? [[name, from[name]]] : [])));

/** Descriptions may hold markup (service health does); cards draw text. */
export const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]{0,500}>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 1000);
