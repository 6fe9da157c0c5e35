import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { shortHash } from '../core/canonical.ts';
import { plain } from './azure-monitor-health.ts';
import { isObject, whyOf } from './eventgrid.ts';
import { safeLink } from './links.ts';
import { type HookReading, instantOf, type Malformed, placeOf, type Signal } from './signal.ts';
import { mergePlaces, placeOfArmId, placeOfLabels } from './signal-place.ts';
import { kindOfWords, severityOfWord } from './words.rules.ts';

/**
 * Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration, webhook_config). One delivery is
 * one group: the alerts of it that fire, and those that ended since the last.
 */
const strings = z.record(z.string(), z.string());
const delivery = z.object({
  version: z.literal('4', 'only version 4 is known'),
  groupKey: z.string().optional(),
  receiver: z.string().optional(),
  status: z.enum(['firing', 'resolved']).optional(),
  commonAnnotations: strings.default({}),
  externalURL: z.string().optional(),
  truncatedAlerts: z.number().int().nonnegative().default(0),
  alerts: z.array(z.unknown()),
});
const alert = z.object({
  status: z.enum(['firing', 'resolved']).optional(),
  labels: strings,
  annotations: strings.default({}),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().min(1).max(128).optional(),
});
type Alert = z.infer<typeof alert>;

/** Go's zero time: Alertmanager writes it as the end of an alert that still fires. */
const isZero = (at: Temporal.Instant): boolean => at.epochMilliseconds <= -62_135_596_800_000;
const DEFAULT_SEVERITY = 3;
const HEADLINE_MAX = 300;
/** What an alert is, not where: these never name an endpoint. */
const ABOUT = new Set(['alertname', 'severity', 'priority', 'team', 'receiver', 'prometheus', 'monitor']);

/** Reads one delivery. `now` stands in for a missing time. */
export function readAlertmanager(body: unknown, now: Temporal.Instant): HookReading {
  const nothing: HookReading = { signals: [], facts: [], unknown: [], malformed: [] };
  const parsed = isObject(body) ? delivery.safeParse(body) : undefined;
  if (!parsed?.success) {
    const why = parsed ? whyOf(parsed.error) : 'a delivery must be an object';
    return { ...nothing, malformed: [{ index: 0, why, body }] };
  }
  const { alerts, truncatedAlerts, ...group } = parsed.data;
  const signals: Signal[] = [];
  const malformed: Malformed[] = [];
  for (const [index, raw] of alerts.entries()) {
    const one = alert.safeParse(raw);
    if (one.success) signals.push(signalOf(one.data, group, now));
    else malformed.push({ index, why: whyOf(one.error), body: raw });
  }
  if (truncatedAlerts > 0) {
    const why = `${truncatedAlerts} more alerts of the group were left out by the sender: raise max_alerts there`;
    malformed.push({ index: alerts.length, why });
  }
  return { ...nothing, signals, malformed };
}

function signalOf(
  { labels, annotations, ...one }: Alert,
  group: Omit<z.infer<typeof delivery>, 'alerts' | 'truncatedAlerts'>,
  now: Temporal.Instant,
): Signal {
  const notes = { ...group.commonAnnotations, ...annotations };
  const startedAt = timeOf(one.startsAt) ?? now;
  const end = timeOf(one.endsAt);
  // Without a word about it, an end that has passed says it.
  const over = one.status ?? (end && end.epochMilliseconds <= now.epochMilliseconds ? 'resolved' : 'firing');
  // Who ends an alert by hand may say so with a time before its beginning: it ended all the same.
  const endedAt = over === 'resolved' ? later(end ?? now, startedAt) : undefined;
  const arm = Object.values(labels).find((value) => value.startsWith('/subscriptions/'));
  const place = mergePlaces(placeOfLabels(labels), placeOfArmId(arm ?? ''));
  const rule = plain(labels['alertname'] ?? '') || 'unnamed rule';
  // The same labels are the same alert to Alertmanager; the fingerprint is their hash, the same from each of a cluster.
  const fingerprint = one.fingerprint ?? shortHash(Object.entries(labels).sort());
  const dimensions = Object.fromEntries(Object.entries(labels).filter(([name]) => !ABOUT.has(name)));
  const description = plain(notes['description'] ?? notes['message'] ?? '');
  const said = plain(notes['summary'] ?? notes['title'] ?? '') || description;
  const where = place.endpoint || place.workspace ? placeOf(place) : labels['instance'];
  const link = [notes['runbook_url'], one.generatorURL, group.externalURL].map(safeLink).find(Boolean);
  return {
    source: 'alertmanager',
    // It repeats what fires as often as its configuration says: once is enough, unless what it says has changed.
    eventKey: `alertmanager:${fingerprint}|${over}|${startedAt}|${endedAt && end ? end : ''}|${shortHash(notes)}`,
    kind: kindOfWords(`${labels['kind'] ?? ''} ${rule}`),
    condition: over === 'resolved' ? 'resolved' : 'fired',
    dedupKey: `alertmanager:${fingerprint}${place.endpoint ? `@${place.endpoint.toLowerCase()}` : ''}`,
    ...place,
    rule,
    severity: severityOfWord(labels['severity']) ?? severityOfWord(labels['priority']) ?? DEFAULT_SEVERITY,
    startedAt,
    ...(endedAt ? { endedAt } : {}),
    ...(over === 'firing' && end && end.epochMilliseconds > now.epochMilliseconds ? { expiresAt: end } : {}),
    headline: (said || `${rule} fires${where ? ` on ${plain(where)}` : ''}`).slice(0, HEADLINE_MAX),
    details: {
      dimensions,
      ...(description ? { description } : {}),
      ...(link ? { link } : {}),
    },
    labels,
    rawType: 'alertmanager/4',
    stateless: false,
  };
}

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  a.epochMilliseconds < b.epochMilliseconds ? b : a;

function timeOf(text: string | undefined): Temporal.Instant | undefined {
  const at = instantOf(text);
  return at && !isZero(at) ? at : undefined;
}
