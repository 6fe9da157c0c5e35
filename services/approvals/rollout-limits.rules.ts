/**
 * When a measured thing has been looked at often enough, and when it has failed: the counting of Argo Rollouts' analysis
 * (argoproj/argo-rollouts `analysis/analysis.go`), whose limits people know.
 */
export interface Limits {
  /** Measurements that are enough; without it the measuring goes on. */
  count?: number | undefined;
  /** Failures that are still borne; -1 bears all. */
  failureLimit?: number | undefined;
  inconclusiveLimit?: number | undefined;
  /** Measurements in a row that could not be made. */
  consecutiveErrorLimit?: number | undefined;
  /** Successes in a row that end it; 0 asks for none. */
  consecutiveSuccessLimit?: number | undefined;
}

export interface Tally {
  /** Measurements that were made, whatever they said. */
  count: number;
  successful: number;
  failed: number;
  inconclusive: number;
  consecutiveSuccess: number;
  consecutiveError: number;
}

export type Phase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
export type Measurement = 'successful' | 'failed' | 'inconclusive' | 'error';

export const noTally: Tally = {
  count: 0,
  successful: 0,
  failed: 0,
  inconclusive: 0,
  consecutiveSuccess: 0,
  consecutiveError: 0,
};

const CONSECUTIVE_ERRORS = 4;

export function counted(tally: Tally, measurement: Measurement): Tally {
  if (measurement === 'error') return { ...tally, consecutiveError: tally.consecutiveError + 1, consecutiveSuccess: 0 };
  return {
    ...tally,
    count: tally.count + 1,
    [measurement]: tally[measurement] + 1,
    consecutiveError: 0,
    consecutiveSuccess: measurement === 'successful' ? tally.consecutiveSuccess + 1 : 0,
  };
}

export function assess(tally: Tally, limits: Limits): { phase: Phase; why: string } {
  const { failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = CONSECUTIVE_ERRORS } = limits;
  const wanted = limits.consecutiveSuccessLimit ?? 0;
  if (failureLimit >= 0 && tally.failed > failureLimit)
    return { phase: 'Failed', why: `failed ${tally.failed} times, ${failureLimit} are borne` };
  if (inconclusiveLimit >= 0 && tally.inconclusive > inconclusiveLimit)
    return { phase: 'Inconclusive', why: `inconclusive ${tally.inconclusive} times, ${inconclusiveLimit} are borne` };
  if (tally.consecutiveError > consecutiveErrorLimit)
    return { phase: 'Error', why: `could not be measured ${tally.consecutiveError} times in a row` };
  if (wanted > 0 && tally.consecutiveSuccess >= wanted)
    return { phase: 'Successful', why: `held ${tally.consecutiveSuccess} times in a row` };
  if (tally.count === 0 && tally.consecutiveError === 0) return { phase: 'Pending', why: 'not measured yet' };
  if (limits.count === undefined || tally.count < limits.count)
    return { phase: 'Running', why: limits.count ? `${tally.count} of ${limits.count} looks` : 'goes on' };
  if (wanted === 0) return { phase: 'Successful', why: `${tally.count} looks` };
  // With both limits set, neither was reached; with the failures switched off, the row of successes was all it asked for.
  return failureLimit >= 0 && limits.failureLimit !== undefined
    ? { phase: 'Inconclusive', why: `never held ${wanted} times in a row` }
    : { phase: 'Failed', why: `never held ${wanted} times in a row` };
}
