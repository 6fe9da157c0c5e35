import { Decimal } from 'decimal.js';
import { cash } from '../core/counted.ts';
import type { DriftContext, Endpoint, Organisation } from '../core/organisation.ts';
import { endpointOf } from './deps.ts';

/** 0 is the worst, as in Azure Monitor's Sev0 to Sev4: what the signal of our own alarm carries. */
export type SignalSeverity = 0 | 1 | 2 | 3 | 4;
type Business = Pick<Endpoint['business'], 'moneyPerHour' | 'unit' | 'unitsPerHour' | 'riskClass'>;

export interface Judged {
  severity: SignalSeverity;
  /** "about €2,800 an hour and 1,900 payments are touched by amount" */
  because: string;
  atRisk?: { amount: string; currency: string };
  unitsPerHour?: number;
  unit?: string;
}

/** From this much money an hour on it is one, two levels worse; the same steps as for incidents. */
const MONEY_LEVELS = ['1000', '10000'] as const;
/** From this many of whatever is counted in an hour on it is one level worse. */
const UNITS_LEVEL = 5_000;
const SEVERE_RATIO = 2;

/**
 * The severity of drift from what it touches: the context of the drifting features where there is one (the one with the
 * most money leads), else of the endpoint. Drift begins as information (Sev3); money, the number of people touched, twice
 * its limit and the high-risk class each raise it, together to Sev1 at most: only an outage is Sev0.
 */
export function driftSeverity(
  features: readonly { feature: string; value: number; limit: number }[],
  contexts: readonly DriftContext[],
  business: Business,
): Judged {
  const own = contexts.filter((context) => features.some(({ feature }) => feature === context.feature));
  const lead = [...own].sort((a, b) => amountOf(b).cmp(amountOf(a)))[0];
  const money = lead?.moneyPerHour ?? business.moneyPerHour;
  const units = lead?.unitsPerHour ?? business.unitsPerHour;
  const unit = lead?.unit ?? business.unit ?? 'requests';
  const reasons: string[] = [];
  let raised = 0;
  if (money) {
    raised += MONEY_LEVELS.filter((level) => new Decimal(money.amount).gte(level)).length;
    reasons.push(`about ${cash(money)} an hour`);
  }
  if (units !== undefined) {
    if (units >= UNITS_LEVEL) raised += 1;
    reasons.push(`${grouped(String(units))} ${unit} an hour`);
  }
  const touched =
    reasons.length > 0
      ? `${reasons.join(' and ')} ${lead ? `go by ${lead.feature}` : 'go through it'}`
      : 'what is at risk is not known';
  const more: string[] = [];
  const ratio = Math.max(0, ...features.map(({ value, limit }) => (limit > 0 ? value / limit : 1)));
  if (ratio >= SEVERE_RATIO) {
    raised += 1;
    more.push(`${Number(ratio.toFixed(1))} times the limit`);
  }
  if (business.riskClass === 'high') {
    raised += 1;
    more.push('a high-risk use case');
  }
  const severity = Math.max(1, 3 - raised) as SignalSeverity;
  return {
    severity,
    because: [touched, ...more].join('; '),
    ...(money ? { atRisk: money } : {}),
    ...(units === undefined ? {} : { unitsPerHour: units, unit }),
  };
}

/** The severity of this drift of an endpoint of wardroom.yaml. Throws `Refused` for another. */
export function judgeDrift(
  organisation: Organisation,
  endpoint: string,
  features: Parameters<typeof driftSeverity>[0],
): Judged {
  const contexts = organisation.driftContexts.filter((each) => each.endpoint === endpoint);
  return driftSeverity(features, contexts, endpointOf(organisation, endpoint, false).business);
}

const amountOf = ({ moneyPerHour }: DriftContext): Decimal => new Decimal(moneyPerHour?.amount ?? 0);

const grouped = (amount: string): string =>
  amount.replace(/^\d+/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ','));
