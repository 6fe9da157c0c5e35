import { Temporal } from 'temporal-polyfill';
import {
  type AlarmRule,
  judge,
  type Memory,
  NATIVE_RULE,
  NO_MEMORY,
  psiNullQuantile,
  sampleQuantile,
} from '../statistics/index.ts';

/** A stored window of one feature, as far as a limit can be tried on it. */
export interface StoredWindow {
  at: string;
  value: number | null;
  n_ref: number | null;
  n_cur: number | null;
  bins: number | null;
  null95: number | null;
  p: number | null;
}

/** What a limit would have done over the stored history: pure replay of the alarm rule. */
export interface Replay {
  /** Times that an alarm rose. */
  alarms: number;
  /** Windows over the limit. */
  over: number;
  judged: number;
  at: readonly string[];
}

/**
 * Tries a limit (floor) on the stored windows of one feature, oldest first. An alarm that goes on counts once. The cool-down
 * is left out: it decides about calls, not about alarms.
 */
export function replay(windows: readonly StoredWindow[], limit: number, rule: AlarmRule = NATIVE_RULE): Replay {
  let memory: Memory = NO_MEMORY;
  let [alarms, over, judged] = [0, 0, 0];
  const at: string[] = [];
  for (const window of windows) {
    const effect = {
      feature: 'f',
      metric: 'psi',
      value: window.value ?? undefined,
      p: window.p ?? undefined,
      null95: window.null95 ?? undefined,
      floor: limit,
      n_ref: window.n_ref ?? 0,
      n_cur: window.n_cur ?? 0,
    };
    const [verdict] = judge([effect], () => memory, Temporal.Instant.from(window.at), { ...rule, coolDownHours: 0 });
    if (!verdict || verdict.state === 'unknown') continue;
    judged += 1;
    if (verdict.over) over += 1;
    if (verdict.memory.alarming && !memory.alarming) {
      alarms += 1;
      at.push(window.at);
    }
    memory = verdict.memory;
  }
  return { alarms, over, judged, at };
}

export interface Suggestion {
  /** `undefined` when the history is too short to say. */
  limit: number | undefined;
  /** Share of quiet windows over the limit, now and with the suggestion. */
  falseAlarmsNow: number;
  falseAlarmsThen: number;
  quiet: number;
  /** Smallest shift of the mean, in standard deviations, that is found four times of five in one window. */
  detects: number | undefined;
  because: string;
}

const LEAST_QUIET = 10;
const DEFAULT_BINS = 10;
/** A limit leaves this much room above what quiet windows reach. */
const ROOM = 1.25;

/**
 * A limit from history: above what quiet windows reach (their 99th percentile with a quarter of room) and above what chance
 * reaches at these sample sizes. Quiet is a window that did not alarm and is no outlier of the others (median + 5 median
 * absolute deviations), so that one old incident does not hide the next one.
 */
export function suggestion(windows: readonly (StoredWindow & { state: string })[], now: number): Suggestion {
  const known = windows.flatMap((each) => (each.value === null ? [] : [{ ...each, value: each.value }]));
  const calm = known.filter(({ state }) => state !== 'alarm').map(({ value }) => value);
  const middle = quantile(calm, 0.5);
  const spread = quantile(
    calm.map((value) => Math.abs(value - middle)),
    0.5,
  );
  const quiet = known.filter(({ state, value }) => state !== 'alarm' && value <= middle + 5 * Math.max(spread, 0.002));
  const last = known.at(-1);
  const [n, m, bins] = [last?.n_ref ?? 0, last?.n_cur ?? 0, last?.bins ?? DEFAULT_BINS];
  const shareOver = (limit: number) =>
    quiet.length === 0 ? 0 : quiet.filter(({ value }) => value > limit).length / quiet.length;
  if (quiet.length < LEAST_QUIET)
    return {
      limit: undefined,
      falseAlarmsNow: shareOver(now),
      falseAlarmsThen: shareOver(now),
      quiet: quiet.length,
      detects: detectable(now, n, m, bins),
      because: `there are ${quiet.length} quiet windows, ${LEAST_QUIET} are needed`,
    };
  const top = quantile(
    quiet.map(({ value }) => value),
    0.99,
  );
  const chance = n > 0 && m > 0 ? psiNullQuantile(n, m, bins, 0.99) : 0;
  const limit = Math.ceil(Math.max(top * ROOM, chance, 0.02) * 100) / 100;
  return {
    limit,
    falseAlarmsNow: shareOver(now),
    falseAlarmsThen: shareOver(limit),
    quiet: quiet.length,
    detects: detectable(limit, n, m, bins),
    because:
      chance > top * ROOM
        ? `chance alone reaches ${chance.toFixed(3)} once in a hundred at ${n} and ${m} rows`
        : `quiet windows reach ${top.toFixed(3)}; a quarter of room is left above`,
  };
}

/**
 * The smallest shift of a normal feature's mean (in its standard deviations) for which the index is above `limit` with a
 * probability of 0.8 in one window. The index of a shift d is about d² and varies as (1/n + 1/m)·χ²(bins − 1, noncentral
 * d²/(1/n + 1/m)), here by its normal approximation. `undefined` when the sizes are not known.
 */
export function detectable(limit: number, n: number, m: number, bins: number): number | undefined {
  if (!(n > 0 && m > 0)) return undefined;
  const unit = 1 / n + 1 / m;
  const power = (d: number) => {
    const noncentral = (d * d) / unit;
    const mean = unit * (bins - 1 + noncentral);
    const deviation = unit * Math.sqrt(2 * (bins - 1 + 2 * noncentral));
    return (mean - limit) / deviation;
  };
  let [low, high] = [0, 10];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (power(middle) >= Z80) high = middle;
    else low = middle;
  }
  return high;
}

/** The 80th percentile of the normal distribution. */
const Z80 = 0.8416212335729143;

/** 0 of nothing. */
export const quantile = (values: readonly number[], share: number): number => sampleQuantile(values, share) ?? 0;
