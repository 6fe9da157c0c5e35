import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { type ParquetValue, parquetOf } from '../../../infra/sandbox/azure/parquet.ts';
import { dataChanges } from '../../../services/azure/ml.data-changes.ts';
import { guard } from '../../../services/azure/resilience.ts';
import { movableClock } from '../../../services/core/clock.ts';

const AT = '2026-11-23T09:00:00Z';
const REF = { subscription: 's', resourceGroup: 'rg', workspace: 'ws' };

/** What is told of the second version of an asset, from what is stored of both. */
async function told(files: Readonly<Record<string, Uint8Array | string>>, uris: readonly [string, string]) {
  const bytesOf = (path: string) => Buffer.from(files[path] ?? '');
  const changes = dataChanges({
    rest: async () => ({
      status: 200,
      header: () => undefined,
      body: { value: [{ name: 'ep-x-training', systemData: { createdAt: AT, lastModifiedAt: AT } }] },
    }),
    guard: guard({ service: 'test', clock: movableClock({ start: Temporal.Instant.from(AT), frozen: true }) }),
    placeOf: async (_ref, uri) => ({ account: 'https://a.blob.core.windows.net', container: 'c', path: uri }),
    dataVersions: async (_ref, name) => ({
      asOf: Temporal.Instant.from(AT),
      stale: false,
      value: [
        { name, version: '2', type: 'uri_folder', uri: uris[1], createdAt: AT },
        { name, version: '1', type: 'uri_folder', uri: uris[0], createdAt: '2026-10-01T09:00:00Z' },
      ],
    }),
    blobs: {
      beginning: async ({ path }, bytes) => bytesOf(path).subarray(0, bytes).toString('utf8'),
      ending: async ({ path }, bytes) => bytesOf(path).subarray(-bytes),
      list: async ({ path }) =>
        Object.keys(files)
          .filter((name) => name.startsWith(path))
          .map((name) => ({ name, bytes: bytesOf(name).length })),
    },
  });
  const found = await changes(REF, 'ep-x', Temporal.Instant.from('2026-11-23T00:00:00Z'));
  return found.filter(({ kind }) => kind === 'schema').map(({ what }) => what.replace('ep-x-training:2 ', ''));
}

const table = (columns: Readonly<Record<string, readonly ParquetValue[]>>) => parquetOf(columns);
const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`feature_${i}`, [1, 2]]));

it.each<[string, Parameters<typeof told>, string[]]>([
  [
    'a column that became text',
    [
      { 'a.parquet': table({ amount: [1], kind: ['x'] }), 'b.parquet': table({ amount: ['1,5'], kind: ['x'] }) },
      ['a.parquet', 'b.parquet'],
    ],
    ['has amount as VARCHAR instead of DOUBLE'],
  ],
  [
    'nothing when the rows alone differ',
    [{ 'a.parquet': table({ amount: [1] }), 'b.parquet': table({ amount: [2, 3, null] }) }, ['a.parquet', 'b.parquet']],
    [],
  ],
  [
    'folders by a file in them',
    [
      {
        'v1/_SUCCESS': 'x',
        'v1/part-0.parquet': table({ amount: [1], old: [1] }),
        'v2/MLTable': 'paths: []',
        'v2/part-0.parquet': table({ amount: [1], new: [1] }),
      },
      ['v1', 'v2/'],
    ],
    ['has no column old any more and has a new column new'],
  ],
  [
    'a footer that is larger than what is read at first, and no more names than one can read',
    [{ 'a.parquet': table(wide(900)), 'b.parquet': table(wide(905)) }, ['a.parquet', 'b.parquet']],
    ['has a new column feature_900, feature_901, feature_902 and 2 more'],
  ],
  [
    'nothing of what is no Parquet, or cut off',
    [{ 'a.parquet': 'PAR1', 'b.parquet': table({ amount: [1] }).subarray(0, 40) }, ['a.parquet', 'b.parquet']],
    [],
  ],
  [
    'text as before',
    [{ 'a.csv': 'amount,old\n1,2\n', 'v2/x.jsonl': '{"amount":1,"new":2}\n' }, ['a.csv', 'v2']],
    ['has no column old any more and has a new column new'],
  ],
])('tells of the next version of a data asset %s', async (_what, [files, uris], said) => {
  expect(await told(files, uris)).toEqual(said);
});
