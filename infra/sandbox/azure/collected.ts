import { type DataVersion, dataVersions, PARQUET, trainingFile } from './data-versions.ts';
import { driftAt } from './drift.ts';
import { ENDPOINTS, type EndpointSeed, same } from './northwind.ts';
import { type ParquetValue, parquetOf } from './parquet.ts';
import { hash, uuidOf } from './random.ts';
import { DAY, type EstateState, HOUR, sharesOf } from './state.ts';
import { armEndpointId } from './webhooks.ts';
import { written } from './written.ts';

/**
 * What deployments collected and what labels came later, as files in the workspace's Blob storage: JSON Lines (or Parquet) by hour, in
 * the layout of Azure ML's data collector (`modelDataCollector/endpoint/deployment/collection/yyyy/MM/dd/HH/…`). Every
 * file is made anew from (seed, hour) when somebody reads it.
 */
const DAYS_KEPT = 45;
/** Requests written in an hour: a sample, as Azure ML's `samplingRate` makes one. */
const ROWS_PER_HOUR = 120;
const TRAINING_ROWS = 6000;
const LABELLED_SHARE = 0.82;
const LABEL_LAG_MS = 2.2 * DAY;
const encoder = new TextEncoder();

export const trainingPath = (endpoint: string): string => `training/${endpoint}/${trainingFile(endpoint)}`;

const CATEGORIES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Which collections are on when nobody changed anything. */
const SEEDED: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  'ep-fraud': { model_inputs: true, model_outputs: true },
  'ep-aml': { model_inputs: true },
  'ep-churn': { model_inputs: true, model_outputs: false },
};

export const seededCollector = (endpoint: string) => {
  const seeded = SEEDED[endpoint];
  return (
    seeded && {
      rollingRate: 'Hour',
      collections: Object.fromEntries(
        Object.entries(seeded).map(([name, on]) => [
          name,
          { dataCollectionMode: on ? 'Enabled' : 'Disabled', samplingRate: 1 },
        ]),
      ),
    }
  );
};

/** Since when a collection is on; `undefined` when it is off. */
function onSince(
  state: EstateState,
  endpoint: EndpointSeed,
  deployment: string,
  collection: string,
  now: number,
): number | undefined {
  const write = written(state, 'deployment', endpoint.workspace, now).get(
    `${endpoint.name}/${deployment}`.toLowerCase(),
  );
  if (!write) return SEEDED[endpoint.name]?.[collection] ? state.startedAt - DAYS_KEPT * DAY : undefined;
  const properties = write.body?.['properties'] as
    | { dataCollector?: { collections?: Record<string, { dataCollectionMode?: string }> } }
    | undefined;
  const on = properties?.dataCollector?.collections?.[collection]?.dataCollectionMode === 'Enabled';
  if (!on) return undefined;
  return SEEDED[endpoint.name]?.[collection] ? state.startedAt - DAYS_KEPT * DAY : write.at;
}

export interface BlobFile {
  name: string;
  modifiedAt: number;
  /** Made when it is read. */
  bytes: () => Uint8Array;
}

/** Files of a workspace's container that begin with `prefix`, by name. */
export function collectedFiles(state: EstateState, workspace: string, prefix: string, now: number): BlobFile[] {
  const mine = ENDPOINTS.filter((each) => each.kind === 'online' && same(each.workspace, workspace));
  return mine
    .flatMap((endpoint) => [
      ...hourly(state, endpoint, prefix, now),
      {
        name: trainingPath(endpoint.name),
        modifiedAt: state.startedAt - 60 * DAY,
        bytes: () => training(state, endpoint),
      },
      ...dataVersions(state, endpoint.name, now).map((version) => ({
        name: version.path,
        modifiedAt: version.at,
        bytes: () => training(state, endpoint, version),
      })),
      ...(endpoint.name === 'ep-fraud' ? labelFiles(state, endpoint, now) : []),
    ])
    .filter((each) => each.name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hourly(state: EstateState, endpoint: EndpointSeed, prefix: string, now: number): BlobFile[] {
  const base = `modelDataCollector/${endpoint.name}/`;
  if (!prefix.startsWith(base) && !base.startsWith(prefix)) return [];
  return endpoint.deployments.flatMap(({ name }) =>
    ['model_inputs', 'model_outputs'].flatMap((collection) => {
      const since = onSince(state, endpoint, name, collection, now);
      if (since === undefined) return [];
      const files: BlobFile[] = [];
      const first = Math.ceil(Math.max(since, now - DAYS_KEPT * DAY) / HOUR) * HOUR;
      for (let hour = first; hour + HOUR <= now; hour += HOUR) {
        const rows = rowsIn(state, endpoint, name, hour);
        if (rows === 0) continue;
        const [year, month, day, at] = new Date(hour).toISOString().split(/[-T:]/);
        files.push({
          name: `${base}${name}/${collection}/${year}/${month}/${day}/${at}/${uuidOf(endpoint.name, name, collection, hour)}.${PARQUET.has(endpoint.name) ? 'parquet' : 'jsonl'}`,
          modifiedAt: hour + HOUR,
          bytes: () => collectedBytes(state, endpoint, name, collection, hour, rows),
        });
      }
      return files;
    }),
  );
}

function rowsIn(state: EstateState, endpoint: EndpointSeed, deployment: string, hour: number): number {
  const share =
    sharesOf(state, endpoint.name)
      .filter((each) => each.since <= hour)
      .at(-1)?.share ?? {};
  return Math.round((ROWS_PER_HOUR * (share[deployment] ?? 0)) / 100);
}

/** Uniform numbers that belong to an hour and a row of it; the words are hashed once an hour, the rest is arithmetic. */
function dice(base: number, row: number): () => number {
  let state = (base ^ Math.imul(row + 1, 0x9e3779b1)) >>> 0;
  return () => (next() + 0.5) / 2 ** 32;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
}

/** An id that belongs to an hour and a row, in the form of a UUID. */
function idOf(base: number, row: number): string {
  const roll = dice(base, row);
  const hex = (digits: number) =>
    Math.floor(roll() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(8)}${hex(4)}`;
}

const normal = (roll: () => number): number => Math.sqrt(-2 * Math.log(roll())) * Math.cos(2 * Math.PI * roll());

/** A row of inputs; `moved` is how far each feature has moved, as a population stability index. */
function inputs(
  endpoint: EndpointSeed,
  roll: () => number,
  moved: ReadonlyMap<string, number>,
): Record<string, number | string | null> {
  return Object.fromEntries(
    endpoint.features.map(({ name, type }) => {
      const shift = Math.sqrt(Math.max(0, moved.get(name) ?? 0));
      if (roll() < 0.004) return [name, null];
      // The index of a normal that moved by d deviations is about d².
      if (type === 'Numerical') return [name, Math.round((50 + 12 * (normal(roll) + shift)) * 100) / 100];
      const weights = CATEGORIES.map((_, place) => (place === 0 ? Math.exp(2 * shift) : 1) / (place + 1));
      let left = roll() * weights.reduce((sum, weight) => sum + weight, 0);
      const chosen = weights.findIndex((weight) => {
        left -= weight;
        return left <= 0;
      });
      return [name, CATEGORIES[Math.max(0, chosen)] ?? 'a'];
    }),
  );
}

/** The score of a request and, known later, what it really was: honest scores, so that they can stand for labels. */
function outcomeOf(base: number, row: number): { score: number; actual: 0 | 1 } {
  const roll = dice(base, row);
  const score = Math.round((roll() < 0.75 ? roll() ** 3 * 0.5 : 0.4 + roll() * 0.6) * 1000) / 1000;
  return { score, actual: roll() < score ? 1 : 0 };
}

/** What the numbers of one hour of one deployment are made of. */
const basesOf = (seed: number, endpoint: string, deployment: string, hour: number) => {
  const of = (what: string) => hash(seed, what, endpoint, deployment, hour);
  return { row: of('row'), request: of('request'), event: of('event'), outcome: of('outcome'), label: of('label') };
};

function collectedBytes(
  state: EstateState,
  endpoint: EndpointSeed,
  deployment: string,
  collection: string,
  hour: number,
  rows: number,
): Uint8Array {
  const usual = new Map(endpoint.features.map(({ name, usualPsi }) => [name, usualPsi]));
  const now = driftAt(state, endpoint, hour + HOUR / 2);
  const moved = new Map(now.map(({ feature, psi }) => [feature, Math.max(0, psi - 1.1 * (usual.get(feature) ?? 0))]));
  const bases = basesOf(state.seed, endpoint.name, deployment, hour);
  const inputsOf = (row: number) => inputs(endpoint, dice(bases.row, row), moved);
  const dataOf = (row: number): Record<string, ParquetValue> => {
    const { score } = outcomeOf(bases.outcome, row);
    return collection === 'model_inputs' ? inputsOf(row) : { prediction: score >= 0.5 ? 1 : 0, score };
  };
  const timeOf = (row: number) => new Date(hour + Math.floor((row * HOUR) / rows)).toISOString();
  if (PARQUET.has(endpoint.name))
    return tableOf(
      Array.from({ length: rows }, (_, row) => ({
        correlationid: idOf(bases.request, row),
        time: timeOf(row),
        ...dataOf(row),
      })),
    );
  const written = Array.from({ length: rows }, (_, row) => {
    const data = dataOf(row);
    return `${JSON.stringify({
      specversion: '1.0',
      id: idOf(bases.event ^ collection.length, row),
      source: `${armEndpointId(endpoint)}/deployments/${deployment}`,
      type: collection === 'model_inputs' ? 'azureml.inference.inputs' : 'azureml.inference.outputs',
      datacontenttype: 'application/json',
      time: timeOf(row),
      data: [data],
      collectdatatype: 'pandas.core.frame.DataFrame',
      correlationid: idOf(bases.request, row),
      agent: 'azureml-ai-monitoring/0.1.0b1',
    })}\n`;
  });
  return encoder.encode(written.join(''));
}

const tableOf = (rows: readonly Record<string, ParquetValue>[]): Uint8Array =>
  parquetOf(Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] ?? null)])));

function training(state: EstateState, endpoint: EndpointSeed, version?: DataVersion): Uint8Array {
  const names = endpoint.features.map(({ name }) => name);
  const header = names.map((name) => (name === version?.lost ? version.gained : name));
  const base = hash(state.seed, 'training', endpoint.name);
  const rows = Array.from({ length: TRAINING_ROWS }, (_, row) => inputs(endpoint, dice(base, row), new Map()));
  if (PARQUET.has(endpoint.name)) return tableOf(rows.map((row) => renamed(row, version)));
  const written = rows.map((row) => names.map((name) => row[name] ?? '').join(','));
  return encoder.encode(`${[header.join(','), ...written].join('\n')}\n`);
}

const renamed = <T>(row: Readonly<Record<string, T>>, version?: DataVersion): Record<string, T> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name === version?.lost ? (version.gained ?? name) : name, value]),
  );

/** Chargebacks arrive days later, some never: one file a day with what became known on it. */
function labelFiles(state: EstateState, endpoint: EndpointSeed, now: number): BlobFile[] {
  const files: BlobFile[] = [];
  const first = Math.ceil(Math.max(state.startedAt - 30 * DAY, now - 40 * DAY) / DAY) * DAY;
  for (let day = first; day + DAY <= now; day += DAY)
    files.push({
      name: `labels/${endpoint.name}/${new Date(day).toISOString().slice(0, 10)}.jsonl`,
      modifiedAt: day + DAY,
      bytes: () => encoder.encode(labelsOf(state, endpoint, day)),
    });
  return files;
}

/** Nothing is waited for longer than this. */
const LATEST_MS = 16 * DAY;

function labelsOf(state: EstateState, endpoint: EndpointSeed, day: number): string {
  const found: string[] = [];
  for (let hour = day - LATEST_MS; hour < day + DAY; hour += HOUR)
    for (const { name } of endpoint.deployments) {
      const rows = rowsIn(state, endpoint, name, hour);
      if (rows === 0) continue;
      const bases = basesOf(state.seed, endpoint.name, name, hour);
      for (let row = 0; row < rows; row += 1) {
        const roll = dice(bases.label, row);
        if (roll() > LABELLED_SHARE) continue;
        const at = hour + HOUR / 2 - LABEL_LAG_MS * Math.log(roll());
        if (at < day || at >= day + DAY) continue;
        const { actual } = outcomeOf(bases.outcome, row);
        const label = { correlationid: idOf(bases.request, row), actual, labelled_at: new Date(at).toISOString() };
        found.push(`${JSON.stringify(label)}\n`);
      }
    }
  return found.join('');
}
