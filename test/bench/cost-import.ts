import { readExport } from '../../services/cost/index.ts';

/** Reads an export and takes every sum of it, in a process of its own, so that the peak is its own: `cost-import.ts FILE…`. */
globalThis.gc?.();
const before = process.memoryUsage().rss;
const from = performance.now();
const found = await readExport(process.argv.slice(2));
const read = performance.now();
let sums = 0;
const resources = (await found.tags()).size;
for (const which of ['billed', 'effective'] as const) for await (const page of found.pages(which)) sums += page.length;
await found.close();
const seconds = (performance.now() - from) / 1000;
// What the operating system saw at most, whatever happened between two looks.
const peak = process.resourceUsage().maxRSS * 1024;
const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
process.stdout.write(
  `FOCUS export of ${found.rows.toLocaleString('en')} rows in ${process.argv.length - 2} CSV parts: ${seconds.toFixed(1)} s ` +
    `(${((read - from) / 1000).toFixed(1)} s to sum them up), ${Math.round(found.rows / seconds).toLocaleString('en')} rows/s, ` +
    `${resources.toLocaleString('en')} resources, ${sums.toLocaleString('en')} sums; ` +
    `resident ${mib(before)} before, peak ${mib(peak)} (limit of DuckDB 256 MiB)`,
);
