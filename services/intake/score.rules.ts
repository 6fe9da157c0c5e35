/**
 * How a use case is scored: `score = c·(wV·V + wF·F + wD·D + wS·S)·(1 − 0.4·R)`, each axis 0 to 100. The axes are explained
 * where they are computed; the answer always comes with what each of them gave, so that nobody has to believe a number.
 * The weights (0.35, 0.25, 0.25, 0.15) follow the published consultancy rubrics (impact 35, feasibility 30, data 20, fit 15;
 * value, data and feasibility of finantrix.com); data readiness is a minimum because a chain breaks at its weakest link.
 */
export interface Weights {
  value: number;
  feasibility: number;
  data: number;
  strategic: number;
}
export const DEFAULT_WEIGHTS: Weights = { value: 0.35, feasibility: 0.25, data: 0.25, strategic: 0.15 };
export type Axis = keyof Weights;
export const AXES: readonly Axis[] = ['value', 'feasibility', 'data', 'strategic'];

/** How sure the benefit is: measured, estimated with a basis, guessed (RICE's 100, 80 and 50 %). */
export const CONFIDENCES = [0.5, 0.8, 1] as const;
/** By risk class: minimal, transparency duty, sensitive use, high-risk, prohibited. */
export const RISK_FACTORS = { minimal: 0, transparency: 0.25, sensitive: 0.5, high: 0.75, prohibited: 1 } as const;
export type RiskClass = keyof typeof RISK_FACTORS;

const RISK_WEIGHT = 0.4;
/** Below it the data questions come first, whatever the score. */
export const NEEDS_DATA_BELOW = 25;

export interface Axes {
  /** 0 to 100 each */
  value: number;
  feasibility: number;
  data: number;
  strategic: number;
  /** 0.5, 0.8 or 1 */
  confidence: number;
  /** 0 to 1, see RISK_FACTORS */
  risk: number;
}

export interface Scored {
  /** 0 to 100; 0 for a prohibited use. */
  score: number;
  /** What each axis gave before confidence and risk: weight × axis. */
  parts: readonly { axis: Axis; weight: number; axisValue: number; points: number }[];
  /** The weighted sum before confidence and risk. */
  base: number;
  /** 1 − 0.4·R */
  riskFactor: number;
}

/** The score of axes that are known; weights are normalised so that they sum to 1. */
export function score(axes: Axes, weights: Weights = DEFAULT_WEIGHTS): Scored {
  const total = AXES.reduce((sum, axis) => sum + weights[axis], 0);
  if (!(total > 0) || AXES.some((axis) => weights[axis] < 0))
    throw new RangeError('weights must not be negative, and at least one must be above 0');
  const parts = AXES.map((axis) => {
    const weight = weights[axis] / total;
    return { axis, weight, axisValue: axes[axis], points: weight * axes[axis] };
  });
  const base = parts.reduce((sum, { points }) => sum + points, 0);
  const riskFactor = 1 - RISK_WEIGHT * axes.risk;
  return {
    score: axes.risk >= RISK_FACTORS.prohibited ? 0 : axes.confidence * base * riskFactor,
    parts,
    base,
    riskFactor,
  };
}

/** Published anchors: 10 k, 100 k, 500 k, 1 M and 5 M a year are worth 10, 30, 50, 70 and 90 (bands of dyyota.com). */
const VALUE_ANCHORS: readonly (readonly [benefit: number, points: number])[] = [
  [10_000, 10],
  [100_000, 30],
  [500_000, 50],
  [1_000_000, 70],
  [5_000_000, 90],
];

/**
 * Value of a yearly benefit (one currency, whole organisation): between the anchors by the logarithm of the money, below
 * the first one in proportion, above the last one on its slope up to 100. A loss is worth 0.
 */
export function benefitPoints(benefit: number): number {
  const [first, ...rest] = VALUE_ANCHORS;
  if (!first || !(benefit > 0)) return 0;
  if (benefit <= first[0]) return (benefit / first[0]) * first[1];
  let [lowAt, lowPoints] = first;
  let slope = 0;
  for (const [at, points] of rest) {
    slope = (points - lowPoints) / Math.log(at / lowAt);
    if (benefit <= at) return lowPoints + slope * Math.log(benefit / lowAt);
    [lowAt, lowPoints] = [at, points];
  }
  return Math.min(100, lowPoints + slope * Math.log(benefit / lowAt));
}

/** Feasibility: the mean of what was rated (0 to 100 each: method maturity, integration, skills, latency). */
export function feasibilityOf(ratings: Readonly<Record<string, number | undefined>>): number | undefined {
  const known = Object.values(ratings).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Data readiness: the weakest of availability, labels, quality and legal access; it names the link that holds it back. */
export function dataOf(
  links: Readonly<Record<string, number | undefined>>,
): { data: number; weakest: string } | undefined {
  let worst: { data: number; weakest: string } | undefined;
  for (const [weakest, data] of Object.entries(links)) {
    if (data !== undefined && (worst === undefined || data < worst.data)) worst = { data, weakest };
  }
  return worst;
}

export type Gate =
  | { pass: true }
  | { pass: false; gate: 'blocked' | 'no-owner' | 'no-baseline' | 'needs-data'; why: string; next: string };

/** What must be there before a score means anything; the first that is missing is named. */
export function gate(known: {
  risk: number;
  owner: boolean;
  baseline: boolean;
  /** undefined while nobody has answered the data questions */
  data: number | undefined;
}): Gate {
  if (known.risk >= RISK_FACTORS.prohibited) {
    return {
      pass: false,
      gate: 'blocked',
      why: 'It is a prohibited practice (Article 5 of the EU AI Act).',
      next: 'Change what it does, or withdraw it; the risk office can tell which.',
    };
  }
  if (!known.owner) {
    return {
      pass: false,
      gate: 'no-owner',
      why: 'Nobody in the business owns it.',
      next: 'Name a business owner: who decides with its answers, and answers for them.',
    };
  }
  if (!known.baseline) {
    return {
      pass: false,
      gate: 'no-baseline',
      why: 'It says nothing about how well the present process works.',
      next: 'Give the metric of today and its value: without it no success can be shown.',
    };
  }
  if (known.data === undefined || known.data < NEEDS_DATA_BELOW) {
    return {
      pass: false,
      gate: 'needs-data',
      why:
        known.data === undefined
          ? 'Nobody has answered for its data yet.'
          : `Its data are rated ${Math.round(known.data)} of 100, under ${NEEDS_DATA_BELOW}.`,
      next: 'Ask the owner of the data to answer the data questions, or to say what would make them usable.',
    };
  }
  return { pass: true };
}

export interface Spread {
  low: number;
  likely: number;
  high: number;
}

/**
 * The score with its range: the low benefit and one step less confidence against the high benefit and the same
 * confidence (how much a rank may move when the benefit turns out otherwise).
 */
export function range(axes: Axes, benefit: Spread, weights?: Weights): Spread {
  const at = (money: number, confidence: number) =>
    score({ ...axes, value: benefitPoints(money), confidence }, weights).score;
  return {
    low: at(benefit.low, stepDown(axes.confidence)),
    likely: at(benefit.likely, axes.confidence),
    high: at(benefit.high, axes.confidence),
  };
}

const stepDown = (confidence: number): number =>
  [...CONFIDENCES].reverse().find((step) => step < confidence) ?? CONFIDENCES[0];

export interface Lever {
  /** In two or three words, for a picture. */
  name: string;
  /** What would have to become true. */
  change: string;
  /** Points gained, or lost. */
  effect: number;
}

/** What would change the score most: each lever moved alone, as far as it can go; the strongest first. */
export function levers(axes: Axes, known: { weakest?: string; benefit?: number }, weights?: Weights): Lever[] {
  const { weakest, benefit } = known;
  const now = score(axes, weights).score;
  const to = (name: string, change: string, over: Partial<Axes>): Lever => ({
    name,
    change,
    effect: score({ ...axes, ...over }, weights).score - now,
  });
  const found: Lever[] = [];
  if (axes.confidence < 1)
    found.push(to('benefit measured', 'the benefit is measured, not estimated', { confidence: 1 }));
  if (axes.data < 100)
    found.push(to('data ready', `its data become ready${weakest ? ` (weakest: ${weakest})` : ''}`, { data: 100 }));
  if (axes.feasibility < 100)
    found.push(to('easy to build', 'everything that makes it hard to build is solved', { feasibility: 100 }));
  if (axes.strategic < 100) found.push(to('strategic', 'it carries a first-rank strategic goal', { strategic: 100 }));
  if (benefit !== undefined && benefit > 0 && axes.value < 100)
    found.push(to('benefit doubled', 'the benefit is twice as high', { value: benefitPoints(benefit * 2) }));
  if (axes.risk > 0 && axes.risk < 1)
    found.push(to('risk avoided', 'a person decides and the use is not sensitive', { risk: 0 }));
  return found.filter(({ effect }) => Math.abs(effect) > 1e-9).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}
