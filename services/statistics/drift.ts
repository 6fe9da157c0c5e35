import type { Temporal } from 'temporal-polyfill';
import {
  type AlarmRule,
  type Effect,
  judge,
  type Memory,
  NATIVE_RULE,
  NO_MEMORY,
  type Verdict,
} from './alarm.rules.ts';
import { type Measure, type Pair, type Profile, type State, stateOf } from './measure.ts';
import { azuremlCategorical, azuremlNumeric } from './profile-azureml.ts';
import { evidentlyCategorical, evidentlyNumeric } from './profile-evidently.ts';
import { nannymlCategorical, nannymlNumeric } from './profile-nannyml.ts';
import { type Judged, nativeCategorical, nativeNumeric } from './profile-native.ts';

/** One number about one feature, as it is shown and printed; `null` is unknown or does not apply. */
export interface DriftRow {
  feature: string;
  profile: Profile;
  metric: string;
  value: number | null;
  n_ref: number;
  n_cur: number;
  bins: number | null;
  null95: number | null;
  floor: number | null;
  p: number | null;
  state: State;
  /** The limit in force, if there is one. */
  limit: number | null;
  /** Why it is in this state. */
  because: string;
}

export interface Feature {
  name: string;
  kind: Pair['kind'];
  measures: readonly Judged[];
  n_ref: number;
  n_cur: number;
}

export interface Judging {
  now: Temporal.Instant;
  rule?: AlarmRule;
  remembered?: (feature: string, metric: string) => Memory;
}

export interface NativeOptions {
  /** The smallest population stability index that matters, per feature; 0.1 where nothing is said. */
  floorOf?: (feature: string) => number | undefined;
}

/** All of a profile's numbers about one feature. Never throws for what is in the data. */
export async function measureFeature(
  profile: Profile,
  name: string,
  { kind, pair }: Pair,
  options: NativeOptions = {},
): Promise<Feature> {
  const floor = options.floorOf?.(name);
  const work = (): Promise<Judged[]> => {
    if (kind === 'numerical') {
      if (profile === 'azureml') return azuremlNumeric(pair);
      if (profile === 'evidently') return evidentlyNumeric(pair);
      return profile === 'nannyml' ? nannymlNumeric(pair) : nativeNumeric(pair, floor);
    }
    if (profile === 'azureml') return azuremlCategorical(pair);
    if (profile === 'evidently') return evidentlyCategorical(pair);
    return profile === 'nannyml' ? nannymlCategorical(pair) : nativeCategorical(pair, floor);
  };
  return { name, kind, measures: await work(), n_ref: pair.reference.n, n_cur: pair.current.n };
}

/**
 * The rows of one signal. Foreign profiles judge each number by their tool's own limit. The native one judges what has a
 * null limit by the alarm rule; its other numbers only show how the feature moved and carry the state of its index.
 */
export function driftRows(
  profile: Profile,
  features: readonly Feature[],
  judging: Judging,
): { rows: DriftRow[]; verdicts: Verdict[] } {
  if (profile !== 'native') {
    const rows = features.flatMap((feature) =>
      feature.measures.map((measure) => row(profile, feature, measure, stateOf(measure), ownReason(measure))),
    );
    return { rows, verdicts: [] };
  }
  const { now, rule = NATIVE_RULE, remembered = () => NO_MEMORY } = judging;
  const effects = features.flatMap((feature) =>
    feature.measures.filter(isJudged).map((each) => effectOf(feature, each)),
  );
  const verdicts = judge(effects, remembered, now, rule);
  const verdictOf = new Map(verdicts.map((verdict) => [`${verdict.feature} ${verdict.metric}`, verdict]));
  const rows = features.flatMap((feature) =>
    feature.measures.map((measure): DriftRow => {
      const own = verdictOf.get(`${feature.name} ${measure.metric}`);
      const verdict = own ?? verdictOf.get(`${feature.name} psi`);
      const state = verdict && measure.value !== undefined ? verdict.state : 'unknown';
      const because =
        own?.because ?? (measure.why ? `Not known: ${measure.why}.` : 'Shown beside the index, which decides.');
      return { ...row(profile, feature, measure, state, because), limit: own?.limit ?? null };
    }),
  );
  return { rows, verdicts };
}

/** What the alarm rule decides on; without a value it is unknown, not left out. */
const isJudged = ({ metric, null95 }: Judged): boolean => metric === 'psi' || null95 !== undefined;

/** How many stand behind a number. */
export const sizesOf = ({ n_ref, n_cur }: Feature, { sizes }: Judged): { n_ref: number; n_cur: number } =>
  sizes ?? { n_ref, n_cur };

const effectOf = (feature: Feature, measure: Judged): Effect => {
  const { metric, value, why, p, null95, floor, bins } = measure;
  return { feature: feature.name, metric, value, why, p, null95, floor, bins, ...sizesOf(feature, measure) };
};

const row = (profile: Profile, feature: Feature, measure: Judged, state: State, because: string): DriftRow => ({
  feature: feature.name,
  profile,
  metric: measure.metric,
  value: measure.value ?? null,
  ...sizesOf(feature, measure),
  bins: measure.bins ?? null,
  null95: measure.null95 ?? null,
  floor: measure.floor ?? null,
  p: measure.p ?? null,
  state,
  limit: measure.limit?.value ?? null,
  because,
});

const WORDS = { above: 'above', from: 'at or above', below: 'below', upTo: 'at or below' } as const;

function ownReason({ value, why, limit }: Measure): string {
  if (value === undefined) return `Not known: ${why ?? 'no value'}.`;
  if (!limit) return 'This profile sets no limit for it.';
  return `It alarms ${WORDS[limit.breaks]} ${limit.value}${limit.of === 'p' ? ' of the p-value' : ''}.`;
}
