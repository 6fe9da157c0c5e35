import {
  type CategoricalPair,
  type Joint,
  type Moments,
  type NumericPair,
  type Profile,
  wholeNumbersAreCategory,
} from '../statistics/index.ts';
import { type Lane, quoted } from '../store/duck.ts';
import { duckPair } from './duck-pair.ts';
import type { ColumnInfo } from './files.ts';
import { sqlNumber } from './segments.ts';
import { numberSql, type Side } from './sides.ts';

interface Wanted {
  profile: Profile;
  reference: Side;
  current: Side;
  before: ColumnInfo;
  now: ColumnInfo;
}

/** Categories that are told apart one by one; rarer ones are summed up by how often they stand on either side. */
const CATEGORIES_MAX = 10_000;

/** Azure ML takes a column of whole numbers with few distinct ones as categories; nobody else does. */
export async function wholeIsCategory(
  duck: Lane,
  profile: Profile,
  { table }: Side,
  { name, kind }: ColumnInfo,
): Promise<boolean> {
  if (profile !== 'azureml' || kind !== 'whole') return false;
  const [row = {}] = await duck.rows(`select count(distinct ${quoted(name)}) as d, count(*) as n from ${table}`);
  return wholeNumbersAreCategory(Number(row['d']), Number(row['n']));
}

/** Two columns that are too large for memory: no row leaves DuckDB. `undefined` when a side has no finite number. */
export async function storedNumbers(
  duck: Lane,
  { profile, reference, current, before, now }: Wanted,
): Promise<NumericPair | undefined> {
  const [a, b] = [
    { table: reference.table, row: reference.row, x: numberSql(before) },
    { table: current.table, row: current.row, x: numberSql(now) },
  ];
  const [left, right] = [await moments(duck, profile, a, before.name), await moments(duck, profile, b, now.name)];
  return left.n > 0 && right.n > 0 ? duckPair(duck, a, b, left, right) : undefined;
}

/**
 * What everybody needs in one pass; distinct values, deviation and skewness only for the profiles that use them. DuckDB puts
 * NaN above Infinity, so finite ends mean that all is finite and nothing more has to be asked.
 */
async function moments(
  duck: Lane,
  profile: Profile,
  { table, x }: { table: string; x: string },
  name: string,
): Promise<Moments> {
  const rows = `(select ${quoted(name)} is null as gap, ${x} as v from ${table})`;
  const [quick = {}] = await duck.rows(
    `select count(*) as rows, count(*) filter (gap) as nulls, count(v) as n, min(v) as low, max(v) as high from ${rows}`,
  );
  const clean = Number.isFinite(quick['low'] ?? 0) && Number.isFinite(quick['high'] ?? 0);
  const [odd = {}] = clean
    ? []
    : await duck.rows(
        `select count(*) filter (isnan(v)) as nan, count(*) filter (isinf(v)) as infinite, count(*) filter (isfinite(v)) as n,
           min(v) filter (isfinite(v)) as low, max(v) filter (isfinite(v)) as high from ${rows}`,
      );
  const number = (key: string) => Number((clean ? quick : odd)[key] ?? 0);
  const [all, nulls] = [Number(quick['rows']), Number(quick['nulls'])];
  const [low, high] = [number('low'), number('high')];
  const rest =
    profile === 'native'
      ? NOTHING
      : await spread(duck, profile, `(select v from ${rows} where isfinite(v))`, low === high);
  return {
    rows: all,
    nulls,
    nan: Number(odd['nan'] ?? 0),
    infinite: Number(odd['infinite'] ?? 0),
    wrongType: all - nulls - Number(quick['n']),
    n: number('n'),
    min: low,
    max: high,
    ...rest,
  };
}

type Spread = Pick<Moments, 'mean' | 'deviation' | 'skewness' | 'distinct'>;
const NOTHING: Spread = { mean: 0, deviation: 0, skewness: 0, distinct: 0 };

/** In further passes around the mean: sums of squares lose all digits where the values are large and close together. */
async function spread(duck: Lane, profile: Profile, values: string, flat: boolean): Promise<Spread> {
  const one = async (what: string): Promise<number> =>
    Number((await duck.rows(`select ${what} as found from ${values}`))[0]?.['found'] ?? 0);
  const mean = await one('favg(v)');
  const around = `(v - ${sqlNumber(mean)})`;
  const deviation = flat ? 0 : Math.sqrt(await one(`favg(${around} * ${around})`));
  return {
    mean,
    deviation,
    skewness:
      profile === 'nannyml' && deviation > 0 ? await one(`favg(power(${around} / ${sqlNumber(deviation)}, 3))`) : 0,
    distinct: profile === 'azureml' ? 0 : await one('count(distinct v)'),
  };
}

/** NaN is missing here, too. */
export async function categories(
  duck: Lane,
  { reference, current, before, now }: Omit<Wanted, 'profile'>,
): Promise<CategoricalPair> {
  const key = ({ name, kind }: ColumnInfo) =>
    kind === 'number'
      ? `case when isnan(${quoted(name)}) then null else ${quoted(name)}::varchar end`
      : `${quoted(name)}::varchar`;
  const side = async ({ table }: Side, column: ColumnInfo) => {
    const [row = {}] = await duck.rows(`select count(*) as rows, count(${key(column)}) as n from ${table}`);
    return { rows: Number(row['rows']), n: Number(row['n']), nulls: Number(row['rows']) - Number(row['n']) };
  };
  const found = await duck.columns(
    `with counted as (select key, sum(r)::double as r, sum(c)::double as c from (
         select ${key(before)} as key, 1 as r, 0 as c from ${reference.table}
         union all select ${key(now)}, 0, 1 from ${current.table}) where key is not null group by key),
       ranked as (select *, row_number() over (order by r desc, c desc, key) <= ${CATEGORIES_MAX} as alone from counted)
     select * from (select key, r, c, 1 as times from ranked where alone order by key)
     union all select '', r, c, count(*) from ranked where not alone group by r, c`,
  );
  const categories = (found[0] ?? []).map((name, i): Joint & { key: string } => ({
    key: String(name),
    reference: Number(found[1]?.[i]),
    current: Number(found[2]?.[i]),
    times: Number(found[3]?.[i]),
  }));
  return { reference: await side(reference, before), current: await side(current, now), categories };
}
