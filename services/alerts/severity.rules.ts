import { Decimal } from 'decimal.js';
import type { Temporal } from 'temporal-polyfill';
import { cash } from '../core/counted.ts';
import type { Endpoint } from '../core/organisation.ts';
import { driftRatio, type Signal } from './signal.ts';

/** 1 is the worst: people are woken. 4 is for information. */
export type Severity = 1 | 2 | 3 | 4;
type Business = Pick<Endpoint['business'], 'moneyPerHour' | 'unit' | 'unitsPerHour' | 'riskClass'>;

/**
 * Money at risk per hour from which an incident is one, and two, levels worse. Amounts are compared in the currency they
 * are written in, without conversion: the levels differ tenfold, exchange rates of the usual currencies do not.
 */
export const MONEY_PER_HOUR_LEVELS = ['1000', '10000'] as const;
/** Drift at this many times its limit is one level worse. */
export const SEVERE_DRIFT_RATIO = 2;
/** However much speaks for it, a signal rises by no more: information does not become a night call. */
const MOST_LEVELS = 2;

/**
 * SEV of an incident from all its signals and the business behind its endpoint, with the reasons in words.
 * The worst signal sets the base (Sev0 → 1, Sev1 → 2, Sev2 → 3, Sev3 and Sev4 → 4); business value, strong drift and
 * different kinds of trouble at once raise it, together by at most two. An alarm of drift of our own was judged by what it
 * touches before it was told: it counts as it is, or its business would count twice.
 */
export function severity(
  signals: readonly (Pick<Signal, 'severity' | 'kind' | 'condition' | 'details'> & { source?: Signal['source'] })[],
  business?: Business,
): { sev: Severity; reasons: readonly string[] } {
  if (signals.length === 0) return { sev: 4, reasons: ['no signal'] };
  const others = signals.filter(({ source, kind }) => !(source === 'wardroom' && kind === 'drift'));
  const judged = signals.filter((signal) => !others.includes(signal)).map((signal) => signal.severity + 1);
  const worst = Math.min(...signals.map((signal) => signal.severity));
  const reasons = [`the worst signal is Sev${worst}`];
  if (others.length === 0) {
    reasons.push('what the drift touches is counted in it');
    return { sev: Math.min(4, ...judged) as Severity, reasons };
  }
  const base = Math.min(4, ...others.map((signal) => signal.severity + 1));
  let raised = 0;
  const money = business?.moneyPerHour;
  const levels = money ? MONEY_PER_HOUR_LEVELS.filter((level) => new Decimal(money.amount).gte(level)).length : 0;
  if (money && levels > 0) {
    raised += levels;
    reasons.push(`${cash(money)} an hour at risk`);
  }
  const ratio = Math.max(0, ...others.map(ratioOf));
  if (ratio >= SEVERE_DRIFT_RATIO) {
    raised += 1;
    reasons.push(`drift is ${Number(ratio.toFixed(1))} times its limit`);
  }
  const kinds = new Set(
    signals.filter(({ kind }) => kind !== 'other' && kind !== 'deployment').map(({ kind }) => kind),
  );
  if (kinds.size > 1) {
    raised += 1;
    reasons.push(`${kinds.size} kinds of trouble at once (${[...kinds].sort().join(', ')})`);
  }
  if (business?.riskClass === 'high') {
    raised += 1;
    reasons.push('the use case is in the high-risk class');
  }
  return { sev: Math.max(1, Math.min(base - Math.min(MOST_LEVELS, raised), ...judged)) as Severity, reasons };
}

function ratioOf({ kind, details }: Pick<Signal, 'kind' | 'details'>): number {
  if (kind !== 'drift') return 0;
  const features = (details.features ?? []).map(driftRatio);
  const { value, threshold } = details;
  return Math.max(
    0,
    ...features,
    value !== undefined && threshold !== undefined ? driftRatio({ value, threshold }) : 0,
  );
}

export interface Impact {
  /** Exact decimals as strings. */
  moneyPerHour?: { amount: string; currency: string };
  moneySoFar?: { amount: string; currency: string };
  /** Whole units that passed since it began, and what they are ("payments"). */
  unitsTouched?: number;
  unit?: string;
}

/**
 * What it costs, from the start of the trouble until `until` (now, or its end). `share` is the part of the endpoint's
 * traffic concerned (0 to 1): a deployment with 10 % of the traffic puts a tenth of the money at risk.
 */
export function impact(
  startedAt: Temporal.Instant,
  until: Temporal.Instant,
  business: Business | undefined,
  share = 1,
): Impact {
  const elapsed = Math.max(0, until.epochMilliseconds - startedAt.epochMilliseconds);
  const hours = new Decimal(elapsed).div(3_600_000);
  const part = new Decimal(Math.min(1, Math.max(0, share)));
  const found: Impact = {};
  if (business?.moneyPerHour) {
    const { amount, currency } = business.moneyPerHour;
    const perHour = new Decimal(amount).mul(part);
    found.moneyPerHour = { amount: money(perHour), currency };
    found.moneySoFar = { amount: money(perHour.mul(hours)), currency };
  }
  if (business?.unitsPerHour !== undefined) {
    found.unit = business.unit ?? 'requests';
    found.unitsTouched = new Decimal(business.unitsPerHour).mul(part).mul(hours).floor().toNumber();
  }
  return found;
}

const money = (value: Decimal): string => {
  const rounded = value.toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN);
  return rounded.toFixed(rounded.isInteger() ? 0 : 2);
};
