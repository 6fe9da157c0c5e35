import { QUESTIONS, type Section } from './questions.ts';
import type { RiskVerdict } from './risk.rules.ts';
import {
  type Axes,
  type Axis,
  benefitPoints,
  dataOf,
  feasibilityOf,
  type Gate,
  gate,
  type Lever,
  levers,
  range,
  type Scored,
  type Spread,
  score,
  type Weights,
} from './score.rules.ts';

/** Answers by question; numbers and money as decimal text, as they were typed. */
export type Answered = Readonly<Record<string, string | undefined>>;

export interface Standing {
  gate: Gate;
  /** Axes that are known. */
  axes: { [K in Axis]: number | undefined } & { confidence: number; risk: number };
  /** The weakest link of the data. */
  weakest: string | undefined;
  /** When every axis is known. */
  scored: Scored | undefined;
  /** With its range, when the benefit has one. */
  range: Spread | undefined;
  /** While axes are unknown: the score with all of them at 0, and at 100. */
  between: { low: number; high: number } | undefined;
  levers: readonly Lever[];
  /** Mandatory questions without an answer, by section. */
  missing: Readonly<Record<Section, readonly string[]>>;
}

const CONFIDENCE: Readonly<Record<string, number>> = { measured: 1, estimated: 0.8, guessed: 0.5 };
/** Nobody said how sure it is: then it is not. */
const UNSAID = 0.5;

const numberOf = (text: string | undefined): number | undefined => {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};
/** A rating of 1 to 5 as 0 to 100. */
const rated = (text: string | undefined): number | undefined => {
  const value = numberOf(text);
  return value === undefined ? undefined : (Math.min(5, Math.max(1, value)) - 1) * 25;
};

/** Everything that follows from the answers. Without a risk verdict the risk counts as minimal, and is among the missing. */
export function standing(answers: Answered, risk: RiskVerdict | undefined, weights: Weights): Standing {
  const likely = numberOf(answers['benefitLikely']);
  const data = dataOf({
    availability: rated(answers['availability']),
    labels: rated(answers['labelsReady']),
    quality: rated(answers['quality']),
    'legal access': rated(answers['legalReady']),
  });
  const known = {
    value: likely === undefined ? undefined : benefitPoints(likely),
    feasibility: feasibilityOf({
      method: rated(answers['method']),
      integration: rated(answers['integrationReady']),
      skills: rated(answers['skills']),
      latency: rated(answers['latencyReady']),
    }),
    data: data?.data,
    strategic: rated(answers['strategicFit']),
    confidence: CONFIDENCE[answers['confidence'] ?? ''] ?? UNSAID,
    risk: risk?.factor ?? 0,
  };
  const filled = (value: number): Axes => ({
    ...known,
    value: known.value ?? value,
    feasibility: known.feasibility ?? value,
    data: known.data ?? value,
    strategic: known.strategic ?? value,
  });
  const complete = [known.value, known.feasibility, known.data, known.strategic].every((axis) => axis !== undefined);
  const [low, high] = [numberOf(answers['benefitLow']), numberOf(answers['benefitHigh'])];
  const spread = likely === undefined || low === undefined || high === undefined ? undefined : { low, likely, high };
  const weakest = data?.weakest;
  return {
    gate: gate({
      risk: known.risk,
      owner: Boolean(answers['owner']),
      baseline: numberOf(answers['baseline']) !== undefined && Boolean(answers['baselineMetric']),
      data: known.data,
    }),
    axes: known,
    weakest,
    scored: complete ? score(filled(0), weights) : undefined,
    range: complete && spread ? range(filled(0), spread, weights) : undefined,
    between: complete ? undefined : { low: score(filled(0), weights).score, high: score(filled(100), weights).score },
    levers: complete
      ? levers(
          filled(0),
          { ...(weakest ? { weakest } : {}), ...(likely === undefined ? {} : { benefit: likely }) },
          weights,
        )
      : [],
    missing: missingOf(answers),
  };
}

function missingOf(answers: Answered): Standing['missing'] {
  const missing: Record<Section, string[]> = { idea: [], worth: [], data: [], build: [], risk: [] };
  for (const { id, section, label, mandatory } of QUESTIONS) {
    if (mandatory && !answers[id]?.trim()) missing[section].push(label);
  }
  return missing;
}

/** Answers that contradict each other, in words; empty when they fit. */
export function contradictions(answers: Answered): string[] {
  const [low, likely, high] = ['benefitLow', 'benefitLikely', 'benefitHigh'].map((id) => numberOf(answers[id]));
  const found: string[] = [];
  if (low !== undefined && likely !== undefined && low > likely)
    found.push('the least benefit is above the likely one');
  if (likely !== undefined && high !== undefined && likely > high) found.push('the likely benefit is above the most');
  if (numberOf(answers['baseline']) !== undefined && numberOf(answers['baseline']) === numberOf(answers['target']))
    found.push('the target is the value of today: nothing would change');
  if (answers['currency'] && !isCurrency(answers['currency']))
    found.push(`${answers['currency']} is no currency of ISO 4217`);
  return found;
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** Three letters that ISO 4217 has given to a currency. */
export const isCurrency = (text: string): boolean => CURRENCIES.has(text);
