import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { readContext } from './azure-monitor-context.ts';
import { plain } from './azure-monitor-health.ts';
import { isObject, whyOf } from './eventgrid.ts';
import { strings } from './eventgrid-types.ts';
import { safeLink } from './links.ts';
import { type HookReading, instantOf, type Signal, type SignalSeverity } from './signal.ts';
import { mergePlaces, placeOfArmId, placeOfLabels } from './signal-place.ts';

/** A field of another type than is documented is no reason not to call anybody: a number is read, the rest left out. */
const words = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);
const list = z
  .array(z.unknown())
  .transform((items) => items.filter((item) => typeof item === 'string'))
  .nullish()
  .catch(null);

/**
 * Azure Monitor's common alert schema (learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema). Only what
 * pairs and dates an alert is demanded; budgets send null for nearly everything else.
 */
const essentials = z.object({
  alertId: z.string().min(1),
  alertRule: words,
  severity: words,
  signalType: words,
  monitorCondition: words,
  monitoringService: words,
  alertTargetIDs: list,
  configurationItems: list,
  firedDateTime: words,
  resolvedDateTime: words,
  description: words,
  investigationLink: words,
});
const alert = z.object({
  data: z.object({
    essentials,
    alertContext: z.record(z.string(), z.unknown()).nullish().catch(null),
    customProperties: z.record(z.string(), z.unknown()).nullish().catch(null),
  }),
});
export type Essentials = z.infer<typeof essentials>;

/** Reads one delivery of an action group. `now` stands in for a missing time. */
export function readAzureMonitor(body: unknown, now: Temporal.Instant): HookReading {
  const nothing: HookReading = { signals: [], facts: [], unknown: [], malformed: [] };
  if (!isObject(body)) return { ...nothing, malformed: [{ index: 0, why: 'an alert must be an object' }] };
  const type = typeof body.schemaId === 'string' ? body.schemaId : '';
  if (type.toLowerCase() !== 'azuremonitorcommonalertschema') {
    const eventKey = `azure-monitor:${digest(body)}`;
    return { ...nothing, unknown: [{ kind: 'unknown', eventKey, type: type || 'none', subject: '', at: now, body }] };
  }
  const parsed = alert.safeParse(body);
  if (!parsed.success) return { ...nothing, malformed: [{ index: 0, why: whyOf(parsed.error) }] };
  return { ...nothing, signals: [signalOf(parsed.data.data, now, digest(body))] };
}

function signalOf(data: z.infer<typeof alert>['data'], now: Temporal.Instant, content: string): Signal {
  const { essentials: head } = data;
  const context = data.alertContext ?? {};
  const custom = strings(data.customProperties);
  const targets = head.alertTargetIDs ?? [];
  const properties = strings(context.properties);
  const read = readContext(head, context, custom);
  const items = (head.configurationItems ?? []).join(', ');
  const place = mergePlaces(
    ...targets.map(placeOfArmId).filter((target) => target.endpoint !== undefined),
    placeOfLabels(custom),
    placeOfLabels(read.details.dimensions),
    placeOfLabels(properties),
    ...targets.map(placeOfArmId),
  );
  const said = head.monitorCondition?.toLowerCase() === 'resolved' ? 'resolved' : 'fired';
  const condition = read.condition ?? said;
  const startedAt = read.startedAt ?? instantOf(head.firedDateTime) ?? now;
  const ended = condition === 'resolved' ? (instantOf(head.resolvedDateTime) ?? read.endedAt ?? startedAt) : undefined;
  const id = head.alertId.toLowerCase();
  const link = safeLink(head.investigationLink) ?? safeLink(read.link);
  return {
    source: 'azure-monitor',
    // A redelivery repeats the body byte for byte. The digest keeps a second Resolved with a later end, or a Fired with
    // a changed text, from being taken for one.
    eventKey: `azure-monitor:${id}|${said}|${head.firedDateTime ?? ''}|${content}`,
    kind: read.kind,
    condition,
    dedupKey: `azure-monitor:${read.pairing ?? id}${place.endpoint ? `@${place.endpoint.toLowerCase()}` : ''}`,
    ...place,
    rule: head.alertRule ?? read.rule ?? head.monitoringService ?? 'unnamed rule',
    severity: severityOf(head.severity) ?? read.severity ?? 3,
    startedAt,
    ...(ended ? { endedAt: ended } : {}),
    headline: read.headline({ place, item: items || nameOf(targets[0]), resolved: condition === 'resolved' }),
    details: {
      ...read.details,
      ...(head.description?.trim() ? { description: plain(head.description) } : {}),
      ...(link ? { link } : {}),
    },
    labels: { ...properties, ...custom, ...(items ? { configurationItems: items } : {}) },
    rawType: [head.monitoringService, text(context.conditionType)].filter(Boolean).join('/') || 'unknown',
    stateless: read.stateless ?? false,
  };
}

const digest = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16);

const severityOf = (written: string | null | undefined): SignalSeverity | undefined => {
  const found = /^(?:sev\s*)?([0-4])$/i.exec(written?.trim() ?? '');
  return found ? (Number(found[1]) as SignalSeverity) : undefined;
};

/** Last part of an ARM id. */
const nameOf = (id: string | undefined): string => id?.split('/').filter(Boolean).at(-1) ?? '';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
