import type { Selectable } from 'kysely';
import type { Tables } from '../store/tables.ts';

export type ChangeRow = Selectable<Tables['changes']>;
export type Traffic = Readonly<Record<string, number>>;

/** What a change will do: live traffic in percent per deployment, together 100. */
export interface TrafficPlan {
  workspace: string;
  traffic: Traffic;
  /** Before, as it was when the plan was made. */
  from: Traffic;
  /** "ep-fraud traffic to blue 100 %" */
  what: string;
}

export interface NewChange {
  endpoint: string;
  plan: TrafficPlan;
  request?: string;
  incident?: string;
}

export interface TrafficState {
  traffic: Traffic;
  /** ARM's provisioningState is one of the ones in between. */
  updating: boolean;
}

export interface Operation {
  status: 'running' | 'succeeded' | 'failed';
  percent?: number | undefined;
  error?: { code: string; message: string } | undefined;
}

export type Step =
  | { do: 'start'; note: string }
  | { do: 'wait'; percent: number; note: string }
  | { do: 'done'; note: string }
  | { do: 'fail'; note: string };

/**
 * What to do next, from what is stored and how Azure stands now. The endpoint's own state has the last word: an
 * operation whose address was lost with the process, or that Azure forgot, is recognised by what it did.
 */
export function nextStep(
  row: Pick<ChangeRow, 'state' | 'operation_url' | 'percent'>,
  plan: TrafficPlan,
  now: TrafficState | undefined,
  operation: Operation | undefined,
): Step {
  if (!now) return { do: 'fail', note: 'The endpoint does not exist any more.' };
  const reached = sameTraffic(now.traffic, plan.traffic) && !now.updating;
  if (operation?.status === 'failed') {
    if (operation.error?.code === 'OperationExpired') {
      return reached
        ? { do: 'done', note: sentence(plan) }
        : { do: 'start', note: 'Azure forgot the operation; starting it again' };
    }
    return { do: 'fail', note: `Azure refused: ${operation.error?.message ?? 'no reason given'}` };
  }
  if (operation?.status === 'succeeded') {
    return reached
      ? { do: 'done', note: sentence(plan) }
      : { do: 'wait', percent: 95, note: 'Azure says done; waiting until the endpoint shows it' };
  }
  if (operation) {
    const percent = Math.max(row.percent, Math.min(95, operation.percent ?? row.percent));
    return { do: 'wait', percent, note: 'Azure is moving the traffic' };
  }
  if (reached) return { do: 'done', note: sentence(plan) };
  if (now.updating) return { do: 'wait', percent: row.percent, note: 'The endpoint is being updated' };
  return { do: 'start', note: 'Azure has the order' };
}

const sentence = (plan: TrafficPlan): string => `${plan.what}, as planned.`;

/** Deployments without traffic may be listed with 0 or left out. */
export const sameTraffic = (a: Traffic, b: Traffic): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
