import { Temporal } from 'temporal-polyfill';
import { type AlarmRule, judge, type Memory, NATIVE_RULE, NO_MEMORY, type Verdict } from '../statistics/index.ts';
import type { Db, Tx } from '../store/store.ts';
import type { DriftAlarm, ModelsDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { judgeDrift } from './severity.rules.ts';

/** The numbers of one window as they go into the rule; `breached` is the verdict of the tool that computed them. */
export interface WindowEffect {
  feature: string;
  metric: string;
  value: number | undefined;
  why?: string | undefined;
  p?: number | undefined;
  null95?: number | undefined;
  /** Where the metric has no limit of its own in our rule, the tool's. */
  floor?: number | undefined;
  bins?: number | undefined;
  n_ref: number;
  n_cur: number;
  breached: boolean;
}

export interface Window {
  endpoint: string;
  /** A monitor's name, or `collected`. */
  source: string;
  at: Temporal.Instant;
  effects: readonly WindowEffect[];
  /** Whoever computed it has told people of a breach already. */
  told: boolean;
}

/**
 * Judges windows by the native rule, one after the other, with a memory that lives in the database: k of m windows, the
 * end at 0.8 of the limit, the cool-down and `unknown` hold across monitor runs and restarts.
 */
export function windows(deps: ModelsDeps, limits: Limits, rule: AlarmRule = NATIVE_RULE) {
  const { organisation } = deps;

  async function remembered(tx: Tx, endpoint: string, source: string): Promise<Map<string, Memory>> {
    const rows = await tx
      .selectFrom('drift_memory')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .where('source', '=', source)
      .forUpdate()
      .execute();
    return new Map(rows.map((row) => [`${row.feature} ${row.metric}`, row.memory as Memory]));
  }

  async function store(tx: Tx, { endpoint, source, at, effects }: Window, verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    await tx
      .insertInto('drift_windows')
      .values(
        verdicts.map((verdict, place) => ({
          endpoint,
          source,
          feature: verdict.feature,
          metric: verdict.metric,
          at: at.toString(),
          value: verdict.value ?? null,
          n_ref: verdict.n_ref,
          n_cur: verdict.n_cur,
          bins: verdict.bins ?? null,
          null95: verdict.null95 ?? null,
          p: verdict.p ?? null,
          floor: verdict.floor ?? null,
          state: verdict.state,
          because: verdict.because,
          breached: effects[place]?.breached ?? false,
        })),
      )
      .onConflict((conflict) => conflict.columns(['endpoint', 'source', 'feature', 'metric', 'at']).doNothing())
      .execute();
    for (const { feature, metric, memory } of verdicts)
      await tx
        .insertInto('drift_memory')
        .values({ endpoint, source, feature, metric, memory: JSON.stringify(memory) })
        .onConflict((conflict) =>
          conflict.columns(['endpoint', 'source', 'feature', 'metric']).doUpdateSet({ memory: JSON.stringify(memory) }),
        )
        .execute();
  }

  return {
    /** The instant of the latest stored window. */
    async latest(db: Db | Tx, endpoint: string, source: string): Promise<Temporal.Instant | undefined> {
      const row = await db
        .selectFrom('drift_windows')
        .select((e) => e.fn.max('at').as('at'))
        .where('endpoint', '=', endpoint)
        .where('source', '=', source)
        .executeTakeFirst();
      return row?.at ? Temporal.Instant.from(row.at) : undefined;
    },

    /** Judges and stores windows of one source, oldest first; an alarm that rises in the last one is told. */
    async take(tx: Tx, all: readonly Window[]): Promise<Verdict[]> {
      let last: Verdict[] = [];
      const [first] = all;
      if (!first) return last;
      const { endpoint, source } = first;
      const memory = await remembered(tx, endpoint, source);
      const floors = await limits.all(tx, endpoint);
      for (const window of all) {
        const effects = window.effects.map((effect) => ({
          ...effect,
          why: effect.why,
          p: effect.p,
          null95: effect.null95,
          bins: effect.bins,
          // Our limits are of the index; other metrics keep the limit they came with.
          floor: effect.metric === 'psi' ? limits.valueFor(floors, effect.feature) : effect.floor,
        }));
        last = judge(effects, (feature, metric) => memory.get(`${feature} ${metric}`) ?? NO_MEMORY, window.at, rule);
        last = last.map((verdict) => (verdict.value !== undefined && verdict.n_ref === 0 ? unsized(verdict) : verdict));
        for (const verdict of last) memory.set(`${verdict.feature} ${verdict.metric}`, verdict.memory);
        await store(tx, window, last);
      }
      const latest = all.at(-1);
      const alarm = latest && alarmOf(latest, last);
      if (alarm) await deps.onDrift(tx, alarm);
      return last;
    },

    /** The last window of each source of an endpoint, worst state first. */
    async standing(db: Db, endpoint: string) {
      const rows = await db
        .selectFrom('drift_windows as w')
        .selectAll()
        .where('w.endpoint', '=', endpoint)
        .where('w.at', '=', (e) =>
          e
            .selectFrom('drift_windows as l')
            .select((f) => f.fn.max('l.at').as('at'))
            .whereRef('l.endpoint', '=', 'w.endpoint')
            .whereRef('l.source', '=', 'w.source'),
        )
        .orderBy('w.source')
        .execute();
      return rows.map((row) => ({ ...row, n_ref: Number(row.n_ref ?? 0), n_cur: Number(row.n_cur ?? 0) }));
    },
  };

  function alarmOf({ endpoint, source, at, told }: Window, verdicts: readonly Verdict[]): DriftAlarm | undefined {
    if (!verdicts.some(({ call }) => call)) return undefined;
    const alarming = verdicts
      .filter(({ state }) => state === 'alarm')
      .flatMap(({ feature, metric, value, limit }) =>
        value === undefined || limit === undefined ? [] : [{ feature, metric, value, limit }],
      )
      .sort((a, b) => b.value / b.limit - a.value / a.limit);
    const [worst] = alarming;
    if (!worst) return undefined;
    const judged = judgeDrift(organisation, endpoint, alarming);
    const others = alarming.length > 1 ? ` (${alarming.length} features over their limit)` : '';
    return {
      endpoint,
      source,
      features: alarming,
      severity: judged.severity,
      because: judged.because,
      headline: `${worst.metric.toUpperCase()} of ${worst.feature} on ${endpoint} is ${short(worst.value)}, limit ${short(worst.limit)}${others}`,
      at: at.toString(),
      told,
    };
  }
}

/** A monitor of an older component does not publish its row counts. */
const unsized = (verdict: Verdict): Verdict => ({
  ...verdict,
  because: 'Not known: the monitor does not say how many rows it compared, so chance cannot be ruled out.',
});

const short = (value: number): string =>
  Math.abs(value) >= 0.01 ? value.toFixed(2) : String(Number(value.toPrecision(2)));

export type Windows = ReturnType<typeof windows>;
