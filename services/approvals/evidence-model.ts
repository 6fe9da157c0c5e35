import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { counted } from '../core/counted.ts';
import { ndcg, wilson } from '../statistics/index.ts';
import { type About, type Found, none } from './evidence-about.ts';
import { ADDITIVITY_TOLERANCE, readExplanation } from './explanation.rules.ts';
import { type Cells, cellsByGroup, fairnessOf, fairnessVerdict } from './fairness.rules.ts';
import { type Measured, type MetricLine, metricLines } from './metrics.rules.ts';
import { PART_WORDS, partsMissing } from './model-cards.rules.ts';
import type { RunFacts } from './sources.ts';

/** What the training run and the people behind it say about the version itself. */

export async function modelCard(about: About): Promise<Found> {
  const { plan, endpoint } = about;
  const card = await about.card();
  const say = `Say “edit model card of ${plan.model.name}”.`;
  if (!card) return none(about, `nobody has written one. ${say}`, 'Wardroom');
  const missing = partsMissing(card.body, endpoint.business.riskClass).map((part) => PART_WORDS[part]);
  return {
    state: missing.length > 0 ? 'failed' : 'present',
    summary:
      missing.length > 0
        ? `version ${card.version} says too little about ${missing.join(', ')}. ${say}`
        : `version ${card.version} is complete for ${endpoint.business.riskClass} risk`,
    source: `Wardroom, model card ${card.version}`,
    asOf: Temporal.Instant.from(card.at),
    body: { version: card.version, digest: card.digest, missing },
  };
}

export const measuredOf = (run: RunFacts): Measured => {
  const number = (name: string) => {
    const said = run.metrics[name] ?? Number(run.params[name] ?? Number.NaN);
    return Number.isInteger(said) && said > 0 ? said : undefined;
  };
  return {
    metrics: run.metrics,
    rows: number('test_rows') ?? number('rows'),
    positives: number('test_positives') ?? number('positives'),
  };
};

export async function metrics(about: About): Promise<Found> {
  const [run, serving] = await Promise.all([about.run(), about.serving()]);
  if (!run)
    return none(about, 'the version names no training run, so nobody knows how good it is', 'Azure Machine Learning');
  const lines = metricLines(measuredOf(run), serving?.run && measuredOf(serving.run), about.promotion.margins);
  const source = `run ${run.id}`;
  const asOf = run.endedAt ?? about.now;
  if (lines.length === 0) return { ...none(about, `run ${run.id} logged no metric`, source), asOf };
  const margins = Object.keys(about.promotion.margins);
  const lost = margins.filter((name) => !lines.some((line) => line.name === name));
  const bad = lines.filter(({ state }) => state !== 'good');
  const bare = lines.every(({ interval }) => interval === undefined);
  const body = { lines, serving: serving?.name ?? null };
  if (lost.length > 0)
    return { state: 'failed', summary: `run ${run.id} did not measure ${lost.join(', ')}`, source, asOf, body };
  const [first] = bad;
  if (first) return { state: 'failed', summary: `${lineWords(first)}: ${first.why}`, source, asOf, body };
  if (bare) {
    const summary = `no metric has an interval: log test_rows and test_positives in run ${run.id}`;
    return { state: 'failed', summary, source, asOf, body };
  }
  const main = lines.find(({ margin }) => margin !== undefined) ?? lines.find(({ interval }) => interval) ?? lines[0];
  const against = serving ? `, serving is ${serving.name}` : ', nothing serves yet';
  return { state: 'present', summary: `${main ? lineWords(main) : ''}${against}`, source, asOf, body };
}

const d = (value: number): string => value.toFixed(3);
export const lineWords = ({ name, value, interval, serving, difference }: MetricLine): string => {
  const range = interval ? ` (${d(interval.low)} to ${d(interval.high)})` : '';
  const between = difference?.interval ? ` (${d(difference.interval.low)} to ${d(difference.interval.high)})` : '';
  const than = serving === undefined ? '' : `, ${value >= serving ? '+' : ''}${d(value - serving)}${between}`;
  return `${name} ${d(value)}${range}${than}`;
};

const cells = z.object({
  tp: z.number().nonnegative(),
  fp: z.number().nonnegative(),
  tn: z.number().nonnegative(),
  fn: z.number().nonnegative(),
});
const fairnessCounts = z.object({
  attributes: z.record(z.string(), z.object({ groups: z.record(z.string(), cells) })),
});
const fairnessRows = z.object({
  y_true: z.array(z.number()),
  y_pred: z.array(z.number()),
  sensitive: z.record(z.string(), z.array(z.union([z.string(), z.number()]).transform(String))),
  weights: z.array(z.number()).optional(),
});

/** Written by the evaluation: counts by group, or rows. */
export function readFairness(value: unknown): Map<string, ReadonlyMap<string, Cells>> {
  // One form is asked for, so that what is wrong with it can be named.
  if (typeof value !== 'object' || value === null || !('y_true' in value)) {
    const { attributes } = shaped(fairnessCounts, value, 'fairness.json');
    return new Map(Object.entries(attributes).map(([name, { groups }]) => [name, new Map(Object.entries(groups))]));
  }
  const file = shaped(fairnessRows, value, 'fairness.json');
  return new Map(
    Object.entries(file.sensitive).map(([name, groups]) => [
      name,
      cellsByGroup(file.y_true, file.y_pred, groups, file.weights),
    ]),
  );
}

export function fairnessFinding(about: About, value: unknown, source: string, asOf: Temporal.Instant): Found {
  const limits = about.promotion.fairness;
  const results = [...readFairness(value)].map(([attribute, cells]) => {
    const fairness = fairnessOf(cells, { minCell: limits.minCell });
    const groups = fairness.groups.map((each) => {
      const { selectionRate, count } = each;
      const selected = selectionRate * count;
      // Weights make of people something that has no interval.
      const whole = Number.isInteger(count) && Math.abs(selected - Math.round(selected)) < 1e-6 && count > 0;
      return { ...each, ...(whole ? { selection: wilson({ successes: Math.round(selected), n: count }) } : {}) };
    });
    return { attribute, ...fairness, groups, verdict: fairnessVerdict(fairness, limits) };
  });
  const body = { results, limits };
  const worst =
    results.find(({ verdict }) => verdict.state === 'unfair') ??
    results.find(({ verdict }) => verdict.state === 'no-verdict');
  if (results.length === 0) return none(about, 'no sensitive attribute was looked at', source);
  if (worst) {
    const no = worst.verdict.state === 'no-verdict' ? 'no verdict for' : 'unfair by';
    return { state: 'failed', summary: `${no} ${worst.attribute}: ${worst.verdict.why}`, source, asOf, body };
  }
  const words = results.map(
    ({ attribute, groups, verdict }) => `${attribute} (${counted(groups.length, 'group')}): ${verdict.why}`,
  );
  return { state: 'present', summary: words.join('; '), source, asOf, body };
}

export async function fairness(about: About): Promise<Found> {
  const file = await about.json('evidence/fairness.json');
  if (!file) return none(about, 'the training run wrote no evidence/fairness.json', 'Azure Machine Learning');
  return fairnessFinding(about, file.value, file.source, file.at);
}

const explanationFile = z.object({
  features: z.array(z.string()).min(1),
  values: z.array(z.unknown()),
  base: z.unknown().optional(),
  expected_value: z.unknown().optional(),
  base_values: z.unknown().optional(),
  predictions: z.array(z.unknown()).optional(),
  output: z.number().int().optional(),
});

/** How important each feature is to the version that serves, for the order of them to be compared. */
export interface LiveImportance {
  name: string;
  features: readonly { name: string; meanAbs: number }[];
}

export function explanationFinding(
  value: unknown,
  source: string,
  asOf: Temporal.Instant,
  live?: LiveImportance,
): Found {
  const file = shaped(explanationFile, value, 'explanation.json');
  const base = file.base ?? file.base_values ?? file.expected_value;
  const { features, values, predictions, output } = file;
  const found = readExplanation({ features, values, base, predictions, output });
  const top = found.features.slice(0, 3).map(({ name }) => name);
  const places = new Map(live?.features.map(({ name }, index) => [name, index + 1]));
  const ranked = found.features.slice(0, 20).map((each) => {
    const before = places.get(each.name);
    return { ...each, ...(before === undefined ? {} : { before }) };
  });
  const body = {
    ...found,
    features: ranked,
    ...(live ? { serving: { name: live.name, ndcg: orderOf(live, found) } } : {}),
  };
  if (found.gap === undefined)
    return { state: 'failed', summary: 'there are no predictions to check the values against', source, asOf, body };
  if (found.gap > ADDITIVITY_TOLERANCE) {
    const summary = `the values do not add up to the predictions: they are off by up to ${found.gap.toPrecision(2)}`;
    return { state: 'failed', summary, source, asOf, body };
  }
  return {
    state: 'present',
    summary: `${top.join(', ')} matter most, over ${counted(found.rows, 'row')}`,
    source,
    asOf,
    body,
  };
}

/** NDCG of the new order by the importances of the old one, as Azure ML's attribution drift has it: 1 is the same order. */
function orderOf(live: LiveImportance, found: { features: readonly { name: string; meanAbs: number }[] }): number {
  const now = new Map(found.features.map(({ name, meanAbs }) => [name, meanAbs]));
  return ndcg(
    live.features.map(({ meanAbs }) => meanAbs),
    live.features.map(({ name }) => now.get(name) ?? 0),
  );
}

/** What the serving version looks at; undefined when nobody wrote it down so that it can be read. */
async function liveImportance(about: About): Promise<LiveImportance | undefined> {
  const serving = await about.serving();
  const file = serving && (await about.servingJson('evidence/explanation.json'));
  const read = explanationFile.safeParse(file?.value).data;
  if (!serving || !read) return undefined;
  try {
    const { features, values, predictions, output } = read;
    const base = read.base ?? read.base_values ?? read.expected_value;
    const order = readExplanation({ features, values, base, predictions, output }).features;
    return order.some(({ meanAbs }) => meanAbs > 0) ? { name: serving.name, features: order } : undefined;
  } catch (error) {
    // What the old version left behind cannot stop the new one.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export async function explanation(about: About): Promise<Found> {
  const file = await about.json('evidence/explanation.json');
  if (!file) return none(about, 'the training run wrote no evidence/explanation.json', 'Azure Machine Learning');
  return explanationFinding(file.value, file.source, file.at, await liveImportance(about));
}

const check = z.object({
  name: z.string().min(1),
  value: z.number(),
  limit: z.number(),
  better: z.enum(['higher', 'lower']).default('lower'),
});
const checksFile = z.object({ checks: z.array(check).min(1) });

/** Named checks, each against its limit: robustness, data quality. */
export function checksFinding(value: unknown, name: string, source: string, asOf: Temporal.Instant): Found {
  const { checks } = shaped(checksFile, value, name);
  const failed = checks.filter(({ value: found, limit, better }) =>
    better === 'higher' ? found < limit : found > limit,
  );
  const [first] = failed;
  const more = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return {
    state: first ? 'failed' : 'present',
    summary: first
      ? `${first.name} is ${first.value}, ${first.better === 'higher' ? 'at least' : 'at most'} ${first.limit} is asked for${more}`
      : `${counted(checks.length, 'check')} passed`,
    source,
    asOf,
    body: { checks },
  };
}

const checksOf =
  (path: string) =>
  async (about: About): Promise<Found> => {
    const file = await about.json(path);
    if (!file) return none(about, `the training run wrote no ${path}`, 'Azure Machine Learning');
    return checksFinding(file.value, path, file.source, file.at);
  };
export const robustness = checksOf('evidence/robustness.json');
export const dataQuality = checksOf('evidence/data-quality.json');

/** Throws RangeError with the place that does not fit. */
export function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new RangeError(`${name} is not of the expected form${where}: ${issue?.message ?? 'it cannot be read'}`);
}
