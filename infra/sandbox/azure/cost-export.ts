import { gzipSync } from 'node:zlib';
import { pricedAt } from './cost-items.ts';
import type { Estate } from './estate.ts';
import { SUBSCRIPTION } from './northwind.ts';
import { uuidOf } from './random.ts';
import { DAY, HOUR } from './state.ts';

/**
 * Northwind's scheduled export “Cost and usage (FOCUS)” as Cost Management writes it: for each month a folder, in it a folder
 * of the run with gzipped parts and a manifest. A month is written every morning, and for the last time five days after its end.
 */
export const EXPORT_ACCOUNT = 'northwindcosts';
export const EXPORT_CONTAINER = 'exports';

const ROOT = 'focus/northwind-focus';
const MONTHS = 13;
const PARTS = 2;
const FINAL_DAYS = 5;
const AT_HOUR = 6;

interface ExportFile {
  name: string;
  modifiedAt: number;
  bytes: () => Uint8Array;
}

const COLUMNS =
  'BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,EffectiveCost,ResourceId,Tags,x_SkuMeterCategory';
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const written = new Map<string, Uint8Array[]>();

export function exportedFiles(estate: Estate, prefix: string): ExportFile[] {
  const now = estate.now();
  const today = new Date(now);
  const files: ExportFile[] = [];
  for (let back = MONTHS; back >= 0; back -= 1) {
    const from = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1);
    const end = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back + 1, 1);
    const last = Math.floor((now - AT_HOUR * HOUR) / DAY) * DAY + AT_HOUR * HOUR;
    const at = Math.min(last, end + FINAL_DAYS * DAY + AT_HOUR * HOUR);
    // Of the first of a month nothing is known on its own morning.
    if (at < from + DAY) continue;
    const until = Math.min(end, Math.floor(at / DAY) * DAY);
    const days = `${dayOf(from)}-${dayOf(end - DAY)}`.replace(/(\d{4})-(\d\d)-(\d\d)/g, '$1$2$3');
    const run = uuidOf('export', days, at / HOUR);
    const folder = `${ROOT}/${days}/${run}`;
    if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) continue;
    const parts = () => {
      const key = `${run}|${estate.state().seed}`;
      const known = written.get(key) ?? partsOf(estate, from, until);
      written.set(key, known);
      return known;
    };
    for (let part = 0; part < PARTS; part += 1)
      files.push({
        name: `${folder}/part_${part}_0001.csv.gz`,
        modifiedAt: at,
        bytes: () => parts()[part] ?? new Uint8Array(),
      });
    files.push({
      name: `${folder}/manifest.json`,
      modifiedAt: at + 60_000,
      bytes: () => new TextEncoder().encode(manifestOf(folder, run, { from, end, at }, parts())),
    });
  }
  return files.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function partsOf(estate: Estate, from: number, until: number): Uint8Array[] {
  const lines: string[][] = Array.from({ length: PARTS }, () => [COLUMNS]);
  const state = estate.state();
  for (let day = from; day < until; day += DAY) {
    for (const [index, item] of pricedAt(state, estate.now()).entries()) {
      const [billed, effective] = [item.on(state, day, false), item.on(state, day, true)];
      if (billed === 0 && effective === 0) continue;
      const tags = `"${JSON.stringify(item.tags).replaceAll('"', '""')}"`;
      const span = `${dayOf(day + DAY)}T00:00:00Z,${dayOf(day)}T00:00:00Z`;
      lines[index % PARTS]?.push(
        `${billed.toFixed(10)},EUR,${item.charge},${span},${effective.toFixed(10)},${item.id},${tags},${item.meterCategory}`,
      );
    }
  }
  return lines.map((each) => gzipSync(`\uFEFF${each.join('\r\n')}\r\n`));
}

const manifestOf = (
  folder: string,
  runId: string,
  { from, end, at }: { from: number; end: number; at: number },
  parts: readonly Uint8Array[],
): string =>
  JSON.stringify({
    manifestVersion: '2024-04-01',
    byteCount: parts.reduce((sum, each) => sum + each.length, 0),
    blobCount: parts.length,
    exportConfig: {
      exportName: 'northwind-focus',
      resourceId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.CostManagement/exports/northwind-focus`,
      type: 'FocusCost',
      dataVersion: '1.0',
      timeFrame: 'MonthToDate',
      granularity: 'Daily',
    },
    deliveryConfig: { partitionData: true, dataOverwriteBehavior: 'CreateNewReport', fileFormat: 'Csv' },
    runInfo: {
      executionType: 'Scheduled',
      submittedTime: new Date(at).toISOString(),
      runId,
      startDate: new Date(from).toISOString(),
      endDate: new Date(end - DAY).toISOString(),
    },
    blobs: parts.map((each, part) => ({ blobName: `${folder}/part_${part}_0001.csv.gz`, byteCount: each.length })),
  });
