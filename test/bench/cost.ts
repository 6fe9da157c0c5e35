import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { createEstate } from '../../infra/sandbox/azure/estate.ts';
import { estateCredential, estateHttpClient } from '../../infra/sandbox/azure/http.ts';
import { azureClients } from '../../services/azure/client.ts';
import { movableClock } from '../../services/core/clock.ts';
import { backTest, groupOf, ledger, METHODS, placeAll } from '../../services/cost/index.ts';
import { openStore } from '../../services/store/store.ts';
import { openHouse } from '../house.ts';

/**
 * Costs: `cost by department` from 24 months of 2,000 resources, a FOCUS export of five million rows, and how far each
 * way of forecasting was off on the estate. `npm run bench -- --only cost [--quick]`.
 */
export async function benchCost(quick: boolean): Promise<string> {
  return [
    await departments(quick ? 6 : 24, quick ? 500 : 2_000),
    await focus(quick ? 500_000 : 5_000_000),
    await forecasts(),
  ].join('\n');
}

/** The house's own answer, from the question to the card, with a store of that size under it. */
async function departments(months: number, resources: number): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'wardroom-bench-cost-'));
  const store = await openStore({ directory: home });
  await fill(store, months, resources);
  await store.close();
  const house = await openHouse({ home });
  const took: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const from = performance.now();
    const words = round % 2 === 0 ? 'cost by department' : 'cost by department 2025-01-15 to 2026-11-22';
    const { cost } = house.app.rooms;
    const { period } = await cost.understand(words.replace('cost by department', '').trim(), { id: 'kim', roles: [] });
    const found = await cost.breakdown({ period, by: 'department', basis: 'actual' }, { id: 'kim', roles: [] });
    if (found.lines.length === 0) throw new Error('the bench found no costs');
    took.push(performance.now() - from);
  }
  await house.stop();
  rmSync(home, { recursive: true, force: true });
  const of = (odd: number) => took.filter((_, index) => index % 2 === odd).sort((a, b) => a - b);
  const at = (values: number[], part: number) =>
    values[Math.floor((values.length - 1) * part)]?.toFixed(0) ?? 'unknown';
  const [month, long] = [of(0), of(1)];
  return (
    `cost by department, ${months} months × ${resources} resources in PGlite: this month p50 ${at(month, 0.5)} ms, p95 ${at(month, 0.95)} ms; ` +
    `22 months, edges by the day, p50 ${at(long, 0.5)} ms, p95 ${at(long, 0.95)} ms`
  );
}

async function fill(store: Awaited<ReturnType<typeof openStore>>, months: number, resources: number): Promise<void> {
  const scope = '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
  const tag = ['payments', 'retail', 'risk', 'platform', ''];
  await store.db.transaction().execute(async (tx) => {
    await sql`insert into cost_resources (scope, resource, tags)
      select ${scope}, ${scope} || '/resourcegroups/rg-' || (g % 40) || '/providers/microsoft.compute/virtualmachines/vm' || g,
        jsonb_build_object('department', (${tag}::text[])[1 + g % 5]) from generate_series(1, ${resources}) g`.execute(
      tx,
    );
    for (let back = months - 1; back >= 0; back -= 1) {
      const month = Temporal.PlainYearMonth.from('2026-11').subtract({ months: back });
      const first = month.year * 10_000 + month.month * 100;
      await sql`insert into cost_days (basis, day, resource, meter, charge, currency, amount)
        select 'actual', ${first}::int + d, r.id, 'Virtual Machines', 'Usage', 'EUR', round((10 + (r.id * 7 + d * 3) % 17)::numeric / 3, 6)
        from cost_resources r, generate_series(1, ${month.daysInMonth}::int) d`.execute(tx);
      await placeAll(tx, (each) => groupOf(each, { cost: { departmentTag: 'department', projectTag: 'project' } }));
      await ledger.sumUp(tx, { scope, basis: 'actual', from: first + 1, to: first + month.daysInMonth });
    }
    const at = '2026-11-23T12:00:00Z';
    const oldest = Temporal.PlainYearMonth.from('2026-11').subtract({ months: months - 1 });
    await ledger.noteRead(tx, {
      scope,
      basis: 'actual',
      source: 'query',
      at,
      from: oldest.year * 10_000 + oldest.month * 100 + 1,
      to: 20261123,
      missing: [],
    });
  });
  await sql`analyze`.execute(store.db);
}

/** Five parts of CSV, as Azure writes them; the peak is of this process, DuckDB included. */
async function focus(rows: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wardroom-bench-focus-'));
  const files: string[] = [];
  // Written by a process of its own, so that what that takes is not in the figures.
  for (let part = 0; part < 5; part += 1) files.push(join(folder, `part_${part}.csv`));
  await inChild(new URL('./cost-parts.ts', import.meta.url), [folder, String(rows)]);
  const measured = await inChild(new URL('./cost-import.ts', import.meta.url), files);
  rmSync(folder, { recursive: true, force: true });
  return measured;
}

/** Runs a script with our own Node; its output. */
function inChild(script: URL, args: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    execFile(process.execPath, ['--expose-gc', fileURLToPath(script), ...args], (error, stdout, stderr) =>
      error ? failed(new Error(stderr || error.message)) : done(stdout.trim()),
    );
  });
}

/** Totals of the estate's last 28 days, six origins, each seeing only what was known. */
async function forecasts(): Promise<string> {
  const clock = movableClock({ start: Temporal.Instant.from('2026-11-23T14:05:00Z'), frozen: true });
  const estate = createEstate({ clock, seed: 42 });
  const azure = azureClients({
    credential: estateCredential,
    httpClient: estateHttpClient(estate),
    clock,
    random: () => 0.5,
  });
  const to = Temporal.PlainDate.from('2026-11-22');
  const { value } = await azure.cost.daily({
    scope: '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
    from: to.subtract({ days: 364 }),
    to,
    only: { dimension: 'ChargeType', values: ['Usage'] },
  });
  const y = value.map(({ amount }) => Number(amount));
  const rows = METHODS.map((method) => backTest(method, y, 28, { origins: 6 }))
    .filter((each) => each !== undefined)
    .sort((a, b) => (a.totalPercent ?? 0) - (b.totalPercent ?? 0))
    .map(
      ({ method, totalPercent, days }) =>
        `  ${method.padEnd(24)} total of 28 days off by ${totalPercent?.toFixed(2)} %, single days ${days.wapePercent?.toFixed(2)} %`,
    );
  return [`Forecast of the estate, ${y.length} days, back-tested from six origins:`, ...rows].join('\n');
}
