import type { Closing, Counts, Joint, Moments, NumericPair } from '../statistics/index.ts';
import { runningSum } from '../statistics/index.ts';
import type { Lane } from '../store/duck.ts';
import { belowEdges, countsOf, type FineBin, mergeBins, orderStatistics, takesEdge, walk } from './fine.ts';
import { binOf, type Segments, segmentSql, segmentsFor, sqlNumber } from './segments.ts';

/** Where a number stands: a table, and SQL of its rows' numbers and of its column as double. */
export interface Column {
  table: string;
  row: string;
  x: string;
}

/** About this many values tell how the bins are laid. */
const SAMPLE_ROWS = 8192;
const SAMPLE_SHARES = 128;

/**
 * Two columns in DuckDB. Exact as a sort would be, but without one: values are counted and summed in some thousand bins;
 * only in bins where that leaves something open (the distribution functions may cross, the largest distance may hide) are
 * they sorted, within the engine. Sorting 2 × 1,000,000 values takes thirty times as long as counting them.
 */
export function duckPair(duck: Lane, a: Column, b: Column, reference: Moments, current: Moments): NumericPair {
  const finite = ({ table, x }: Column, { nan, infinite }: Moments) =>
    `(select x from (select ${x} as x from ${table}) where ${nan + infinite === 0 ? 'x is not null' : 'isfinite(x)'})`;
  const [left, right] = [finite(a, reference), finite(b, current)];
  const both = `(select x, 1 as r, 0 as c from ${left} union all select x, 0, 1 from ${right})`;
  const [n, m] = [reference.n, current.n];
  const fine = once(readFine);

  async function readFine(): Promise<{ segments: Segments; bins: FineBin[] }> {
    const step = Math.max(1, Math.floor((n + m) / SAMPLE_ROWS));
    const sampled = ({ table, row, x }: Column) => `select ${x} as x from ${table} where ${row} % ${step} = 0`;
    // A few thousand values tell where the bins go, and no result depends on which they are.
    const shares = Array.from({ length: SAMPLE_SHARES }, (_, i) => (i + 0.5) / SAMPLE_SHARES);
    const [sample = []] = await duck.columns(
      `select unnest(quantile_disc(x, [${shares.join(', ')}])) from (${sampled(a)} union all ${sampled(b)}) where isfinite(x)`,
    );
    const segments = segmentsFor(sample.length > 0 ? sample.map(Number) : [reference.min, reference.max]);
    const { bin, rest } = segmentSql(segments, 'x');
    const counted = (rows: string) =>
      duck.doubles(
        `select bin::double, count(*)::double, sum(rest), min(x), max(x) from (select x, ${bin} as bin, ${rest} as rest from ${rows}) group by bin order by bin`,
      );
    return { segments, bins: mergeBins(await counted(left), await counted(right)) };
  }

  async function distances(): Promise<{ wasserstein: number; ks: number }> {
    const { segments, bins } = await fine();
    const { area, most, open } = walk(bins, segments, n, m);
    const [refined = {}] = open.length === 0 ? [] : await duck.rows(refineSql(segments, open));
    const total = runningSum();
    total.add(area);
    total.add(Number(refined['area'] ?? 0) / n / m);
    return { ks: Math.max(most, Number(refined['most'] ?? 0)) / n / m, wasserstein: total.value() };
  }

  /** The largest distance and the area in the open bins, by a merge of their own values. */
  function refineSql(segments: Segments, open: ReturnType<typeof walk>['open']): string {
    const { bin } = segmentSql(segments, 'x');
    const rows = open.map(
      (each) => `(${each.bin}, ${each.start}::double, ${sqlNumber(each.ends)}, ${each.measure ? 1 : 0})`,
    );
    const held = (side: string, weight: number) =>
      `select bin, x, count(*) * ${weight}::double as step from (select x, ${bin} as bin from ${side}) semi join open using (bin) group by bin, x`;
    return `with open(bin, start, ends, measure) as (values ${rows.join(', ')}),
      held as (select bin, x, sum(step) as step from (${held(left, m)} union all ${held(right, -n)}) group by bin, x),
      walked as (select bin, x, sum(step) over w as walk, lead(x) over w as next from held
        window w as (partition by bin order by x rows between unbounded preceding and current row)),
      stepped as (select abs(start + walk) as distance, greatest(0, coalesce(next, greatest(ends, x)) - x) as width, measure
        from walked join open using (bin))
      select max(distance) as most, fsum(case when measure = 1 then distance * width else 0 end) as area from stepped`;
  }

  return {
    reference,
    current,
    distinctUnion: async () => Number((await duck.rows(`select count(distinct x) as n from ${both}`))[0]?.['n']),
    async counts(edges, closing): Promise<Counts> {
      if (closing === 'right-open' && edges.length === 2 && edges[0] === reference.min && edges[1] === reference.max) {
        const inside = `x >= ${sqlNumber(reference.min)} and x <= ${sqlNumber(reference.max)}`;
        const [row = {}] = await duck.rows(`select count(*) as n from ${right} where ${inside}`);
        return { reference: [n], current: [Number(row['n'])] };
      }
      const { segments, bins } = await fine();
      const inside = await insideBins(duck, { left, right }, segments, edges, closing);
      return {
        reference: countsOf(closing, n, belowEdges(bins, 'reference', segments, edges, inside.reference)),
        current: countsOf(closing, m, belowEdges(bins, 'current', segments, edges, inside.current)),
      };
    },
    joint: async () => {
      const found = await duck.columns(
        `select r, c, count(*) from (select sum(r)::double as r, sum(c)::double as c from ${both} group by x) group by r, c order by r, c`,
      );
      return (found[0] ?? []).map(
        (count, i): Joint => ({
          reference: Number(count),
          current: Number(found[1]?.[i]),
          times: Number(found[2]?.[i]),
        }),
      );
    },
    async quantiles(shares) {
      const { segments, bins } = await fine();
      const { places, read } = orderStatistics(bins, n, shares);
      const { bin } = segmentSql(segments, 'x');
      const rows = await duck.rows(
        `with wanted(rank, bin, place) as (values ${places.map((each) => `(${each.rank}, ${each.bin}, ${each.place})`).join(', ')}),
           held as (select bin, x from (select x, ${bin} as bin from ${left}) semi join wanted using (bin)),
           placed as (select bin, x, row_number() over (partition by bin order by x) as place from held)
         select rank, x from placed join wanted using (bin, place)`,
      );
      return read(new Map(rows.map((row) => [Number(row['rank']), Number(row['x'])])));
    },
    distances: once(distances),
  };
}

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= work();
    return pending;
  };
};

/** How many values of an edge's own bin lie before it, on both sides; what is before the bin is known. */
async function insideBins(
  duck: Lane,
  { left, right }: { left: string; right: string },
  segments: Segments,
  edges: readonly number[],
  closing: Closing,
): Promise<{ reference: Map<number, number>; current: Map<number, number> }> {
  const found = { reference: new Map<number, number>(), current: new Map<number, number>() };
  if (edges.length === 0) return found;
  const { bin } = segmentSql(segments, 'x');
  const rows = edges.map(
    (edge, i) => `(${i}, ${binOf(segments, edge)}, ${sqlNumber(edge)}, ${takesEdge(closing, i, edges)})`,
  );
  const inside = (side: string) => `select x, ${bin} as bin from ${side}`;
  const counted = (side: string, word: string) =>
    `select '${word}' as side, place, count(*) as n from (${inside(side)}) join edges using (bin) where x < edge or (takes and x = edge) group by place`;
  const answer = await duck.rows(
    `with edges(place, bin, edge, takes) as (values ${rows.join(', ')}) ${counted(left, 'reference')} union all ${counted(right, 'current')}`,
  );
  for (const row of answer)
    found[row['side'] === 'current' ? 'current' : 'reference'].set(Number(row['place']), Number(row['n']));
  return found;
}
