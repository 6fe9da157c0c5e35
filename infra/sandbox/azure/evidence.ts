import { trainingRun, versionsOf } from './assets.ts';
import { MODELS, type ModelSeed, same } from './northwind.ts';
import { hash, noise } from './random.ts';
import type { EstateState } from './state.ts';

/**
 * What a training run of Northwind leaves in its outputs for whoever has to approve the version: fairness by group, SHAP
 * values, robustness, data quality, and the try of the serving image. Deterministic for the version.
 */
export interface EvidenceFile {
  name: string;
  modifiedAt: number;
  text: () => string;
}

export function evidenceFiles(state: EstateState, workspace: string, prefix: string, now: number): EvidenceFile[] {
  return MODELS.filter((model) => same(model.workspace, workspace)).flatMap((model) =>
    versionsOf(state, model, now).flatMap(({ version, at, job }) => {
      const folder = `ExperimentRun/dcid.${job ?? trainingRun(model.name, version)}/evidence/`;
      if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return [];
      return Object.entries(FILES).flatMap(([name, make]) => {
        const text = () => JSON.stringify(make(model, version));
        const fault = faultOf(state, model.name, version, name);
        if (fault === 'missing') return [];
        return [{ name: `${folder}${name}.json`, modifiedAt: at, text: () => (BROKEN[fault ?? ''] ?? text)() }];
      });
    }),
  );
}

const LARGE_BYTES = 50 * 1024 * 1024;
/** What people put there all the same (the scenario `evidence-broken`). */
const BROKEN: Readonly<Record<string, () => string>> = {
  large: () => JSON.stringify({ checks: [], rows: 'x'.repeat(LARGE_BYTES) }),
  // As Python's json module writes it.
  nan: () => '{"checks": [{"name": "score change under 1 % noise", "value": NaN, "limit": 0.02}]}',
  'not-json': () => 'checks:\n  - name: score change under 1 % noise\n',
};

const faultOf = (state: EstateState, model: string, version: string, file: string): string | undefined =>
  state.happened
    .filter(({ scenario, params }) => scenario === 'evidence-broken' && same(String(params.model), model))
    .filter(({ params }) => String(params.version) === version && params.file === file)
    .map(({ params }) => String(params.fault))
    .at(-1);

/** How many rows the version was tested on, and how many of them were positive. */
export const testedOn = (model: string, version: string): { rows: number; positives: number } => {
  const rows = 180_000 + (hash(model, version, 'rows') % 20_000);
  return { rows, positives: Math.round(rows * 0.031) };
};

const FEATURES: Readonly<Record<string, readonly string[]>> = {
  'fraud-detector': ['amount', 'merchant_category', 'hour_of_day', 'country', 'card_age_days', 'distance_km'],
};
const featuresOf = (model: string) => FEATURES[model] ?? ['tenure_months', 'usage_30d', 'region', 'price'];

const FILES: Readonly<Record<string, (model: ModelSeed, version: string) => object>> = {
  fairness: (model, version) => ({
    attributes: {
      age_band: { groups: groups(model.name, version, ['18-29', '30-44', '45-64', '65+']) },
      sex: { groups: groups(model.name, version, ['female', 'male']) },
    },
  }),
  explanation: (model, version) => explanation(model.name, version),
  robustness: (model, version) => ({
    checks: [
      {
        name: 'score change under 1 % noise',
        value: near(0.008, model.name, version, 'noise'),
        limit: 0.02,
        better: 'lower',
      },
      {
        name: 'AUC with a missing feature',
        value: near(0.92, model.name, version, 'missing'),
        limit: 0.85,
        better: 'higher',
      },
      {
        name: 'flips by rounding inputs',
        value: near(0.003, model.name, version, 'flips'),
        limit: 0.01,
        better: 'lower',
      },
    ],
  }),
  'data-quality': (model, version) => ({
    checks: featuresOf(model.name).map((feature) => ({
      name: `null rate of ${feature}`,
      value: near(0.004, model.name, version, feature),
      limit: 0.02,
      better: 'lower',
    })),
  }),
  smoke: (model, version) => ({
    image: `northwind.azurecr.io/env-${model.name}:${version}`,
    digest: `sha256:${Array.from({ length: 8 }, (_, word) => hash(model.name, version, 'image', word).toString(16).padStart(8, '0')).join('')}`,
    request: { input_data: [Object.fromEntries(featuresOf(model.name).map((name) => [name, 1]))] },
    status: 200,
    response: { predictions: [0.031] },
    latencyMs: Math.round(near(38, model.name, version, 'latency')),
  }),
};

const near = (value: number, ...names: readonly string[]): number =>
  Math.round(value * (1 + 0.15 * noise(...names)) * 1e5) / 1e5;

/** Rates that differ a little between the groups, with thousands of people in each cell. */
function groups(model: string, version: string, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const positives = 1200 + (hash(model, version, name, 'p') % 400);
      const negatives = 42_000 + (hash(model, version, name, 'n') % 5000);
      const tp = Math.round(positives * (0.82 + 0.012 * noise(model, version, name, 'tpr')));
      const fp = Math.round(negatives * (0.021 + 0.0008 * noise(model, version, name, 'fpr')));
      return [name, { tp, fp, tn: negatives - fp, fn: positives - tp }];
    }),
  );
}

/** SHAP values that add up, as shap 0.45 and later writes them for two classes: outputs last. */
function explanation(model: string, version: string) {
  const features = featuresOf(model);
  const rows = 60;
  const base = [0.97, 0.03];
  const values = Array.from({ length: rows }, (_, row) =>
    features.map((name, place) => {
      const phi = (0.05 / (place + 1)) * noise(model, version, name, row);
      return [-phi, phi];
    }),
  );
  const predictions = values.map((row) =>
    base.map((start, output) => row.reduce((sum, cell) => sum + (cell[output] ?? 0), start)),
  );
  return { features, values, expected_value: base, predictions, output: 1 };
}
