import type { Joined, ScoreBin } from '../drift/index.ts';

/** A share with its 95 % interval. */
export interface Share {
  value: number;
  low: number;
  high: number;
  n: number;
}

export interface Performance {
  accuracy: Share;
  precision: Share | undefined;
  recall: Share | undefined;
}

export interface LabelsReading {
  coverage: number;
  /** Coverage of requests older than the expected wait: what never comes. */
  settledCoverage: number | undefined;
  measured: Performance | undefined;
  /**
   * What is assumed of the requests without a label, from their calibrated scores: an estimate, without an interval of its
   * own, right only as long as scores mean now what they meant for the labelled requests.
   */
  estimated: { accuracy: number; precision: number | undefined; recall: number | undefined; n: number } | undefined;
  /** Expected calibration error of the scores on the labelled requests, 0 to 1; and whether they were mended by it. */
  calibration: { error: number; mended: boolean } | undefined;
}

const Z95 = 1.959963984540054;
const LEAST_LABELS = 100;
/** From this expected error on scores are replaced by what their bin turned out to be. */
const MEND_FROM = 0.02;
/** A bin with fewer labels does not mend anything. */
const LEAST_IN_BIN = 20;

/** Wilson's interval (1927): also right near 0 and 1, and for few. */
export function wilson(successes: number, n: number): Share {
  if (n === 0) return { value: Number.NaN, low: 0, high: 1, n };
  const [p, z2] = [successes / n, Z95 * Z95];
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return { value: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half), n };
}

/**
 * Performance measured on labels, and estimated where they are still missing: the expected confusion matrix from
 * calibrated scores, the idea of NannyML's CBPE (docs/how_it_works/performance_estimation.rst).
 */
export function readLabels(joined: Joined, settledBefore: string): LabelsReading {
  const { bins, days, predictions, labelled } = joined;
  const settled = days.filter(({ day }) => day < settledBefore);
  const settledTotal = sum(settled.map((each) => each.predictions));
  const enough = labelled >= LEAST_LABELS;
  const calibration = enough ? calibrationOf(bins) : undefined;
  return {
    coverage: predictions > 0 ? labelled / predictions : 0,
    settledCoverage: settledTotal > 0 ? sum(settled.map((each) => each.labelled)) / settledTotal : undefined,
    measured: enough ? measured(bins) : undefined,
    estimated: estimated(bins, calibration?.mended ?? false),
    calibration,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const over = (bins: readonly ScoreBin[], says: 0 | 1, pick: (bin: ScoreBin) => number): number =>
  sum(bins.filter((bin) => bin.says === says).map(pick));

function measured(bins: readonly ScoreBin[]): Performance {
  const tp = over(bins, 1, (bin) => bin.positives);
  const fp = over(bins, 1, (bin) => bin.labelled - bin.positives);
  const fn = over(bins, 0, (bin) => bin.positives);
  const tn = over(bins, 0, (bin) => bin.labelled - bin.positives);
  return {
    accuracy: wilson(tp + tn, tp + fp + fn + tn),
    precision: tp + fp > 0 ? wilson(tp, tp + fp) : undefined,
    recall: tp + fn > 0 ? wilson(tp, tp + fn) : undefined,
  };
}

function calibrationOf(bins: readonly ScoreBin[]): { error: number; mended: boolean } {
  const total = sum(bins.map((bin) => bin.labelled));
  const error = sum(bins.map((bin) => Math.abs(bin.positives - bin.labelledScore))) / total;
  return { error, mended: error >= MEND_FROM };
}

function estimated(bins: readonly ScoreBin[], mend: boolean): LabelsReading['estimated'] {
  const waiting = sum(bins.map((bin) => bin.waiting));
  if (waiting === 0) return undefined;
  const positives = (bin: ScoreBin): number =>
    mend && bin.labelled >= LEAST_IN_BIN ? (bin.waiting * bin.positives) / bin.labelled : bin.waitingScore;
  const tp = over(bins, 1, positives);
  const fp = over(bins, 1, (bin) => bin.waiting) - tp;
  const fn = over(bins, 0, positives);
  const tn = over(bins, 0, (bin) => bin.waiting) - fn;
  return {
    n: waiting,
    accuracy: (tp + tn) / waiting,
    precision: tp + fp > 0 ? tp / (tp + fp) : undefined,
    recall: tp + fn > 0 ? tp / (tp + fn) : undefined,
  };
}
