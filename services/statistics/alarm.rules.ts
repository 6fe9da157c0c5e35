import { Temporal } from 'temporal-polyfill';
import { counted } from '../core/counted.ts';
import type { State } from './measure.ts';
import { adjusted } from './multiple.ts';

/** When a number is bad enough to call somebody. */
export interface AlarmRule {
  /** Share of false alarms among the alarms of one signal (Benjamini-Hochberg over its features). */
  falseDiscoveryRate: number;
  /** Over the limit in `k` of the last `m` windows that could be judged. */
  windows: { k: number; m: number };
  /** An alarm ends below this share of its limit, not at the limit: it would flap. */
  clearAt: number;
  coolDownHours: number;
  /** Fewer rows on a side say nothing. */
  minRows: number;
}

export const NATIVE_RULE: AlarmRule = {
  falseDiscoveryRate: 0.05,
  windows: { k: 2, m: 3 },
  clearAt: 0.8,
  coolDownHours: 24,
  minRows: 200,
};

/** One judged number of one window. */
export interface Effect {
  feature: string;
  metric: string;
  value: number | undefined;
  /** Why there is no value. */
  why?: string | undefined;
  p: number | undefined;
  null95: number | undefined;
  floor: number | undefined;
  bins?: number | undefined;
  n_ref: number;
  n_cur: number;
}

/** What is remembered between windows. */
export interface Memory {
  /** Earlier windows that could be judged, the latest last. */
  over: readonly boolean[];
  alarming: boolean;
  /** When somebody was last called. */
  calledAt?: string;
  /** The alarm rose during the cool-down: who should know has not been called for it yet. */
  owed?: boolean;
}

export const NO_MEMORY: Memory = { over: [], alarming: false };

export interface Verdict extends Effect {
  state: State;
  /** max(floor, null95). */
  limit: number | undefined;
  over: boolean;
  /** p after the correction for the number of features. */
  adjustedP: number | undefined;
  windows: { over: number; judged: number; k: number; m: number };
  /** Call somebody now: the alarm is new and the last call is long enough ago. */
  call: boolean;
  /** Why it alarms or does not, for a person. */
  because: string;
  memory: Memory;
}

/**
 * Judges the effects of one signal in one window. Over the limit is: `value > max(floor, null95)` and the p-value holds
 * among all features. `unknown` changes nothing that is remembered: an alarm is neither raised nor ended by silence.
 */
export function judge(
  effects: readonly Effect[],
  remembered: (feature: string, metric: string) => Memory,
  now: Temporal.Instant,
  rule: AlarmRule = NATIVE_RULE,
): Verdict[] {
  checkRule(rule);
  const gaps = effects.map((effect) => gapOf(effect, rule));
  const ps = adjustedAmong(effects, gaps);
  return effects.map((effect, i) => {
    const memory = remembered(effect.feature, effect.metric);
    const gap = gaps[i];
    return gap === undefined ? judged(effect, ps[i] ?? 1, memory, now, rule) : unjudged(effect, gap, memory, rule);
  });
}

/** Each metric is a family of its own: its features are corrected together. */
function adjustedAmong(effects: readonly Effect[], gaps: readonly (string | undefined)[]): (number | undefined)[] {
  const found = new Array<number | undefined>(effects.length).fill(undefined);
  for (const metric of new Set(effects.map((effect) => effect.metric))) {
    const members = effects.flatMap((effect, i) => (effect.metric === metric && gaps[i] === undefined ? [i] : []));
    const ps = adjusted(members.map((i) => effects[i]?.p ?? 1));
    members.forEach((i, place) => {
      found[i] = ps[place];
    });
  }
  return found;
}

function gapOf({ value, why, p, null95, floor, n_ref, n_cur }: Effect, { minRows }: AlarmRule): string | undefined {
  if (n_ref < minRows) return `the reference has ${counted(n_ref, 'row')}, ${grouped(minRows)} are needed`;
  if (n_cur < minRows) return `the current window has ${counted(n_cur, 'row')}, ${grouped(minRows)} are needed`;
  if (value === undefined) return why ?? 'no value';
  const numbers = [value, p, null95, floor];
  if (numbers.some((each) => each === undefined || !Number.isFinite(each)))
    return 'how far data without drift would move is not known';
  return undefined;
}

const unjudged = (effect: Effect, gap: string, memory: Memory, { windows: { k, m } }: AlarmRule): Verdict => ({
  ...effect,
  state: 'unknown',
  limit: undefined,
  over: false,
  adjustedP: undefined,
  windows: { over: memory.over.slice(-m).filter(Boolean).length, judged: Math.min(m, memory.over.length), k, m },
  call: false,
  because: `Not known: ${gap}.${memory.alarming ? ' The alarm from before stands.' : ''}`,
  memory,
});

function judged(effect: Effect, adjustedP: number, memory: Memory, now: Temporal.Instant, rule: AlarmRule): Verdict {
  const { k, m } = rule.windows;
  const { value = 0, null95 = 0, floor = 0 } = effect;
  const limit = Math.max(floor, null95);
  const certain = adjustedP <= rule.falseDiscoveryRate;
  const over = value > limit && certain;
  const windows = [...memory.over, over].slice(-m);
  const count = windows.filter(Boolean).length;
  const raised = count >= k && over;
  const held = memory.alarming && value >= rule.clearAt * limit;
  const alarming = raised || held;
  const close = over || (certain && value >= rule.clearAt * limit);
  const due = alarming && (!memory.alarming || memory.owed === true);
  const call = due && coolEnough(memory.calledAt, now, rule);
  const state: State = alarming ? 'alarm' : close ? 'watch' : 'ok';
  const calledAt = call ? now.toString() : memory.calledAt;
  return {
    ...effect,
    state,
    limit,
    over,
    adjustedP,
    windows: { over: count, judged: windows.length, k, m },
    call,
    because: because(
      { ...effect, value, null95, floor },
      {
        limit,
        certain,
        over,
        adjustedP,
        count,
        judged: windows.length,
        held: held && !raised,
        silent: due && !call,
      },
      rule,
    ),
    memory: { over: windows, alarming, ...(calledAt ? { calledAt } : {}), ...(due && !call ? { owed: true } : {}) },
  };
}

const coolEnough = (calledAt: string | undefined, now: Temporal.Instant, { coolDownHours }: AlarmRule): boolean =>
  calledAt === undefined ||
  Temporal.Instant.compare(Temporal.Instant.from(calledAt).add({ hours: coolDownHours }), now) <= 0;

interface Reasons {
  limit: number;
  certain: boolean;
  over: boolean;
  adjustedP: number;
  count: number;
  judged: number;
  /** Only still an alarm because it has not fallen far enough. */
  held: boolean;
  /** An alarm nobody is called for. */
  silent: boolean;
}

function because(
  effect: Effect & { value: number; null95: number; floor: number },
  found: Reasons,
  rule: AlarmRule,
): string {
  const { metric, value, null95, floor, bins, n_ref, n_cur } = effect;
  const sizes = `${counted(n_ref, 'row')} before and ${grouped(n_cur)} now${bins === undefined ? '' : `, ${counted(bins, 'bin')}`}`;
  const source =
    floor >= null95
      ? `the floor; without drift 19 of 20 samples stay below ${short(null95)}, ${sizes}`
      : `without drift 1 of 20 samples exceeds it, ${sizes}; the floor is ${short(floor)}`;
  const side = value > found.limit ? 'is above' : 'is within';
  const parts = [`${metric} ${short(value)} ${side} its limit ${short(found.limit)} (${source})`];
  parts.push(
    `p = ${short(found.adjustedP)} after correction for the number of features, ${found.certain ? 'at most' : 'above'} ${rule.falseDiscoveryRate}`,
  );
  const { k, m } = rule.windows;
  if (m > 1) parts.push(`over the limit in ${found.count} of ${found.judged} windows, ${k} of ${m} needed`);
  if (found.held) parts.push(`the alarm ends below ${short(rule.clearAt * found.limit)}`);
  if (found.silent) parts.push(`nobody is called again within ${rule.coolDownHours} h`);
  return `${parts.join('; ')}.`;
}

const grouped = (value: number): string => value.toLocaleString('en-GB');

/** Three digits, two behind the point at least ("0.20") where a limit is read beside its value. */
const short = (value: number): string => {
  if (value === 0) return '0';
  if (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6) return value.toExponential(1);
  const digits = { minimumFractionDigits: Math.abs(value) < 100 ? 2 : 0, maximumFractionDigits: 6 };
  return Number(value.toPrecision(3)).toLocaleString('en-GB', digits);
};

function checkRule({ falseDiscoveryRate: q, windows: { k, m }, clearAt, coolDownHours, minRows }: AlarmRule): void {
  if (!(q > 0 && q < 1)) throw new RangeError('the false-discovery rate is between 0 and 1');
  if (!Number.isInteger(k) || !Number.isInteger(m) || k < 1 || m < k)
    throw new RangeError('k of m windows: 1 <= k <= m');
  if (!(clearAt > 0 && clearAt <= 1))
    throw new RangeError('an alarm ends at a share of its limit, above 0 and up to 1');
  if (!(coolDownHours >= 0) || !(minRows >= 1))
    throw new RangeError('the cool-down and the least rows are not negative');
}
