import { counted } from '../core/counted.ts';
import { messageOf, Refused } from '../core/errors.ts';
import { type Duck, type Lane, literal, openDuck, quoted } from '../store/duck.ts';
import { normalHeader, parseTags } from './ingestion.rules.ts';
import type { LedgerRow } from './ledger.store.ts';

/** The sums of an export, which stay in a file of DuckDB's until they are closed: they are handed out page by page. */
export interface ExportSums {
  /** First and last day, YYYYMMDD. */
  from: number;
  to: number;
  /** Rows of the export that were summed up. */
  rows: number;
  /** Resources with their tags; those of its last day count. */
  tags(): Promise<Map<string, Record<string, string>>>;
  /** Some thousand sums at a time, in no order; what comes to nothing is left out. */
  pages(which: 'billed' | 'effective'): AsyncIterable<LedgerRow[]>;
  close(): Promise<void>;
}

/** FOCUS names first, then the older names of Cost Management's exports; compared without case and blanks. */
const COLUMNS = {
  day: ['chargeperiodstart', 'date', 'usagedatetime', 'usagedate'],
  billed: ['billedcost', 'costinbillingcurrency', 'pretaxcost', 'cost'],
  effective: ['effectivecost', 'costinbillingcurrency', 'pretaxcost', 'cost'],
  currency: ['billingcurrency', 'billingcurrencycode', 'currency'],
  resource: ['resourceid', 'instanceid', 'instancename'],
  meter: ['x_skumetercategory', 'metercategory', 'servicename', 'servicecategory'],
  charge: ['chargecategory', 'chargetype'],
  tags: ['tags'],
} as const;
type Column = keyof typeof COLUMNS;
const NEEDED: readonly Column[] = ['day', 'billed', 'currency'];

const MEMORY_MB = 256;
/** A row with fifty tags of the greatest length has some forty thousand signs; DuckDB's buffers grow with this. */
const MOST_LINE_BYTES = 1_048_576;
const BUFFER_BYTES = 4 * MOST_LINE_BYTES;
/** What is handed out is read once and dropped: of larger pages too much lives long enough to be kept for a while. */
const PAGE = 2_000;

/**
 * Reads an export's parts (CSV, plain or gzip, or Parquet) and sums them up by day, resource, meter, charge and currency, in
 * one pass. DuckDB streams the files and keeps the sums on disk: memory is bounded by `memoryMb` whatever their size. Numbers
 * are summed as decimals. Throws `Refused` for what cannot be read; `rows` is how many there should be.
 */
export async function readExport(
  files: readonly string[],
  { memoryMb = MEMORY_MB, rows }: { memoryMb?: number; rows?: number | undefined } = {},
): Promise<ExportSums> {
  if (files.length === 0) throw new Refused('The export has no parts.', 'Run the export again.');
  const duck = await openDuck({ memoryMb, threads: 2 });
  try {
    const views = [];
    for (const file of files) views.push(await viewOf(duck, file));
    // Columns come as text so that no cost passes through a binary fraction.
    await readable(
      duck.run(`create table sums as
      select year(day) * 10000 + month(day) * 100 + day(day) as day, resource, meter, charge, currency,
        sum(billed) as billed, sum(effective) as effective, count(*) as n, max(tags) as tags,
        count(*) - count(billed) as unread, count(*) - count(day) as undated
      from (${views.join(' union all ')}) group by day, resource, meter, charge, currency`),
    );
    const [span] = await duck.rows('select min(day) as first, max(day) as last, sum(n)::bigint as n from sums');
    const read = Number(span?.['n'] ?? 0);
    if (read === 0) throw new Refused('The export has no rows.', 'Check its period and scope.', 'empty-export');
    if (rows !== undefined && rows !== read)
      throw new Refused(
        `The export has ${counted(read, 'row')}, its manifest says ${rows}.`,
        'Nothing of it is counted; it is looked for again.',
        'export-rows',
      );
    await refuseUnread(duck);
    return {
      from: Number(span?.['first']),
      to: Number(span?.['last']),
      rows: read,
      tags: () => tagsOf(duck),
      pages: (which) => pagesOf(duck, which),
      close: () => duck.close(),
    };
  } catch (error) {
    await duck.close();
    throw error;
  }
}

/** What DuckDB says of a file that is cut off or no CSV, in one line and as an answer. */
async function readable<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n');
    throw new Refused(
      `A part of the export cannot be read: ${why.replace(/"?\/[^\s"]*\//g, '').slice(0, 200)}.`,
      'Nothing of it is counted; it is looked for again.',
      'export-unreadable',
    );
  }
}

// Rows of another length are an error and not padded: a part that was cut off must not pass for a whole one.
const readerOf = (file: string): string =>
  file.endsWith('.parquet')
    ? `read_parquet(${literal(file)})`
    : `read_csv(${literal(file)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"',
        max_line_size = ${MOST_LINE_BYTES}, buffer_size = ${BUFFER_BYTES})`;

/** One part as the columns we know, whatever their order, case, language and age. */
async function viewOf(duck: Lane, file: string): Promise<string> {
  const described = await readable(duck.rows(`describe select * from ${readerOf(file)}`));
  const headers = described.map((row) => String(row['column_name']));
  const byName = new Map(headers.map((header) => [normalHeader(header), header]));
  const found = Object.fromEntries(
    (Object.keys(COLUMNS) as Column[]).map((column) => [
      column,
      COLUMNS[column].map((name) => byName.get(name)).find(Boolean),
    ]),
  ) as Record<Column, string | undefined>;
  const lacking = NEEDED.filter((column) => found[column] === undefined).map((column) => COLUMNS[column][0]);
  if (lacking.length > 0)
    throw new Refused(
      `A part of the export has no column ${lacking.join(', ')}; it has ${headers.slice(0, 8).join(', ')}.`,
      'Export “Cost and usage (FOCUS)” or the cost details.',
      'export-columns',
    );
  const text = (column: Column) => (found[column] ? `coalesce(${quoted(found[column])}::varchar, '')` : "''");
  // "2026-11-01T00:00:00Z", "2026-11-01" and the "11/01/2026" of older exports.
  const day = `coalesce(try_cast(left(${text('day')}, 10) as date), try_strptime(left(${text('day')}, 10), '%m/%d/%Y')::date)`;
  const cast = (column: Column) => `try_cast(nullif(${text(column)}, '') as decimal(38, 15))`;
  // What is billed must be there and be a number; what cannot be read is counted, never taken for nothing.
  const [billed, effective] = [cast('billed'), `coalesce(${cast('effective')}, 0)`];
  return `select ${day} as day, lower(${text('resource')}) as resource, ${text('meter')} as meter,
    case when ${text('charge')} = '' then 'Usage' else ${text('charge')} end as charge,
    upper(${text('currency')}) as currency, ${billed} as billed, ${effective} as effective,
    ${text('tags')} as tags from ${readerOf(file)}`;
}

async function refuseUnread(duck: Lane): Promise<void> {
  const [bad] = await duck.rows('select sum(unread)::bigint as unread, sum(undated)::bigint as undated from sums');
  const [unread, undated] = [Number(bad?.['unread'] ?? 0), Number(bad?.['undated'] ?? 0)];
  if (unread + undated === 0) return;
  throw new Refused(
    unread > 0
      ? `The export has ${counted(unread, 'row')} with no cost that can be read.`
      : `The export has ${counted(undated, 'row')} with no day that can be read.`,
    'Nothing of it is counted: FOCUS says that BilledCost and ChargePeriodStart must not be empty.',
    'export-rows',
  );
}

async function* pagesOf(duck: Duck, which: 'billed' | 'effective'): AsyncGenerator<LedgerRow[]> {
  const [last] = await duck.rows('select max(rowid)::bigint as last from sums');
  for (let from = 0; from <= Number(last?.['last'] ?? -1); from += PAGE) {
    const [day = [], resource = [], meter = [], charge = [], currency = [], amount = []] = await duck.columns(
      `select day::integer, resource, meter, charge, currency, ${which}::varchar from sums
       where rowid between ${from} and ${from + PAGE - 1} and ${which} <> 0`,
    );
    if (day.length > 0)
      yield day.map((each, index) => ({
        day: Number(each),
        resource: String(resource[index]),
        meter: String(meter[index]),
        charge: String(charge[index]),
        currency: String(currency[index]),
        amount: String(amount[index]),
      }));
  }
}

async function tagsOf(duck: Lane): Promise<Map<string, Record<string, string>>> {
  const found = await duck.rows(
    `select resource, max_by(tags, day) filter (where tags <> '') as tags from sums group by resource`,
  );
  return new Map(found.map((row) => [String(row['resource']), readTags(String(row['tags'] ?? ''))]));
}

/** Tags that cannot be read are no tags: the cost is then untagged, which is shown. */
function readTags(text: string): Record<string, string> {
  try {
    return parseTags(text);
  } catch {
    return {};
  }
}
