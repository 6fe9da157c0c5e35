import type { Temporal } from 'temporal-polyfill';
import { messageOf, Refused, Unavailable } from '../core/errors.ts';
import { EVIDENCE_KINDS, type EvidenceKind } from '../core/organisation.ts';
import { type Finding, WORDS } from './evidence.rules.ts';
import { type About, MOST_EVIDENCE_BYTES, parsed } from './evidence-about.ts';
import * as estate from './evidence-estate.ts';
import * as model from './evidence-model.ts';

/** How each kind is found out. */
const COLLECTORS: Readonly<Record<EvidenceKind, (about: About) => Promise<Omit<Finding, 'kind'>>>> = {
  'model-card': model.modelCard,
  metrics: model.metrics,
  fairness: model.fairness,
  explanation: model.explanation,
  drift: estate.drift,
  robustness: model.robustness,
  tests: estate.tests,
  review: estate.review,
  reproducibility: estate.reproducibility,
  'data-quality': model.dataQuality,
  package: estate.packaged,
  identity: estate.identity,
  cost: estate.cost,
  risk: estate.risk,
};

/** Looks at everything (or at one kind). What does not answer or cannot be read is a finding of its own, never left out. */
export async function collect(shared: About, kinds: readonly EvidenceKind[] = EVIDENCE_KINDS): Promise<Finding[]> {
  return Promise.all(
    kinds.map(async (kind): Promise<Finding> => {
      try {
        return { kind, ...(await COLLECTORS[kind](shared)) };
      } catch (error) {
        return { kind, ...unreadable(error, shared.now) };
      }
    }),
  );
}

function unreadable(error: unknown, now: Temporal.Instant): Omit<Finding, 'kind'> {
  const failed = { source: 'Wardroom', asOf: now, body: { error: messageOf(error).slice(0, 300) } };
  if (error instanceof Unavailable)
    return {
      ...failed,
      state: 'missing',
      unreachable: true,
      // What the service says of itself: "GitHub: refused Wardroom's credentials (401)".
      summary: `${messageOf(error).slice(0, 180)}; look again later`,
    };
  if (error instanceof Refused || error instanceof RangeError)
    return { ...failed, state: 'failed', summary: messageOf(error).slice(0, 200) };
  throw error;
}

/** Kinds whose file a person may attach. */
export const ATTACHABLE = ['fairness', 'explanation', 'robustness', 'data-quality', 'package'] as const;
export type Attachable = (typeof ATTACHABLE)[number];

/**
 * Reads an attached file like the one of a run. Refused with what is wrong: too large, not JSON, NaN, not of the form.
 * `source` names who attached it and from where.
 */
export function attached(shared: About, kind: Attachable, text: string, source: string): Finding {
  const name = 'it';
  if (text.length > MOST_EVIDENCE_BYTES) throw tooLarge(text.length);
  try {
    const value = parsed(text, name);
    const { now } = shared;
    if (kind === 'fairness') return { kind, ...model.fairnessFinding(shared, value, source, now) };
    if (kind === 'explanation') return { kind, ...model.explanationFinding(value, source, now) };
    if (kind === 'package') return { kind, ...estate.smokeFinding(value, source, now) };
    return { kind, ...model.checksFinding(value, name, source, now) };
  } catch (error) {
    if (error instanceof RangeError)
      throw new Refused(
        `The attached ${WORDS[kind]} cannot be used: ${messageOf(error)}.`,
        'Mend the file and attach it again; nothing was changed.',
        'bad-evidence',
      );
    throw error;
  }
}

export const tooLarge = (bytes: number): Refused =>
  new Refused(
    `The file has ${(bytes / 1024 / 1024).toFixed(1)} MB; I read up to ${MOST_EVIDENCE_BYTES / 1024 / 1024} MB.`,
    'Attach the summary (counts by group, a few thousand rows), not the whole data.',
    'too-large',
  );
