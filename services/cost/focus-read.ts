import { Refused } from '../core/errors.ts';
import { type Lane, literal, openDuck, quoted } from '../store/duck.ts';
import { normalHeader, parseTags } from './ingestion.rules.ts';
import type { LedgerRow } from './ledger.store.ts';

export interface ExportLedger {
  /** First and last day, YYYYMMDD. */
  from: number;
  to: number;
  /** Rows of the export that were summed up. */
  rows: number;
  billed: LedgerRow[];
  effective: LedgerRow[];
  tags: Map<string, Record<string, string>>;
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

/**
 * Reads an export's parts (CSV, plain or gzip, or Parquet) and sums them up by day, resource, meter, charge and currency.
 * DuckDB streams the files: memory is bounded by `memoryMb` whatever their size; only the sums come here. Numbers are
 * summed as decimals. Throws `Refused` for a file without the columns it needs.
 */
export async function readExport(files: readonly string[], { memoryMb = 512 } = {}): Promise<ExportLedger> {
  if (files.length === 0) throw new Refused('The export has no parts.', 'Run the export again.');
  const duck = await openDuck({ memoryMb, threads: 2 });
  try {
    const views = [];
    for (const file of files) views.push(await viewOf(duck, file));
    // Columns come as text so that no cost passes through a binary fraction.
    await duck.run(`create view charges as ${views.join(' union all ')}`);
    await duck.run(`create table sums as
      select year(day) * 10000 + month(day) * 100 + day(day) as day, resource, meter, charge, currency,
        sum(billed) as billed, sum(effective) as effective, count(*) as n,
        count(*) - count(billed) as unread, count(*) - count(day) as undated
      from charges group by all`);
    const [span] = await duck.rows('select min(day) as first, max(day) as last, sum(n)::bigint as n from sums');
    if (Number(span?.['n'] ?? 0) === 0)
      throw new Refused('The export has no rows.', 'Check its period and scope.', 'empty-export');
    await refuseUnread(duck);
    const ledger = (which: 'billed' | 'effective') => rowsOf(duck, which);
    const tags = await tagsOf(duck);
    return {
      from: Number(span?.['first']),
      to: Number(span?.['last']),
      rows: Number(span?.['n']),
      billed: await ledger('billed'),
      effective: await ledger('effective'),
      tags,
    };
  } finally {
    await duck.close();
  }
}

const readerOf = (file: string): string =>
  file.endsWith('.parquet')
    ? `read_parquet(${literal(file)})`
    : `read_csv(${literal(file)}, all_varchar = true, header = true, max_line_size = 4194304, null_padding = true)`;

/** One part as the columns we know, whatever their order, case, language and age. */
async function viewOf(duck: Lane, file: string): Promise<string> {
  const described = await duck.rows(`describe select * from ${readerOf(file)}`);
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
    `${unread > 0 ? `${unread} rows of the export have no cost that can be read` : `${undated} rows of the export have no day that can be read`}.`,
    'Nothing of it is counted: FOCUS says that BilledCost and ChargePeriodStart must not be empty.',
    'export-rows',
  );
}

const PAGE = 50_000;

async function rowsOf(duck: Lane, which: 'billed' | 'effective'): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (let from = 0; ; from += PAGE) {
    const [day = [], resource = [], meter = [], charge = [], currency = [], amount = []] = await duck.columns(
      `select day::integer, resource, meter, charge, currency, ${which}::varchar from sums where ${which} <> 0
       order by day, resource, meter, charge, currency limit ${PAGE} offset ${from}`,
    );
    for (let index = 0; index < day.length; index += 1) {
      rows.push({
        day: Number(day[index]),
        resource: String(resource[index]),
        meter: String(meter[index]),
        charge: String(charge[index]),
        currency: String(currency[index]),
        amount: String(amount[index]),
      });
    }
    if (day.length < PAGE) return rows;
  }
}

async function tagsOf(duck: Lane): Promise<Map<string, Record<string, string>>> {
  const found = await duck.rows(
    `select resource, max_by(tags, day) filter (where tags <> '') as tags from charges group by resource`,
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
