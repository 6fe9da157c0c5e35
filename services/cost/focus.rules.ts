import { type Amount, type Decimal, decimal, displayed, percentOf, ZERO } from './money.rules.ts';

/** The rules of FOCUS 1.x (FinOps Open Cost and Usage Specification) that answers depend on. */

export type ChargeCategory = 'Usage' | 'Purchase' | 'Tax' | 'Credit' | 'Adjustment';

export interface FocusCharge {
  ChargeCategory: string;
  /** `Used` or `Unused` for usage of a commitment. */
  CommitmentDiscountStatus?: string | null | undefined;
  /** Reservation, Savings Plan; null for what is not committed. */
  CommitmentDiscountType?: string | null | undefined;
  BilledCost?: Amount | null | undefined;
  EffectiveCost?: Amount | null | undefined;
  ListCost?: Amount | null | undefined;
  ContractedCost?: Amount | null | undefined;
  BillingCurrency?: string | null | undefined;
}

export interface Problem {
  column: string;
  why: string;
}

/** What is wrong with one row: mandatory metrics are never null, a purchase for the future has no effective cost. */
export function chargeProblems(row: FocusCharge): Problem[] {
  const problems: Problem[] = [];
  for (const column of ['BilledCost', 'EffectiveCost'] as const) {
    if (column in row && (row[column] === null || row[column] === undefined)) {
      problems.push({ column, why: `${column} must not be null` });
    }
  }
  if (row.ChargeCategory === 'Purchase' && row.EffectiveCost != null && !decimal(row.EffectiveCost).isZero()) {
    problems.push({
      column: 'EffectiveCost',
      why: 'EffectiveCost must be 0 for a purchase that covers future charges, or it is counted twice',
    });
  }
  return problems;
}

export interface Invariant {
  valid: boolean;
  billed: Decimal;
  effective: Decimal;
  /** Billed and not yet in any effective cost; below zero when more is amortised than was bought. */
  missingEffective: Decimal;
  problems: Problem[];
}

/** Over a commitment's whole term what was billed for it equals its effective cost, used and unused. */
export function commitmentInvariant(rows: readonly FocusCharge[]): Invariant {
  let billed = ZERO;
  let effective = ZERO;
  for (const row of rows) {
    billed = billed.plus(decimal(row.BilledCost ?? 0));
    effective = effective.plus(decimal(row.EffectiveCost ?? 0));
  }
  const problems = rows.flatMap(chargeProblems);
  const missingEffective = billed.minus(effective);
  // Amortised hours are thirds and twelfths with an end: what is not a cent is not missing.
  const whole = displayed(missingEffective, rows[0]?.BillingCurrency ?? undefined).isZero();
  return { valid: whole && problems.length === 0, billed, effective, missingEffective, problems };
}

export interface SavingsSummary {
  list: Decimal;
  effective: Decimal;
  /** List minus contracted: what the contract gives. */
  negotiatedSavings: Decimal;
  /** Contracted minus effective where a commitment was used, before its unused part. */
  commitmentSavings: Decimal;
  /** List minus effective: both, less what was committed and not used. */
  netTotalSavings: Decimal;
  unusedCommitment: Decimal;
  effectiveSavingsRatePercent: Decimal | undefined;
}

/** Purchases of commitments are left out: their cost comes back as the effective cost of what they cover. */
export function savingsSummary(rows: readonly FocusCharge[]): SavingsSummary {
  let [list, contracted, effective, unused] = [ZERO, ZERO, ZERO, ZERO];
  for (const row of rows) {
    if (row.ChargeCategory === 'Purchase' && row.CommitmentDiscountType) continue;
    const own = decimal(row.EffectiveCost ?? 0);
    effective = effective.plus(own);
    if (isUnused(row)) {
      unused = unused.plus(own);
      continue;
    }
    const ownList = decimal(row.ListCost ?? 0);
    list = list.plus(ownList);
    // Where nothing was contracted the list price holds.
    contracted = contracted.plus(decimal(row.ContractedCost ?? row.ListCost ?? 0));
  }
  const net = list.minus(effective);
  const negotiated = list.minus(contracted);
  return {
    list,
    effective,
    negotiatedSavings: negotiated,
    commitmentSavings: contracted.minus(effective.minus(unused)),
    netTotalSavings: net,
    unusedCommitment: unused,
    effectiveSavingsRatePercent: percentOf(net, list),
  };
}

const isUnused = ({ CommitmentDiscountStatus: status, ChargeCategory: category }: FocusCharge): boolean =>
  status?.toLowerCase() === 'unused' || /usage.?unused/i.test(category);
