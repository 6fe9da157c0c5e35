import { Decimal } from 'decimal.js';

/** Four weeks of a service-level objective, as Google's error-budget policy counts them (SRE workbook, appendix B). */
export interface BudgetInput {
  /** 0.999. */
  slo: number;
  requests: number;
  errors: number;
}

export interface Budget {
  /** Errors that are allowed in the four weeks. Exact: 0.1 % of a million is 1,000 and not a little more. */
  allowed: number;
  spent: number;
  left: number;
  /** Share of the budget that is spent; Infinity when there is none. */
  share: number;
  /** Only when it is exceeded; at the budget one may still release. */
  frozen: boolean;
}

export function errorBudget({ slo, requests, errors }: BudgetInput): Budget {
  const allowed = new Decimal(1).minus(slo).times(requests);
  const spent = new Decimal(errors);
  return {
    allowed: allowed.toNumber(),
    spent: errors,
    left: allowed.minus(spent).toNumber(),
    share: allowed.isZero() ? (errors > 0 ? Number.POSITIVE_INFINITY : 0) : spent.div(allowed).toNumber(),
    frozen: spent.greaterThan(allowed),
  };
}

/** What may be released although the budget is exceeded. */
export const BUDGET_EXEMPT = ['security', 'emergency', 'rollback'] as const;

/** One incident that ate more than a fifth of the budget of four weeks is written up. */
export const postmortemRequired = (incidentErrors: number, budgetErrors: number): boolean =>
  new Decimal(incidentErrors).greaterThan(new Decimal(budgetErrors).times('0.2'));
