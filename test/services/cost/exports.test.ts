import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costSource } from '../../../bot/app.cost.ts';
import type { ExtraBlobs } from '../../../infra/sandbox/azure/blob.ts';
import { createEstate } from '../../../infra/sandbox/azure/estate.ts';
import { estateCredential, estateHttpClient } from '../../../infra/sandbox/azure/http.ts';
import { azureClients } from '../../../services/azure/client.ts';
import { audit } from '../../../services/core/audit.ts';
import { seededIds } from '../../../services/core/ids.ts';
import { jobs } from '../../../services/core/jobs.ts';
import { silentLog } from '../../../services/core/log.ts';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';
import { outbox } from '../../../services/core/outbox.ts';
import { people } from '../../../services/core/people.ts';
import { fileRoles } from '../../../services/core/roles.ts';
import { roster } from '../../../services/core/roster.ts';
import { type Costs, costs } from '../../../services/cost/index.ts';
import { openDuck } from '../../../services/store/duck.ts';
import type { Store } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

/** FOCUS exports from the container to the answer: the real storage client, the schedule, the store. */
const northwind = loadOrganisation(
  readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8'),
);
const KIM = { id: 'kim', roles: ['viewer'] as const };
const clock = testClock();
const estate = createEstate({ clock, seed: 42 });
const blobs = new Map<string, Uint8Array | { bytes: Uint8Array; modifiedAt: number }>();
const azure = azureClients({
  credential: estateCredential,
  httpClient: estateHttpClient(estate, { blobs: blobs satisfies ExtraBlobs }),
  clock,
  random: () => 0.5,
  tuning: { backoffMs: 1 },
});
const folder = mkdtempSync(join(tmpdir(), 'wardroom-exports-'));

let store: Store;
let queue: ReturnType<typeof jobs>;
let money: Costs;

/** Where exports are looked for: the second half of the tests looks elsewhere. */
const place = { account: 'https://northwindcosts.blob.core.windows.net', container: 'exports', path: 'focus/' };

function open(): Costs {
  const organisation = { ...northwind, cost: { ...northwind.cost, export: place } };
  queue = jobs({ store, clock, ids: seededIds(1), log: silentLog, onDead: async () => undefined });
  const everybody = people(organisation);
  return costs({
    store,
    db: store.db,
    clock,
    ids: seededIds(2),
    audit: audit({ clock }),
    outbox: outbox({ clock, db: store.db }),
    jobs: queue,
    organisation,
    people: roster(everybody, fileRoles(everybody)),
    source: costSource(azure, organisation),
    raiseIncident: async () => undefined,
    decided: async () => undefined,
  });
}
beforeAll(async () => {
  store = await testStore();
}, 60_000);
afterAll(async () => {
  await queue.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (minutes: number) => {
  await clock.moveTo(clock.now().add({ minutes }));
  await queue.runDue();
};
const spent = async (words: string, basis: 'actual' | 'amortised' = 'actual') => {
  const { period, subject } = await money.understand(words, KIM);
  const found = await money.breakdown({ period, by: 'part', basis, ...(subject ? { subject } : {}) }, KIM);
  return { ...found, total: found.totals.map(({ amount, currency }) => `${amount.toFixed(2)} ${currency}`).join() };
};

describe('the estate’s own export', () => {
  it('is read on schedule, month by month, and answers as the query API does', async () => {
    money = open();
    await queue.start();
    await money.begin();
    await run(1);
    const exports = await store.db.selectFrom('cost_exports').selectAll().execute();
    expect(exports).toHaveLength(14);
    expect(exports.every(({ parts, rows }) => parts === 2 && Number(rows) > 100)).toBe(true);
    const asked = await azure.cost.daily({
      scope: '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
      from: (await money.understand('last month', KIM)).period.from,
      to: (await money.understand('last month', KIM)).period.to,
    });
    const sum = asked.value.reduce((total, { amount }) => total + Number(amount), 0);
    const october = await spent('last month');
    expect(Number(october.totals[0]?.amount)).toBeCloseTo(sum, 1);
    expect(october.lines.map(({ name }) => name)).toContain('training');
    // As old as what Azure wrote, not as young as our look at it.
    expect(october.asOf?.toString()).toBe('2026-11-23T06:01:00Z');
    expect(october.warnings).toEqual([]);
    expect(Number((await spent('cost March 2026'.slice(5))).totals[0]?.amount)).toBeGreaterThan(
      Number((await spent('March 2026', 'amortised')).totals[0]?.amount) + 3000,
    );
  }, 120_000);

  it('is read again when there is a newer one, and only then', async () => {
    const read = async () =>
      (await store.db.selectFrom('cost_exports').select(['period', 'read_at']).orderBy('period').execute()).map(
        ({ period, read_at }) => `${period} ${new Date(read_at).toISOString()}`,
      );
    const before = await read();
    await run(4 * 60);
    expect(await read()).toEqual(before);
    await run(20 * 60);
    const after = await read();
    expect(after.filter((each) => !before.includes(each))).toHaveLength(1);
    expect((await money.standing()).asOf?.toString()).toBe('2026-11-24T06:01:00Z');
  }, 120_000);
});

const HEADER =
  'ChargePeriodStart,ResourceId,x_SkuMeterCategory,ChargeCategory,BillingCurrency,BilledCost,EffectiveCost,Tags';
const line = (day: string, resource: string, cost: string, charge = 'Usage') =>
  `${day}T00:00:00Z,${resource},Virtual Machines,${charge},EUR,${cost},${cost},"{""department"":""payments""}"`;
const csv = (...lines: string[]) => Buffer.from(`\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`);

function put(place: string, parts: Record<string, Uint8Array>, more: { named?: string[]; rows?: number } = {}): void {
  const modifiedAt = clock.ms();
  const root = `odd/${place}`;
  for (const [name, bytes] of Object.entries(parts)) blobs.set(`${root}/${name}`, { bytes, modifiedAt });
  const named = more.named ?? Object.keys(parts);
  const manifest = {
    blobCount: new Set(named).size,
    ...(more.rows === undefined ? {} : { dataRowCount: more.rows }),
    runInfo: { startDate: '2026-10-01T00:00:00', endDate: '2026-10-31T00:00:00' },
    blobs: named.map((name) => ({
      blobName: `${place}/${name}`,
      ...(parts[name] ? { byteCount: parts[name].length } : {}),
    })),
  };
  blobs.set(`${root}/manifest.json`, { bytes: Buffer.from(JSON.stringify(manifest)), modifiedAt: modifiedAt + 1000 });
}

describe('an export of other shapes', () => {
  it('with CSV, gzip and Parquet, byte-order marks, translated headers and a part that is named twice', async () => {
    const parquet = join(folder, 'part.parquet');
    const duck = await openDuck();
    await duck.run(`copy (select timestamp '2026-10-03 00:00:00' as ChargePeriodStart, '/vm/three' as ResourceId,
      'Virtual Machines' as x_SkuMeterCategory, 'Usage' as ChargeCategory, 'EUR' as BillingCurrency,
      30.25::decimal(18, 4) as BilledCost, 30.25::decimal(18, 4) as EffectiveCost, '' as Tags) to '${parquet}' (format parquet)`);
    await duck.close();
    const german = [
      'Ressource (ResourceId),Abgerechnete Kosten (BilledCost),Währung (BillingCurrency),Beginn (ChargePeriodStart),Art (ChargeCategory)',
      '/vm/two,-5.50,eur,2026-10-02T00:00:00Z,Credit',
      '/vm/two,1.5E-1,eur,2026-10-02T00:00:00Z,Usage',
    ].join('\n');
    put(
      'focus/nw/20261001-20261031/run-1',
      {
        'part_0.csv': csv(line('2026-10-01', '/vm/one', '100.10'), line('2026-10-31', '/vm/one', '0.20')),
        'part_1.csv.gz': gzipSync(`\uFEFF${german}`),
        'part_2.parquet': readFileSync(parquet),
      },
      { named: ['part_0.csv', 'part_1.csv.gz', 'part_0.csv', 'part_2.parquet'], rows: 5 },
    );
    await store.db.deleteFrom('cost_exports').execute();
    place.container = 'odd';
    await store.db.transaction().execute((tx) => money.refresh(tx));
    await run(1);
    // What was known of October before is replaced as a whole, and nothing is counted twice.
    expect((await spent('2026-10-01 to 2026-10-31')).total).toBe('125.20 EUR');
    expect((await spent('cost payments 2026-10-01 to 2026-10-31'.slice(5))).total).toBe('100.30 EUR');
  }, 60_000);

  it('keeps what it knows while a part is missing, says which, and reads it when it is there', async () => {
    await run(5);
    const place = 'focus/nw/20261001-20261031/run-2';
    const parts = { 'part_0.csv': csv(line('2026-10-01', '/vm/one', '70')) };
    put(place, parts, { named: ['part_0.csv', 'part_1.csv'] });
    await store.db.transaction().execute((tx) => money.refresh(tx));
    await run(1);
    const half = await spent('2026-10-01 to 2026-10-31');
    expect(half.total).toBe('125.20 EUR');
    expect(half.warnings.join()).toContain(
      '20261001-20261031: 1 of 2 parts of the export are missing: part_1.csv. Nothing of it is counted until all are there',
    );
    blobs.set(`odd/${place}/part_1.csv`, {
      bytes: csv(line('2026-10-02', '/vm/two', '-7', 'Refund')),
      modifiedAt: clock.ms(),
    });
    await run(31);
    // A restated month: the newer run is the truth, also for the days that it no longer has.
    const restated = await spent('2026-10-01 to 2026-10-31');
    expect(restated.total).toBe('63.00 EUR');
    expect(restated.warnings.join()).not.toContain('missing');
  }, 60_000);

  it.each([
    [
      'a part that is still being written',
      { 'part_0.csv': csv(line('2026-10-01', '/vm/one', '1')) },
      'its manifest says',
    ],
    [
      'a row that was lost',
      { 'part_0.csv': csv(line('2026-10-01', '/vm/one', '1')) },
      'has 1 row, its manifest says 2',
    ],
    [
      'no Parquet at all',
      { 'part_0.parquet': Buffer.from('not a parquet file') },
      'A part of the export cannot be read',
    ],
  ])(
    'refuses %s as a whole',
    async (what, parts, why) => {
      await run(5);
      const place = `focus/nw/20261001-20261031/bad-${clock.ms()}`;
      put(place, parts, { ...(what.includes('row') ? { rows: 2 } : {}) });
      if (what.includes('written')) blobs.set(`odd/${place}/part_0.csv`, { bytes: csv(), modifiedAt: clock.ms() });
      await store.db.transaction().execute((tx) => money.refresh(tx));
      await run(61);
      const found = await spent('2026-10-01 to 2026-10-31');
      expect(found.total).toBe('63.00 EUR');
      expect(found.warnings.join()).toContain(why);
      for (const name of blobs.keys()) if (name.startsWith(`odd/${place}`)) blobs.delete(name);
    },
    60_000,
  );

  it('does not add two exports of the same costs, and says that Azure refuses', async () => {
    put('focus/other/20261001-20261031/run-1', { 'part_0.csv': csv(line('2026-10-01', '/vm/one', '1')) });
    await run(61);
    expect((await money.standing()).warnings.join()).toContain(
      'There are 2 exports below focus/: focus/nw, focus/other',
    );
    for (const name of blobs.keys()) if (name.startsWith('odd/focus/other')) blobs.delete(name);
    estate.fault({ service: 'blob', mode: '429' });
    await run(61);
    const refused = await spent('2026-10-01 to 2026-10-31');
    expect(refused.warnings.join()).toContain('Azure Storage');
    expect(refused.total).toBe('63.00 EUR');
  }, 60_000);
});
