/**
 * What a model that says yes or no is worth in a year, and what it loses when it gets worse:
 * `N·(π·TPR·v − (1−π)·FPR·cFP − π·(1−TPR)·cFN)` (the business-value matrix of NannyML, rows are what is true).
 */
export interface Confusion {
  /** Decisions in a year. */
  decisions: number;
  /** Share of true cases, 0 to 1. */
  prevalence: number;
  /** Money of a true case that is found, of a false alarm, and of a true case that is missed; costs are positive. */
  truePositive: number;
  falsePositiveCost: number;
  falseNegativeCost: number;
}

/** Yearly value at these rates (0 to 1), in the currency of the money. Throws a RangeError when a share is none. */
export function annualValue(model: Confusion, rates: { tpr: number; fpr: number }): number {
  for (const [name, share] of Object.entries({ prevalence: model.prevalence, tpr: rates.tpr, fpr: rates.fpr })) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} is a share: from 0 to 1, not ${share}`);
  }
  const { decisions, prevalence, truePositive, falsePositiveCost, falseNegativeCost } = model;
  return (
    decisions *
    (prevalence * rates.tpr * truePositive -
      (1 - prevalence) * rates.fpr * falsePositiveCost -
      prevalence * (1 - rates.tpr) * falseNegativeCost)
  );
}
