import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type ExportSums, periodsOf, readExport, runOf } from '../../../services/cost/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardroom-focus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, body: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
};
/** All of it at once, as a test wants it. */
async function whole(sums: ExportSums) {
  try {
    const of = async (which: 'billed' | 'effective') => {
      const all = [];
      for await (const page of sums.pages(which)) all.push(...page);
      return all;
    };
    const { from, to, rows } = sums;
    return { from, to, rows, billed: await of('billed'), effective: await of('effective'), tags: await sums.tags() };
  } finally {
    await sums.close();
  }
}
const HEADER =
  'ChargePeriodStart,ResourceId,x_SkuMeterCategory,ChargeCategory,BillingCurrency,BilledCost,EffectiveCost,Tags';
const row = (day: string, resource: string, billed: string, effective = billed, charge = 'Usage', tags = '') =>
  `${day}T00:00:00Z,${resource},Virtual Machines,${charge},EUR,${billed},${effective},"${tags.replaceAll('"', '""')}"`;

describe('a FOCUS export', () => {
  it('is summed up over its parts: byte-order mark, gzip, translated headers, another order', async () => {
    const first = file(
      'a.csv',
      `\uFEFF${[HEADER, row('2026-11-01', '/VM/One', '0.1'), row('2026-11-01', '/vm/one', '0.2', '0.2', 'Usage', '{"team":"fraud"}')].join('\r\n')}\r\n`,
    );
    const second = file(
      'b.csv.gz',
      gzipSync(
        [
          'Ressource (ResourceId),Abgerechnete Kosten (BilledCost),Währung (BillingCurrency),Beginn (ChargePeriodStart),Art (ChargeCategory)',
          '/vm/two,-5.50,eur,2026-11-02T00:00:00Z,Credit',
          ',8760.00,EUR,2026-11-02T00:00:00Z,Purchase',
        ].join('\n'),
      ),
    );
    const found = await whole(await readExport([first, second]));
    expect([found.from, found.to, found.rows]).toEqual([20261101, 20261102, 4]);
    const sums = Object.fromEntries(
      found.billed.map((each) => [`${each.resource}|${each.charge}`, Number(each.amount)]),
    );
    // Rows of one day, resource and meter are added exactly, a refund stays negative, a purchase has no resource.
    expect(sums).toEqual({ '/vm/one|Usage': 0.3, '/vm/two|Credit': -5.5, '|Purchase': 8760 });
    expect(found.billed.find(({ resource }) => resource === '/vm/one')?.amount).toMatch(/^0\.30*$/);
    expect(new Set(found.billed.map(({ currency }) => currency))).toEqual(new Set(['EUR']));
    expect(found.tags.get('/vm/one')).toEqual({ team: 'fraud' });
  }, 60_000);

  it('reads the older cost details with their American dates', async () => {
    const old = file(
      'old.csv',
      'Date,InstanceId,MeterCategory,CostInBillingCurrency,BillingCurrencyCode,Tags\n11/03/2026,/vm/old,Storage,4,EUR,"""env"": ""prod"""\n',
    );
    const found = await whole(await readExport([old]));
    expect(found.billed).toMatchObject([{ day: 20261103, resource: '/vm/old', meter: 'Storage', charge: 'Usage' }]);
    expect(found.tags.get('/vm/old')).toEqual({ env: 'prod' });
  }, 60_000);

  it.each([
    [
      'a column that is missing',
      'ChargePeriodStart,ResourceId,BilledCost\n2026-11-01,/vm,1\n',
      /no column billingcurrency/,
    ],
    ['a cost that is empty', `${HEADER}\n${row('2026-11-01', '/vm', '')}\n`, /has 1 row with no cost that can be read/],
    ['a cost that is no number', `${HEADER}\n${row('2026-11-01', '/vm', 'twelve')}\n`, /no cost that can be read/],
    ['a day that is none', `${HEADER}\n${row('2026-13-41', '/vm', '1')}\n`, /no day that can be read/],
    [
      'a row that is cut off',
      `${HEADER}\n${row('2026-11-01', '/vm', '1')}\n2026-11-01T00:00:00Z,/vm,Virt`,
      /cannot be read|no cost that can be read/,
    ],
    ['no rows', `${HEADER}\n`, /has no rows/],
  ])('is refused as a whole for %s', async (_, body, why) => {
    await expect(readExport([file('bad.csv', body)])).rejects.toThrow(why);
  });
});

describe('the manifest of an export', () => {
  const manifest = (blobs: object[], blobCount = blobs.length, more = {}) =>
    JSON.stringify({ blobCount, blobs, ...more });
  it('names every part with its size, and the days it is about', () => {
    const run = { runInfo: { startDate: '2026-11-01T00:00:00', endDate: '2026-11-30T00:00:00' }, dataRowCount: 12 };
    const parts = [{ blobName: 'run/part_0.csv', byteCount: 10 }, { blobName: 'run/part_1.csv' }];
    const text = `\uFEFF${manifest(parts, 2, run)}`;
    expect(runOf(text, [{ name: 'run/part_0.csv' }, { name: 'run/part_1.csv' }])).toEqual({
      parts: [{ name: 'run/part_0.csv', bytes: 10 }, { name: 'run/part_1.csv' }],
      rows: 12,
      from: 20261101,
      to: 20261130,
    });
  });
  it('a part that is named twice is one part; a part that is missing is not made up for by it', () => {
    const twice = [{ blobName: 'run/part_0.csv' }, { blobName: 'run/part_0.csv' }];
    expect(runOf(manifest(twice, 1), [{ name: 'run/part_0.csv' }]).parts).toHaveLength(1);
    expect(() => runOf(manifest(twice, 2), [{ name: 'run/part_0.csv' }])).toThrow('2 parts and names 1');
  });
  it('half an export is none', () => {
    const text = manifest([{ blobName: 'run/part_0.csv' }, { blobName: 'run/part_1.csv' }]);
    expect(() => runOf(text, [{ name: 'run/part_0.csv' }])).toThrow(
      '1 of 2 parts of the export are missing: part_1.csv',
    );
    expect(() => runOf(manifest([{ blobName: 'run/part_0.csv' }], 3), [{ name: 'run/part_0.csv' }])).toThrow(
      '3 parts and names 1',
    );
    expect(() => runOf('{', [])).toThrow('not JSON');
    expect(() => runOf('{}', [])).toThrow('does not list the parts');
  });
  it('runs belong to the period of their folder, the newest first', () => {
    const blob = (name: string, at: string) => ({ name, modifiedAt: `2026-11-${at}T06:00:00Z` });
    const found = periodsOf([
      blob('focus/nw/20261101-20261130/a/manifest.json', '20'),
      blob('focus/nw/20261101-20261130/b/manifest.json', '21'),
      blob('focus/nw/20261001-20261031/c/manifest.json', '05'),
      blob('focus/nw/20261101-20261130/b/part_0.csv', '21'),
    ]);
    expect(found.map(({ period, manifests }) => [period, manifests.map(({ name }) => name.split('/').at(-2))])).toEqual(
      [
        ['focus/nw/20261001-20261031', ['c']],
        ['focus/nw/20261101-20261130', ['b', 'a']],
      ],
    );
    expect(new Set(found.map(({ exported }) => exported))).toEqual(new Set(['focus/nw']));
    expect(periodsOf([blob('daily/run1/manifest.json', '02'), blob('daily/run2/manifest.json', '03')])).toHaveLength(1);
  });
});
