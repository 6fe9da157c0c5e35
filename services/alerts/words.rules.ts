import type { SignalKind, SignalSeverity } from './signal.ts';

/**
 * What the words of senders mean that have no schema for it (Prometheus labels, scripts). Alertmanager gives labels no
 * meaning (prometheus.io/docs/alerting/latest/clients); these are the words that published rule sets use.
 */
const SEVERITIES: Readonly<Record<string, SignalSeverity>> = {
  critical: 0,
  crit: 0,
  page: 0,
  fatal: 0,
  emergency: 0,
  disaster: 0,
  error: 1,
  err: 1,
  high: 1,
  major: 1,
  warning: 2,
  warn: 2,
  medium: 2,
  moderate: 2,
  minor: 2,
  ticket: 2,
  info: 3,
  information: 3,
  informational: 3,
  notice: 3,
  low: 3,
  none: 4,
  debug: 4,
  verbose: 4,
  ok: 4,
};

/** "critical", "sev1", "P2", "3"; `undefined` for a word nobody knows. P1 is the first of a list that has no P0. */
export function severityOfWord(word: string | undefined): SignalSeverity | undefined {
  const text = word?.trim().toLowerCase() ?? '';
  if (Object.hasOwn(SEVERITIES, text)) return SEVERITIES[text];
  const numbered = /^(?:(sev|severity|s|p)[ -]?)?(\d)$/.exec(text);
  if (!numbered) return undefined;
  const level = Number(numbered[2]) - (numbered[1] === 'p' ? 1 : 0);
  return Math.min(4, Math.max(0, level)) as SignalSeverity;
}

const KINDS: readonly (readonly [SignalKind, RegExp])[] = [
  ['drift', /\b(drift|drifted|psi)\b/],
  ['latency', /\b(latency|slow|p9\d|response time)\b/],
  ['budget', /\b(budget|spend|spending)\b/],
  ['availability', /\b(down|absent|unavailable|unreachable|availability|not ready|crash|probe)\b/],
  ['errors', /\b(errors?|failure rate)\b|5xx/],
];

/** The kind that a rule's name tells ("EpFraudHighLatency", "model_drift"): the first of the list that it names. */
export function kindOfWords(name: string): SignalKind {
  const words = name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();
  // An error budget is about errors, not about money.
  if (/\berror budget\b/.test(words)) return 'errors';
  return KINDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other';
}
