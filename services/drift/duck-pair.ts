import type { Closing, Counts, Joint, Moments, NumericPair } from '../statistics/index.ts';
import { runningSum } from '../statistics/index.ts';
import type { Duck } from './duck.ts';
import { type Segments, STEPS, segmentSql, segmentsOf, sqlNumber } from './segments.ts';

/** Where a number stands: SQL of a column as double, on either side. */
export interface Columns {
  reference: { table: string; x: string };
  current: { table: string; x: string };
}

/** Pieces between knots; each is cut into `STEPS` bins. */
const PIECES = 32;
/** About this many rows tell where the knots go. */
const SAMPLE_ROWS = 8192;

/** What a bin holds on both sides, in the order of the bins. */
interface FineBin {
  bin: number;
  reference: number;
  current: number;
  /** Sums of the distances from the piece's knot: no digits are lost where all values are large. */
  restReference: number;
  restCurrent: number;
  lowest: number;
}

/**
 * Two columns in DuckDB. Exact as a sort would be, but without one: values are counted and summed in some thousand bins;
 * only in bins where that leaves something open (the distribution functions may cross, the largest distance may hide) are
 * they sorted, within the engine. A sorted merge of 2 × 1,000,000 values takes thirty times as long as counting them.
 */
export function duckPair(duck: Duck, columns: Columns, reference: Moments, current: Moments): NumericPair {
  const both = `(select ${columns.reference.x} as x, 1 as r, 0 as c from ${columns.reference.table} where isfinite(${columns.reference.x})
    union all select ${columns.current.x}, 0, 1 from ${columns.current.table} where isfinite(${columns.current.x}))`;
  const [n, m] = [reference.n, current.n];
  let pending: Promise<{ segments: Segments; fine: FineBin[] }> | undefined;
  const fineBins = () => {
    pending ??= readFine();
    return pending;
  };

  async function readFine() {
    const step = Math.max(1, Math.floor((n + m) / SAMPLE_ROWS));
    const shares = Array.from({ length: PIECES - 1 }, (_, i) => (i + 1) / PIECES);
    const sampled = await duck.rows(
      `select unnest(quantile_disc(x, [${shares.join(', ')}])) as knot from (
         select ${columns.reference.x} as x from ${columns.reference.table} where rowid % ${step} = 0
         union all select ${columns.current.x} from ${columns.current.table} where rowid % ${step} = 0) where isfinite(x)`,
    );
    const lowest = Math.min(reference.min, current.min);
    const highest = Math.max(reference.max, current.max);
    const knots = [
      lowest,
      ...sampled.map(({ knot }) => Number(knot)).filter((knot) => knot > lowest && knot < highest),
      highest,
    ];
    const segments = segmentsOf([...new Set(knots)].sort((a, b) => a - b));
    const { bin, rest } = segmentSql(segments, 'x');
    const found = await duck.columns(
      `select bin, sum(r)::double, sum(c)::double, sum(rest * r), sum(rest * c), min(x)
       from (select ${bin} as bin, ${rest} as rest, x, r, c from ${both}) group by bin order by bin`,
    );
    const at = (column: number, i: number) => Number(found[column]?.[i]);
    const fine = (found[0] ?? []).map((_, i) => ({
      bin: at(0, i),
      reference: at(1, i),
      current: at(2, i),
      restReference: at(3, i),
      restCurrent: at(4, i),
      lowest: at(5, i),
    }));
    return { segments, fine };
  }

  async function distances() {
    const { segments, fine } = await fineBins();
    const open: string[] = [];
    const area = runningSum();
    let most = 0;
    let before = 0;
    // Distances in units of 1/(n·m): whole numbers, exact up to 9·10¹⁵.
    const ends = fine.map((bin) => {
      before += bin.reference * m - bin.current * n;
      most = Math.max(most, Math.abs(before));
      return before;
    });
    fine.forEach((bin, i) => {
      const start = i === 0 ? 0 : (ends[i - 1] as number);
      const next = fine[i + 1]?.lowest ?? bin.lowest;
      const up = start + bin.reference * m;
      const down = start - bin.current * n;
      const oneSign = (start >= 0 && down >= 0) || (start <= 0 && up <= 0);
      const reach = Math.max(Math.abs(up), Math.abs(down));
      const last = i === fine.length - 1;
      if (oneSign && !last) area.add(Math.abs(areaOf(bin, segments, start, next, n, m)));
      if (!oneSign || reach > most || last)
        open.push(`(${bin.bin}, ${start}::double, ${sqlNumber(next)}, ${oneSign && !last ? 0 : 1})`);
    });
    const [refined] = open.length === 0 ? [] : await duck.rows(refineSql(segments, open));
    most = Math.max(most, Number(refined?.['most'] ?? 0));
    area.add(Number(refined?.['area'] ?? 0) / n / m);
    return { ks: most / n / m, wasserstein: area.value() };
  }

  /** The largest distance and the area in the open bins, by a merge of their own values. */
  function refineSql(segments: Segments, open: readonly string[]): string {
    const { bin } = segmentSql(segments, 'x');
    return `with open(bin, start, ends, measure) as (values ${open.join(', ')}),
      held as (select b.bin, b.x, sum(b.r)::double as r, sum(b.c)::double as c
        from (select ${bin} as bin, x, r, c from ${both}) b semi join open on b.bin = open.bin group by all),
      walked as (select bin, x, sum(r * ${m} - c * ${n}) over w as walk, lead(x) over w as next from held
        window w as (partition by bin order by x rows between unbounded preceding and current row)),
      stepped as (select abs(start + walk) as distance, greatest(0, coalesce(next, greatest(ends, x)) - x) as width, measure
        from walked join open using (bin))
      select max(distance) as most, fsum(case when measure = 1 then distance * width else 0 end) as area from stepped`;
  }

  return {
    reference,
    current,
    distinctUnion: async () => Number((await duck.rows(`select count(distinct x) as n from ${both}`))[0]?.['n']),
    counts: (edges, closing) => countsOf(duck, both, edges, closing, { n, m }),
    joint: async () => {
      const found = await duck.columns(
        `select r, c, count(*) from (select sum(r)::double as r, sum(c)::double as c from ${both} group by x) group by all order by all`,
      );
      return (found[0] ?? []).map(
        (reference_, i): Joint => ({
          reference: Number(reference_),
          current: Number(found[1]?.[i]),
          times: Number(found[2]?.[i]),
        }),
      );
    },
    async quantiles(shares) {
      const { segments, fine } = await fineBins();
      return quantilesOf(duck, columns.reference, segments, fine, n, shares);
    },
    distances: memo(distances),
  };
}

const memo = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= work();
    return pending;
  };
};

/**
 * ∫ (F − G) dx from the bin's lowest value to the next bin's: where the difference keeps its sign the order within does not
 * matter, and counts and sums are enough.
 */
function areaOf(bin: FineBin, { knots }: Segments, start: number, next: number, n: number, m: number): number {
  const knot = knots[Math.floor(bin.bin / STEPS)] as number;
  const end = next - knot;
  return (
    (start / n / m) * (next - bin.lowest) +
    (bin.reference * end - bin.restReference) / n -
    (bin.current * end - bin.restCurrent) / m
  );
}

/** Counts below each edge in one scan. */
async function countsOf(
  duck: Duck,
  both: string,
  edges: readonly number[],
  closing: Closing,
  all: { n: number; m: number },
): Promise<Counts> {
  if (edges.length === 0) return { reference: [all.n], current: [all.m] };
  const last = edges.length - 1;
  const conditions = edges.map((edge, i) => `x ${closing === 'cuts' || i === last ? '<=' : '<'} ${sqlNumber(edge)}`);
  const sums = conditions.flatMap((test, i) => [
    `sum(r) filter (${test}) as r${i}`,
    `sum(c) filter (${test}) as c${i}`,
  ]);
  const [row = {}] = await duck.rows(`select ${sums.join(', ')} from ${both}`);
  const below = (side: 'r' | 'c') => edges.map((_, i) => Number(row[`${side}${i}`] ?? 0));
  const between = (ends: readonly number[]) => ends.slice(1).map((end, i) => end - (ends[i] as number));
  if (closing === 'right-open') return { reference: between(below('r')), current: between(below('c')) };
  return { reference: between([0, ...below('r'), all.n]), current: between([0, ...below('c'), all.m]) };
}

/** Order statistics are looked up in the bins that hold them. */
async function quantilesOf(
  duck: Duck,
  { table, x }: Columns['reference'],
  segments: Segments,
  fine: readonly FineBin[],
  n: number,
  shares: readonly number[],
): Promise<number[]> {
  const ranks = [
    ...new Set(
      shares.flatMap((share) => [Math.floor(share * (n - 1)), Math.min(Math.floor(share * (n - 1)) + 1, n - 1)]),
    ),
  ].sort((a, b) => a - b);
  const places: { rank: number; bin: number; within: number }[] = [];
  let before = 0;
  let i = 0;
  for (const rank of ranks) {
    while (before + (fine[i]?.reference ?? Number.POSITIVE_INFINITY) <= rank) before += fine[i++]?.reference ?? 0;
    places.push({ rank, bin: fine[i]?.bin ?? 0, within: rank - before + 1 });
  }
  const { bin } = segmentSql(segments, 'x');
  const rows = await duck.rows(
    `with wanted(rank, bin, place) as (values ${places.map((each) => `(${each.rank}, ${each.bin}, ${each.within})`).join(', ')}),
       held as (select ${bin} as bin, x from (select ${x} as x from ${table}) where isfinite(x)),
       placed as (select bin, x, row_number() over (partition by bin order by x) as place from held semi join wanted using (bin))
     select rank, x from placed join wanted using (bin, place)`,
  );
  const valueAt = new Map(rows.map((row) => [Number(row['rank']), Number(row['x'])]));
  return shares.map((share) => {
    const at = share * (n - 1);
    const below = Math.floor(at);
    const low = valueAt.get(below) ?? Number.NaN;
    const high = valueAt.get(Math.min(below + 1, n - 1)) ?? Number.NaN;
    const t = at - below;
    return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
  });
}
