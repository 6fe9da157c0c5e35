import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import {
  type AlarmRule,
  type DriftRow,
  driftRows,
  type Feature,
  measureFeature,
  memoryPair,
  NATIVE_RULE,
  type NativeOptions,
  type Profile,
  type State,
} from '../statistics/index.ts';
import { type Duck, type DuckOptions, type Lane, openDuck, quoted } from '../store/duck.ts';
import { binnedPair } from './binned-pair.ts';
import { type ColumnInfo, linesIn, makeTable, type Opened, openFile, Unfit } from './files.ts';
import { categories, storedNumbers, wholeIsCategory } from './pairs.ts';
import { lift, type Side, sortedColumn } from './sides.ts';

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

export interface CompareOptions extends DuckOptions {
  /** Columns are lifted into memory in groups of so many MB; a pair of columns that is larger stays in DuckDB. */
  liftMb?: number;
}

/** Two files are one window, and it decides by itself: there is no other to wait for. */
export const FILE_RULE: AlarmRule = { ...NATIVE_RULE, windows: { k: 1, m: 1 } };

const LIFT_MB = 1024;

/** How a file is read: numbers straight from plain text; by DuckDB, types guessed from the first rows; guessed from all. */
const WAYS = ['plain', 'sampled', 'everything'] as const;
type Way = (typeof WAYS)[number];

/**
 * Compares two files column by column, in bounded memory: some columns at a time are lifted out of their files and sorted;
 * what is too large for that stays in DuckDB, which spills to disk. `Refused` for files that cannot be read; what is in
 * them only ever makes a number `unknown`.
 */
export async function compareFiles(asked: Comparison, options: CompareOptions = {}): Promise<Compared> {
  const duck = await openDuck(options);
  try {
    for (const way of WAYS) {
      try {
        return await compareIn(duck, asked, way, (options.liftMb ?? options.memoryMb ?? LIFT_MB) * 2 ** 20);
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
      }
    }
    throw new Error('every way of reading a file ends with an answer or a refusal');
  } finally {
    await duck.close();
  }
}

interface Planned {
  name: string;
  before: ColumnInfo;
  now: ColumnInfo;
  category: boolean;
}

async function compareIn(duck: Duck, asked: Comparison, way: Way, room: number): Promise<Compared> {
  const { profile, now, rule = FILE_RULE } = asked;
  const look = { only: asked.features, everything: way === 'everything' };
  const [before, after] = [await openFile(duck, asked.baseline, look), await openFile(duck, asked.current, look)];
  const names = asked.features ?? [...new Set([...before.columns, ...after.columns].map(({ name }) => name))];
  mustShare(before, after);
  const gaps = new Map<string, string>();
  const planned = names.flatMap((name): Planned[] => {
    const [b, a] = [before, after].map(({ columns }) => columns.find((each) => each.name === name));
    const gap = gapOf(name, b, a);
    if (gap !== undefined || !b || !a) {
      gaps.set(name, gap ?? 'it is missing');
      return [];
    }
    const category = asked.categorical?.includes(name) || b.kind === 'category';
    return [{ name, before: b, now: a, category }];
  });
  // Azure ML looks at whole rows and at how many numbers differ, and words among numbers have to be counted: DuckDB does.
  const numerals = planned.filter((each) => !each.category && each.now.kind !== 'category');
  const plain = way === 'plain' && profile !== 'azureml' && numerals.length > 0;
  const direct = plain && (await fits([before, after], room)) ? numerals : [];
  const stored = planned.filter((each) => !direct.includes(each));
  const sideOf = async (table: string, file: Opened): Promise<Side> => {
    const straight = file.layout !== undefined && direct.length > 0;
    const wanted = profile === 'azureml' ? [] : (straight ? stored : planned).map(({ name }) => name);
    const side = { file, columns: file.columns, table, row: 'rowid', rows: 0, kept: 0, plain: straight };
    if (straight && wanted.length === 0) return side;
    return load(duck, side, profile, wanted.length > 0 ? wanted : file.columns.map(({ name }) => name));
  };
  const reference = await sideOf('reference', before);
  const current = await sideOf('current', after);
  const other = await duck.lane();
  const found = new Map<string, Feature>();

  async function measureStored(lane: Lane, { name, before: b, now: a, category }: Planned): Promise<boolean> {
    if (category || (await wholeIsCategory(lane, profile, reference, b))) {
      const pair = await categories(lane, { reference, current, before: b, now: a });
      found.set(name, await measureFeature(profile, name, { kind: 'categorical', pair }, asked.native));
      return true;
    }
    if (8 * (reference.kept + current.kept) <= room) return false;
    const pair = await storedNumbers(lane, { profile, reference, current, before: b, now: a });
    if (pair) found.set(name, await measureFeature(profile, name, { kind: 'numerical', pair }, asked.native));
    return pair !== undefined;
  }

  /** Columns of numbers, as many at a time as there is room for; each is sorted once and read for every measure. */
  async function measureLifted(columns: readonly Planned[], rows: number): Promise<void> {
    const most = Math.max(1, Math.floor(room / 8 / Math.max(1, rows)));
    const groups = Math.ceil(columns.length / most);
    const size = Math.ceil(columns.length / Math.max(1, groups));
    for (let from = 0; from < columns.length; from += size) {
      const group = columns.slice(from, from + size);
      const left = lift(
        duck,
        reference,
        group.map((each) => each.before),
      );
      const right = lift(
        other,
        current,
        group.map((each) => each.now),
      );
      const [a, b] = await Promise.all([left, right]);
      const scratch = new Float64Array(Math.max(0, ...[...a, ...b].map(({ values }) => values.length)));
      for (const [i, { name }] of group.entries()) {
        const [one, two] = [a[i], b[i]];
        if (!one || !two) continue;
        const counted = profile === 'native' ? binnedPair(one, two) : undefined;
        const pair = counted ?? memoryPair(sortedColumn(one, scratch), sortedColumn(two, scratch));
        found.set(name, await measureFeature(profile, name, { kind: 'numerical', pair }, asked.native));
        // Others have their turn between two features.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  const lifted: Planned[] = [];
  const waiting = stored.values();
  const work = async (lane: Lane) => {
    for (const each of waiting) if (!(await measureStored(lane, each))) lifted.push(each);
  };
  await Promise.all([work(duck), work(other)]);
  await measureLifted(direct, (await rowsOf(reference)) + (await rowsOf(current)));
  await measureLifted(lifted, reference.kept + current.kept);

  const features = names.flatMap((name) => found.get(name) ?? []);
  const missing = [...gaps].map(([name, why]) => unknownRow(profile, name, reference.rows, current.rows, why));
  const { rows: judged } = driftRows(profile, features, { now, rule });
  const all = [...judged, ...missing];
  return { rows: all, features, n_ref: reference.rows, n_cur: current.rows, state: worst(all) };
}

/** Two files without a column in common are no two windows of the same data; often one has no line of names. */
function mustShare(before: Opened, after: Opened): void {
  if (after.columns.some(({ name }) => before.columns.some((each) => each.name === name))) return;
  const some = ({ path, columns }: Opened) => {
    const names = columns.map(({ name }) => name);
    return `${path} has ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  };
  throw new Refused(
    `The files have no column in common: ${some(before)}; ${some(after)}.`,
    'Both need the same names, in the first line of a text; every line as many fields as there are names.',
  );
}

/** Whether one column of each text fits. */
async function fits(files: readonly Opened[], room: number): Promise<boolean> {
  const lines = await Promise.all(files.map((file) => (file.layout ? linesIn(file.path) : 0)));
  return 8 * lines.reduce((sum, each) => sum + each, 0) <= room;
}

const rowsOf = async (side: Side): Promise<number> => (side.plain ? linesIn(side.file.path) : side.kept);

async function load(duck: Duck, side: Side, profile: Profile, names: readonly string[]): Promise<Side> {
  const { table, file } = side;
  const row = await makeTable(duck, table, file, names);
  const rows = await countOf(duck, table);
  if (profile !== 'azureml') return { ...side, row, rows, kept: rows };
  // Azure ML drops every row in which any column is missing, before any number (`compute_data_drift.py`).
  const columns = file.columns.filter(({ name }) => names.includes(name));
  const whole = columns.map(
    ({ name, kind }) => `${quoted(name)} is not null${kind === 'number' ? ` and not isnan(${quoted(name)})` : ''}`,
  );
  await duck.run(`create or replace table ${table}_whole as select * from ${table} where ${whole.join(' and ')}`);
  return { ...side, table: `${table}_whole`, row: 'rowid', rows, kept: await countOf(duck, `${table}_whole`) };
}

const countOf = async (duck: Lane, table: string): Promise<number> =>
  Number((await duck.rows(`select count(*) as n from ${table}`))[0]?.['n'] ?? 0);

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
