import { Temporal } from 'temporal-polyfill';
import { digestOf } from '../core/canonical.ts';
import { EVIDENCE_KINDS, type EvidenceKind } from '../core/organisation.ts';

/** One thing that was found out about a model version. */
export interface Finding {
  kind: EvidenceKind;
  /** `failed`: it was looked at and is not good enough. `missing`: there is nothing to look at. */
  state: 'present' | 'missing' | 'failed';
  /** One sentence with the number that matters. */
  summary: string;
  /** Where it comes from: "run train-fraud-detector-8", "GitHub northwind-ml/fraud-detector". */
  source: string;
  /** When the fact itself is from, not when it was looked up. */
  asOf: Temporal.Instant;
  body: object;
  /**
   * What the digest covers, when that is less than all of `body`: numbers that move by themselves (drift of last night,
   * cost of the month) bind a vote by their verdict only, or no vote would outlive a night.
   */
  binding?: object;
  /** The source did not answer, so this says nothing about the version. */
  unreachable?: boolean;
}

/** Of what is stored, so that whoever has the stored finding alone finds the same: an instant, say, is its text. */
export const findingDigest = ({
  kind,
  state,
  body,
  binding,
}: Pick<Finding, 'state' | 'body' | 'binding'> & { kind: string }): string =>
  digestOf(JSON.parse(JSON.stringify([kind, state, binding ?? body])));

/** What is stored of a finding. */
export interface StoredFinding {
  id: string;
  kind: string;
  state: 'present' | 'missing' | 'failed';
  summary: string;
  source: string;
  digest: string;
  as_of: string;
  checked_at: string;
  by: string;
  body: object;
}

export interface GateItem {
  kind: EvidenceKind;
  required: boolean;
  state: 'present' | 'missing' | 'stale' | 'failed';
  summary: string;
  source?: string;
  digest?: string;
  asOf?: Temporal.Instant;
  /** Minutes that it may be old; of what is required. */
  limit?: number;
  body?: object;
}

/**
 * The gate in front of the vote: what is required by the risk class, each with how old it may be (minutes), against what
 * was found. Open when every required item is there, good and young enough. Nothing found is shown as missing.
 */
export function gate(
  now: Temporal.Instant,
  required: Readonly<Partial<Record<EvidenceKind, number | undefined>>>,
  found: readonly StoredFinding[],
): { open: boolean; items: readonly GateItem[]; lacking: readonly string[] } {
  const byKind = new Map(found.map((finding) => [finding.kind, finding]));
  const items = EVIDENCE_KINDS.flatMap((kind): GateItem[] => {
    const limit = required[kind];
    const finding = byKind.get(kind);
    if (!finding)
      return limit === undefined
        ? []
        : [{ kind, required: true, state: 'missing', summary: 'not looked at yet', limit }];
    const asOf = Temporal.Instant.from(finding.as_of);
    const age = (now.epochMilliseconds - asOf.epochMilliseconds) / 60_000;
    const stale = finding.state === 'present' && limit !== undefined && age > limit;
    return [
      {
        kind,
        required: limit !== undefined,
        state: stale ? 'stale' : finding.state,
        summary: stale ? `${finding.summary} (${tooOld(age, limit)})` : finding.summary,
        source: finding.source,
        digest: finding.digest,
        asOf,
        ...(limit === undefined ? {} : { limit }),
        body: finding.body,
      },
    ];
  });
  const lacking = items
    .filter(({ required: needed, state }) => needed && state !== 'present')
    .map(({ kind, state, summary }) => `${WORDS[kind]} ${STATE_WORDS[state]}: ${summary}`);
  return { open: lacking.length === 0, items, lacking };
}

const STATE_WORDS = { present: 'is there', missing: 'is missing', stale: 'is too old', failed: 'is not good enough' };

/** How people call them. */
export const WORDS: Readonly<Record<EvidenceKind, string>> = {
  'model-card': 'model card',
  metrics: 'metrics',
  fairness: 'fairness',
  explanation: 'explanation',
  drift: 'drift',
  robustness: 'robustness',
  tests: 'tests of the pipeline',
  review: 'code review',
  reproducibility: 'reproducibility',
  'data-quality': 'data quality',
  package: 'serving image',
  identity: 'identity and network',
  cost: 'cost of serving',
  risk: 'risk class',
};

/** "4 days old, at most 3 days"; in words a few minutes too many are none. */
const tooOld = (age: number, limit: number): string =>
  `${ageWords(age) === ageWords(limit) ? 'more than ' : ''}${ageWords(age)} old, at most ${ageWords(limit)}`;

export const ageWords = (minutes: number): string =>
  minutes >= 2880
    ? `${Math.floor(minutes / 1440)} days`
    : minutes >= 60
      ? `${Math.floor(minutes / 60)} h`
      : `${Math.floor(minutes)} min`;
