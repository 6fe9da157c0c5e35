import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { BlobInfo } from '../azure/blobs.ts';
import type { BlobPlace } from '../azure/ml.data.ts';
import { counted } from '../core/counted.ts';
import { Refused } from '../core/errors.ts';
import { endpointOf, type ModelsDeps } from './deps.ts';

/** Read at once, at most: what does not fit is refused before anything is fetched. */
export const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 5_000;
const DEFAULT_STORE = 'azureml://datastores/workspaceblobstore/paths/';

export type Progress = (percent: number, note: string) => Promise<void>;

/** Where collected data and data assets lie, and how they come here. */
export function sources({ azure, ref, organisation }: ModelsDeps) {
  const refOf = (endpoint: string) => ref(endpointOf(organisation, endpoint).workspace);

  /** Fetches files into a folder, each under its own name, with progress from `from` to `to` percent. */
  async function fetchAll(
    place: BlobPlace,
    files: readonly BlobInfo[],
    folder: string,
    progress: Progress,
    [from, to]: readonly [number, number],
    what: string,
  ): Promise<string[]> {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (files.length === 0) throw new Refused(`There is nothing in ${what}.`, 'Choose another window.', 'no-data');
    if (bytes > MOST_BYTES)
      throw new Refused(
        `${what} is ${mega(bytes)} in ${counted(files.length, 'file')}; at most ${mega(MOST_BYTES)} are read at once.`,
        'Choose a shorter window.',
        'too-large',
      );
    await mkdir(folder, { recursive: true });
    const paths: string[] = [];
    let [done, told] = [0, -1];
    for (const [place_, file] of files.entries()) {
      const path = join(folder, `${String(place_).padStart(5, '0')}${endingOf(file.name)}`);
      done += await azure.blobs.download({ ...place, path: file.name }, path, MOST_BYTES - done);
      paths.push(path);
      const percent = Math.floor(from + ((to - from) * (place_ + 1)) / files.length);
      // Every tenth: an edit of the card costs a message of Teams.
      if (Math.floor(percent / 10) > told) {
        told = Math.floor(percent / 10);
        await progress(percent, `${what}: ${place_ + 1} of ${files.length} files, ${mega(done)}`);
      }
    }
    return paths;
  }

  return {
    fetchAll,

    /** What the deployments of an endpoint collected within a window: the collector's layout, a folder an hour (UTC). */
    async collected(endpoint: string, collection: string, from: Temporal.Instant, to: Temporal.Instant) {
      const workspace = refOf(endpoint);
      const { value: deployments } = await azure.ml.collectionOf({ ...workspace, endpoint });
      const on = deployments.filter((each) => each.on.some(({ name }) => name === collection));
      if (on.length === 0)
        throw new Refused(
          `No deployment of ${endpoint} collects ${collection === 'model_inputs' ? 'its inputs' : 'its outputs'}.`,
          `Say “collection of ${endpoint}” to see what is missing and switch it on.`,
          'not-collecting',
        );
      const place = await azure.ml.placeOf(workspace, `${DEFAULT_STORE}modelDataCollector/${endpoint}/`);
      if (!place) throw new Refused(`The default datastore of ${workspace.workspace} is not in Blob storage.`);
      const files: BlobInfo[] = [];
      for (const { deployment } of on)
        for (const day of daysBetween(from, to)) {
          const prefix = `${place.path}${deployment}/${collection}/${day.replaceAll('-', '/')}/`;
          for (const file of await azure.blobs.list({ ...place, path: prefix }, MOST_FILES)) {
            const hour = /\/(\d{2})\/[^/]+$/.exec(file.name)?.[1];
            const at = Temporal.Instant.from(`${day}T${hour ?? '00'}:00:00Z`);
            const inside =
              at.epochMilliseconds >= from.epochMilliseconds && at.epochMilliseconds < to.epochMilliseconds;
            if (hour === undefined || inside) files.push(file);
          }
        }
      return { place, files, deployments: on.map(({ deployment }) => deployment) };
    },

    /** The files of a data asset; those whose path ends with a date before `since` are left out. */
    async asset(endpoint: string, name: string, since?: Temporal.Instant) {
      const workspace = refOf(endpoint);
      const { value: asset } = await azure.ml.dataAsset(workspace, name);
      if (!asset)
        throw new Refused(`There is no data asset ${name} in ${workspace.workspace}.`, 'Check its name.', 'no-asset');
      const place = await azure.ml.placeOf(workspace, asset.uri);
      if (!place)
        throw new Refused(
          `${name}:${asset.version} is not in Blob storage (${asset.uri.slice(0, 80)}).`,
          'Choose another baseline.',
        );
      const all = await azure.blobs.list(place, MOST_FILES);
      const from = since?.toString().slice(0, 10);
      const files = all.filter((file) => {
        const day = /(\d{4}-\d{2}-\d{2})[^/]*$/.exec(file.name)?.[1];
        return READABLE.test(file.name) && (from === undefined || day === undefined || day >= from);
      });
      return { place, files, asset };
    },
  };
}

const READABLE = /\.(parquet|csv|tsv|jsonl|ndjson|json)(\.gz)?$/i;
const endingOf = (name: string): string => READABLE.exec(name)?.[0] ?? '.jsonl';
const mega = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MB`;

function daysBetween(from: Temporal.Instant, to: Temporal.Instant): string[] {
  const days: string[] = [];
  const end = to.toZonedDateTimeISO('UTC').toPlainDate();
  for (
    let day = from.toZonedDateTimeISO('UTC').toPlainDate();
    Temporal.PlainDate.compare(day, end) <= 0;
    day = day.add({ days: 1 })
  )
    days.push(day.toString());
  return days;
}

export type Sources = ReturnType<typeof sources>;
