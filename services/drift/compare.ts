import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import {
  type AlarmRule,
  type DriftRow,
  driftRows,
  type Feature,
  measureFeature,
  NATIVE_RULE,
  type NativeOptions,
  type Profile,
  type State,
} from '../statistics/index.ts';
import { type Duck, type DuckOptions, type Lane, openDuck, quoted } from '../store/duck.ts';
import { type ColumnInfo, loadFile } from './files.ts';
import { loadPair, type Side, wholeIsCategory } from './pairs.ts';

export interface Comparison {
  baseline: string;
  current: string;
  profile: Profile;
  /** Only these columns. */
  features?: readonly string[];
  /** These are categories, whatever their type. */
  categorical?: readonly string[];
  rule?: AlarmRule;
  native?: NativeOptions;
  now: Temporal.Instant;
}

export interface Compared {
  rows: DriftRow[];
  features: readonly Feature[];
  /** Rows of the files. */
  n_ref: number;
  n_cur: number;
  state: State;
}

/** Two files are one window, and it decides by itself: there is no other to wait for. */
export const FILE_RULE: AlarmRule = { ...NATIVE_RULE, windows: { k: 1, m: 1 } };

/**
 * Compares two files column by column, in bounded memory: both are copied into DuckDB's store on disk, each column is
 * summed up there. `Refused` for files that cannot be read; what is in them only ever makes a number `unknown`.
 */
export async function compareFiles(asked: Comparison, options: DuckOptions = {}): Promise<Compared> {
  const duck = await openDuck(options);
  try {
    return await compareIn(duck, asked);
  } finally {
    await duck.close();
  }
}

async function compareIn(duck: Duck, asked: Comparison): Promise<Compared> {
  const { profile, now, rule = FILE_RULE } = asked;
  const reference = await loadSide(duck, 'reference', asked.baseline, asked);
  const current = await loadSide(duck, 'current', asked.current, asked);
  const names = asked.features ?? [...new Set([...reference.columns, ...current.columns].map(({ name }) => name))];
  const measure = async (lane: Lane, name: string): Promise<Feature | DriftRow> => {
    const [before, after] = [columnOf(reference, name), columnOf(current, name)];
    const gap = gapOf(name, before, after);
    if (gap || !before || !after)
      return unknownRow(profile, name, reference.rows, current.rows, gap ?? 'it is missing');
    const category =
      asked.categorical?.includes(name) ||
      before.kind === 'category' ||
      (await wholeIsCategory(lane, profile, reference, before));
    const pair = await loadPair(lane, { profile, category, reference, current, before, now: after });
    return measureFeature(profile, name, pair, asked.native);
  };
  const found: (Feature | DriftRow)[] = [];
  const waiting = names.entries();
  const work = async (lane: Lane) => {
    for (const [place, name] of waiting) found[place] = await measure(lane, name);
  };
  await Promise.all([work(duck), work(await duck.lane())]);
  const features = found.filter((each): each is Feature => 'measures' in each);
  const missing = found.filter((each): each is DriftRow => !('measures' in each));
  const { rows } = driftRows(profile, features, { now, rule });
  const all = [...rows, ...missing];
  return { rows: all, features, n_ref: reference.rows, n_cur: current.rows, state: worst(all) };
}

async function loadSide(duck: Duck, table: string, path: string, { features, profile }: Comparison): Promise<Side> {
  const { columns, row } = await loadFile(duck, table, path, features);
  const [{ n = 0 } = {}] = await duck.rows(`select count(*) as n from ${table}`);
  if (profile !== 'azureml') return { table, columns, row, rows: Number(n) };
  // Azure ML drops every row in which any column is missing, before any number (`compute_data_drift.py`).
  const whole = columns.map(
    ({ name, kind }) => `${quoted(name)} is not null${kind === 'number' ? ` and not isnan(${quoted(name)})` : ''}`,
  );
  await duck.run(`create or replace table ${table}_whole as select * from ${table} where ${whole.join(' and ')}`);
  return { table: `${table}_whole`, columns, row: 'rowid', rows: Number(n) };
}

const columnOf = ({ columns }: Side, name: string): ColumnInfo | undefined =>
  columns.find((each) => each.name === name);

function gapOf(name: string, before: ColumnInfo | undefined, now: ColumnInfo | undefined): string | undefined {
  if (!before && !now) throw new Refused(`Neither file has a column ${name}.`);
  if (!before) return 'the reference has no such column';
  if (!now) return 'the current data has no such column';
  const odd = [before, now].find(({ kind }) => kind === 'other');
  return odd && `values of type ${odd.type} are not compared`;
}

const unknownRow = (profile: Profile, feature: string, n_ref: number, n_cur: number, why: string): DriftRow => ({
  feature,
  profile,
  metric: profile === 'native' ? 'psi' : 'jensen_shannon',
  value: null,
  n_ref,
  n_cur,
  bins: null,
  null95: null,
  floor: null,
  p: null,
  state: 'unknown',
  limit: null,
  because: `Not known: ${why}.`,
});

const ORDER: readonly State[] = ['alarm', 'watch', 'unknown', 'ok'];

/** Nothing compared is unknown. */
export const worst = (rows: readonly Pick<DriftRow, 'state'>[]): State =>
  ORDER.find((state) => rows.some((row) => row.state === state)) ?? 'unknown';
