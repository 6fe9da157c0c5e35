import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type DriftLine, type DriftState, type DriftView, driftCard } from '../../cards/alerts/drift.ts';
import { number } from '../../cards/parts/numbers.ts';
import type { DriftReading } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Models } from '../../services/models/index.ts';
import { psiNullQuantile } from '../../services/statistics/index.ts';
import { endpointRef, freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { drawCheck } from './check-view.ts';

/** Within this share of its limit a feature is watched. */
const CLOSE = 0.8;
const HISTORY_DAYS = 30;
/** Names of the monitoring components' metrics (azureml-assets `shared_utilities/constants.py`), as people say them. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/psi|population_?stability/i, 'PSI'],
  [/jensen/i, 'Jensen-Shannon distance'],
  [/wasserstein/i, 'normalised Wasserstein distance'],
  [/kolmogorov|ks_?test/i, 'p of Kolmogorov-Smirnov'],
  [/chi/i, 'p of chi-square'],
  [/ndcg|discounted/i, 'NDCG'],
  [/null/i, 'null rate'],
  [/bound/i, 'out-of-bounds rate'],
  [/type_?error/i, 'type-error rate'],
];
const LOW_IS_BAD = /^p of|^NDCG/;

export const drift = capability({
  id: 'alerts.drift',
  summary: 'Show how the inputs of an endpoint drift, by feature, with limits and reasons',
  phrases: [
    'drift {endpoint}',
    'drift of {endpoint}',
    'drift {endpoint} explain',
    'explain drift of {endpoint} {detail=explain}',
    'drift {endpoint} of {feature}',
  ],
  examples: ['drift ep-fraud', 'drift ep-fraud explain', 'drift ep-fraud of amount'],
  input: z.object({
    endpoint: endpointRef,
    feature: freeText(100).optional(),
    detail: oneOf(['explain']).optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint: name, feature, detail }) => {
    const entry = rooms.organisation.endpoints.find(({ id }) => id === name);
    if (!entry) throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
    const look = await rooms.alerts.drift(entry.workspace, name);
    if (!look) {
      const checked = await rooms.models.checks.latest(rooms.db, name, 'drift');
      if (checked) {
        const { card, summary } = drawCheck(rooms, checked, now, detail === 'explain');
        return { text: summary, card, data: { check: checked.id, result: checked.result } };
      }
      throw new Refused(
        `No model monitor watches ${name}.`,
        `Say “new monitor for ${name}”, or “check drift of ${name}” to compute it from collected data.`,
      );
    }
    const own = await rooms.models.windows.standing(rooms.db, name);
    const wanted = feature?.toLowerCase();
    const readings = look.readings.filter(
      (reading) => wanted === undefined || reading.feature.toLowerCase() === wanted,
    );
    if (wanted !== undefined && readings.length === 0) {
      const known = [...new Set(look.readings.map((reading) => reading.feature))];
      throw new Refused(
        `The monitor of ${name} does not watch ${feature}.`,
        known.length > 0 ? `It watches ${known.slice(0, 12).join(', ')}.` : '',
      );
    }
    const [incident] = await rooms.alerts.openOn(rooms.db, name);
    const lines = readings.map((reading) => withOwn(lineOf(reading, look.rows), reading, own));
    const state = stateOf(lines);
    const view: DriftView = {
      now,
      endpoint: name,
      purpose: entry.business.purpose,
      state,
      headline: headlineOf(name, state, lines, feature),
      lines,
      profile: 'azureml',
      monitors: look.monitors,
      ...(look.rows ? { rows: look.rows } : {}),
      ...(incident ? { incident: incident.id } : {}),
      explain: detail === 'explain',
      ...(feature === undefined ? {} : { feature }),
      asOf: Temporal.Instant.from(look.asOf),
      source: look.stale
        ? 'Azure Machine Learning does not answer now; this is the last answer'
        : 'Azure ML model monitor',
    };
    const reasons = detail === 'explain' ? lines.map((line) => `${line.feature}: ${line.because}`) : [];
    return {
      text: [view.headline, ...reasons].join('\n'),
      card: driftCard(view),
      data: { ...look, readings, profile: 'azureml', state },
    };
  },
});

type Standing = Awaited<ReturnType<Models['windows']['standing']>>;

/** What our own rule made of it: several windows, the sample size, all features together. */
function withOwn(line: DriftLine, { feature, metric }: DriftReading, own: Standing): DriftLine {
  const judged = own.find(
    (each) => each.feature === feature && (each.metric === metric || (each.metric === 'psi' && line.metric === 'PSI')),
  );
  if (!judged) return line;
  return {
    ...line,
    own: judged.state,
    because: `${line.because} By Wardroom’s own rule: ${judged.state}. ${judged.because}`,
  };
}

type Rows = { reference?: number; current?: number } | undefined;

function lineOf(reading: DriftReading, rows: Rows): DriftLine {
  const { feature, value, limit, at } = reading;
  const metric = WORDS.find(([name]) => name.test(reading.metric))?.[1] ?? reading.metric;
  const below = LOW_IS_BAD.test(metric);
  const close = limit !== undefined && (below ? value * CLOSE <= limit : value >= limit * CLOSE);
  const state: DriftState = limit === undefined ? 'unknown' : reading.breached ? 'alarm' : close ? 'watch' : 'ok';
  return {
    feature,
    metric,
    value,
    ...(limit === undefined ? {} : { limit }),
    state,
    ...(below ? { below } : {}),
    at: Temporal.Instant.from(at),
    history: byDay(reading.history),
    because: [verdict(metric, value, limit, reading.breached, below), usual(reading), chance(metric, value, rows)]
      .filter(Boolean)
      .join(' '),
  };
}

/** The last value of each day, of the last thirty days with one. */
function byDay(history: DriftReading['history']): DriftLine['history'] {
  const days = new Map(history.map(({ at, value }) => [at.slice(0, 10), value]));
  return [...days].map(([day, value]) => ({ day, value })).slice(-HISTORY_DAYS);
}

function verdict(metric: string, value: number, limit: number | undefined, breached: boolean, below: boolean): string {
  if (limit === undefined)
    return `${metric} is ${short(value)}; the monitor has no limit for it, so there is no verdict.`;
  const side = breached ? (below ? 'below' : 'above') : 'within';
  return `${metric} is ${short(value)}, ${side} its limit ${short(limit)}: Azure ML alarms only ${below ? 'below' : 'above'} it.`;
}

function usual({ history, value }: DriftReading): string {
  const before = history.slice(0, -1).map((each) => each.value);
  if (before.length < 5) return 'There are too few earlier results to say what is usual.';
  const sorted = [...before].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? value;
  return `Over the ${before.length} results before, its median was ${short(middle)} and its highest ${short(sorted.at(-1) ?? value)}.`;
}

/** Deciles stand for the monitor's bins, whose number it does not tell. */
const BINS = 10;

function chance(metric: string, value: number, rows: Rows): string {
  if (metric !== 'PSI') return '';
  if (!rows?.reference || !rows.current)
    return 'How many rows were compared is unknown, so chance cannot be ruled out.';
  const null95 = psiNullQuantile(rows.reference, rows.current, BINS);
  const so = value > null95 ? `${short(value)} is hardly chance` : `${short(value)} may be chance`;
  return `If nothing had drifted, samples of ${number(rows.reference)} and ${number(rows.current)} rows would give a PSI below ${short(null95)} in 19 of 20 comparisons: ${so}.`;
}

const ORDER: readonly DriftState[] = ['alarm', 'watch', 'unknown', 'ok'];
const stateOf = (lines: readonly DriftLine[]): DriftState =>
  ORDER.find((state) => lines.some((line) => line.state === state)) ?? 'unknown';

function headlineOf(
  endpoint: string,
  state: DriftState,
  lines: readonly DriftLine[],
  feature: string | undefined,
): string {
  const [worst] = lines;
  if (!worst) return `${endpoint}: its monitor has no results yet.`;
  const said = `${worst.metric} of ${worst.feature} is ${short(worst.value)}${worst.limit === undefined ? '' : `, limit ${short(worst.limit)}`}`;
  if (feature !== undefined) return `${endpoint}: ${said}.`;
  const alarms = lines.filter((line) => line.state === 'alarm').length;
  if (state === 'alarm')
    return `${endpoint} drifts: ${said}${alarms > 1 ? `; ${alarms} of ${lines.length} features are over` : ''}.`;
  if (state === 'watch') return `${endpoint} does not drift yet: ${said}.`;
  return state === 'unknown'
    ? `${endpoint}: not every feature has a limit; ${said}.`
    : `${endpoint} does not drift: ${said}.`;
}

const short = (value: number): string =>
  Math.abs(value) >= 0.01 || value === 0 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
