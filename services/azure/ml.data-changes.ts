import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Blobs } from './blobs.ts';
import { isoTime, read } from './border.ts';
import type { RecentChange } from './ml.changes.ts';
import type { BlobPlace, Data, DataAsset } from './ml.data.ts';
import { type Column, parquetColumns } from './parquet-schema.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import type { Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };
/** A header line, or a first row, is within this. */
const BEGINNING_BYTES = 64 * 1024;
/** Files that tell their columns. */
const TELLS = /\.(csv|tsv|jsonl|ndjson|parquet)$/i;
const FILES_LOOKED_AT = 50;
const NAMED_MOST = 3;

export interface DataChangesDeps extends Pick<Data, 'placeOf' | 'dataVersions'> {
  rest: Rest;
  guard: Guard;
  blobs: Pick<Blobs, 'beginning' | 'ending' | 'list'>;
}

const containers = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      systemData: z.object({ createdAt: isoTime.optional(), lastModifiedAt: isoTime.optional() }).default({}),
    }),
  ),
  nextLink: z.string().nullish(),
});

/**
 * Versions of data assets registered since, and what their columns lost and gained against the version before (ARM
 * `workspaces/data` and `data/versions`; columns from the first bytes of CSV and JSON Lines, columns and their types from
 * the last bytes of Parquet; of a folder, from the first file in it that can tell). An asset belongs to the endpoint whose
 * name its own begins with.
 */
export function dataChanges({ rest, guard, blobs, placeOf, dataVersions }: DataChangesDeps) {
  const assetsOf = (ref: WorkspaceRef) =>
    guard.read(`data-assets:${workspaceId(ref)}`, async (signal) => {
      const found: z.output<typeof containers>['value'] = [];
      let next: string | undefined = `${workspaceId(ref)}/data`;
      while (next !== undefined) {
        const { body } = await rest({ method: 'GET', path: next, ...(found.length === 0 ? { query } : {}), signal });
        const page = read(SERVICE, containers, body);
        found.push(...page.value);
        next = page.nextLink ?? undefined;
      }
      return found;
    });

  /** What the asset's columns are; `undefined` for what cannot tell. */
  async function columnsOf(ref: WorkspaceRef, { uri }: DataAsset): Promise<Column[] | undefined> {
    const named = await placeOf(ref, uri);
    const place = named && (TELLS.test(named.path) ? named : await firstIn(named));
    if (!place) return undefined;
    if (/\.parquet$/i.test(place.path)) return parquetColumns(blobs, place);
    const [first = ''] = (await blobs.beginning(place, BEGINNING_BYTES)).split(/\r?\n/, 1);
    if (first === '') return undefined;
    return namesIn(first, /\.tsv$/i.test(place.path) ? '\t' : ',').map((name) => ({ name }));
  }

  /** Of a folder (`uri_folder`, `mltable`): files of one data set have the same columns. */
  async function firstIn(folder: BlobPlace): Promise<BlobPlace | undefined> {
    const path = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
    const found = await blobs.list({ ...folder, path }, FILES_LOOKED_AT);
    const file = found.find(({ name, bytes }) => bytes > 0 && TELLS.test(name));
    return file && { ...folder, path: file.name };
  }

  return async (ref: WorkspaceRef, endpoint: string, since: Temporal.Instant): Promise<RecentChange[]> => {
    const { value: assets } = await assetsOf(ref);
    const mine = assets.filter(({ name, systemData: { createdAt, lastModifiedAt } }) => {
      const touched = lastModifiedAt ?? createdAt;
      const lately = touched === undefined || Temporal.Instant.compare(touched, since) >= 0;
      return lately && name.toLowerCase().startsWith(`${endpoint.toLowerCase()}-`);
    });
    const found = await Promise.all(
      mine.map(async ({ name }) => {
        const { value: versions } = await dataVersions(ref, name);
        return Promise.all(
          versions.map(async (version, place): Promise<RecentChange[]> => {
            const { createdAt, createdBy } = version;
            if (createdAt === undefined || Temporal.Instant.compare(createdAt, since) < 0) return [];
            const before = versions[place + 1];
            const label = `${name}:${version.version}`;
            const common = { at: Temporal.Instant.from(createdAt), workspace: ref.workspace, endpoint };
            const [was, is] = before ? [await columnsOf(ref, before), await columnsOf(ref, version)] : [];
            const moved = was && is ? difference(was, is) : '';
            return [
              {
                id: `data:${label}`,
                kind: 'data-version',
                ...common,
                what: `the data ${label} was registered${createdBy ? ` by ${createdBy}` : ''}`,
                ...(createdBy ? { by: createdBy } : {}),
              },
              ...(moved
                ? [{ id: `schema:${label}`, kind: 'schema' as const, ...common, what: `${label} ${moved}` }]
                : []),
            ];
          }),
        );
      }),
    );
    return found.flat(2);
  };
}

function namesIn(line: string, mark: string): string[] {
  const text = line.replace(/^\uFEFF/, '');
  if (!text.startsWith('{')) return text.split(mark).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  try {
    return Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  } catch (error) {
    // A line longer than what was read: its columns are not known, which is no change of them.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function difference(was: readonly Column[], is: readonly Column[]): string {
  if (was.length === 0 || is.length === 0) return '';
  const [before, after] = [new Map(was.map(entryOf)), new Map(is.map(entryOf))];
  const lost = was.filter(({ name }) => !after.has(name)).map(({ name }) => name);
  const gained = is.filter(({ name }) => !before.has(name)).map(({ name }) => name);
  const turned = is.flatMap(({ name, type }) => {
    const old = before.get(name);
    return old !== undefined && type !== undefined && old !== type ? [`${name} as ${type} instead of ${old}`] : [];
  });
  const said = [
    ...(lost.length > 0 ? [`has no column ${few(lost)} any more`] : []),
    ...(gained.length > 0 ? [`has a new column ${few(gained)}`] : []),
    ...(turned.length > 0 ? [`has ${few(turned)}`] : []),
  ];
  return said.join(' and ');
}

const entryOf = ({ name, type }: Column) => [name, type] as const;
const few = (names: readonly string[]): string =>
  `${names.slice(0, NAMED_MOST).join(', ')}${names.length > NAMED_MOST ? ` and ${names.length - NAMED_MOST} more` : ''}`;
