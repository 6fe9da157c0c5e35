/** A pilot is judged by what was written down before it began: metric, direction, target, failure threshold, sample, day. */
export interface Criterion {
  id: string;
  metric: string;
  unit?: string;
  direction: 'up' | 'down';
  baseline: number;
  /** Reached: it succeeded. */
  target: number;
  /** At or beyond it on the wrong side: it failed, however the others stand. */
  failure?: number;
  /** Fewer cases than this prove nothing. */
  minSample: number;
}

export interface Measured {
  value: number;
  sample: number;
  /** 95 % interval, where one is known: what lies on both sides of the target is not decided. */
  interval?: { low: number; high: number };
  /** When it was measured, where that is not when it was written down; ISO 8601. */
  takenAt?: string;
}

export type CriterionVerdict = 'met' | 'missed' | 'failed' | 'not-enough-data' | 'not-measured' | 'undecided';
export interface Judged {
  criterion: string;
  verdict: CriterionVerdict;
  /** The arithmetic, in words. */
  because: string;
}
export type PilotVerdict = 'succeeded' | 'failed' | 'inconclusive' | 'running';

const reaches = (direction: 'up' | 'down', value: number, mark: number): boolean =>
  direction === 'up' ? value >= mark : value <= mark;

/** One criterion against what was measured last. */
export function judge(criterion: Criterion, measured: Measured | undefined): Judged {
  const { id, metric, direction, target, failure, minSample } = criterion;
  const said = (verdict: CriterionVerdict, because: string): Judged => ({ criterion: id, verdict, because });
  if (!measured) return said('not-measured', `${metric} has no result yet`);
  const { value, sample, interval } = measured;
  const counted = `${metric} is ${value} on ${sample} cases`;
  if (sample < minSample) return said('not-enough-data', `${counted}; at least ${minSample} are needed`);
  if (failure !== undefined && reaches(direction === 'up' ? 'down' : 'up', value, failure))
    return said('failed', `${counted}, at or beyond the failure threshold ${failure}`);
  const sign = direction === 'up' ? '≥' : '≤';
  if (interval) {
    const [worst, best] = direction === 'up' ? [interval.low, interval.high] : [interval.high, interval.low];
    if (!reaches(direction, worst, target) && reaches(direction, best, target))
      return said(
        'undecided',
        `${counted}; the interval ${interval.low} to ${interval.high} holds the target ${target}`,
      );
  }
  return reaches(direction, value, target)
    ? said('met', `${counted} ${sign} ${target}`)
    : said('missed', `${counted}, the target is ${sign} ${target}`);
}

/**
 * The pilot as a whole. One failure fails it at once; all met succeed it; at the deadline anything missed fails it, and
 * anything that could not be decided makes it inconclusive. Before the deadline it is running.
 */
export function verdictOf(judged: readonly Judged[], over: boolean): { verdict: PilotVerdict; because: string } {
  const of = (verdict: CriterionVerdict) => judged.filter((each) => each.verdict === verdict);
  const words = (list: readonly Judged[]) => list.map(({ because }) => because).join('; ');
  if (judged.length === 0) return { verdict: over ? 'inconclusive' : 'running', because: 'no criterion was agreed' };
  const failed = of('failed');
  if (failed.length > 0) return { verdict: 'failed', because: words(failed) };
  if (of('met').length === judged.length) return { verdict: 'succeeded', because: words(judged) };
  if (!over) return { verdict: 'running', because: words(judged.filter(({ verdict }) => verdict !== 'met')) };
  const missed = of('missed');
  if (missed.length > 0) return { verdict: 'failed', because: words(missed) };
  return { verdict: 'inconclusive', because: words(judged.filter(({ verdict }) => verdict !== 'met')) };
}
