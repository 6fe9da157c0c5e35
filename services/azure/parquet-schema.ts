import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literal, openDuck } from '../store/duck.ts';
import type { Blobs } from './blobs.ts';
import type { BlobPlace } from './ml.data.ts';

/** A column and its type, as DuckDB names it. */
export interface Column {
  name: string;
  type?: string;
}

const MARK = 'PAR1';
/** Length of the footer and the closing mark (https://parquet.apache.org/docs/file-format/). */
const TRAILER_BYTES = 8;
const USUAL_BYTES = 64 * 1024;
/** Ten thousand columns have a footer of some megabytes. */
const FOOTER_MOST_BYTES = 16 * 1024 * 1024;
/** A dictionary of types is not what is compared, and nothing is computed. */
const MEMORY_MB = 64;

/**
 * The columns of a Parquet blob, whatever its size: they stand in its footer, so that only its end is read, and a file
 * made of that end alone is what DuckDB is asked about. `undefined` when it is no Parquet.
 */
export async function parquetColumns(blobs: Pick<Blobs, 'ending'>, place: BlobPlace): Promise<Column[] | undefined> {
  let end = await blobs.ending(place, USUAL_BYTES);
  const needed = footerBytes(end);
  if (needed === undefined) return undefined;
  if (needed > end.length) end = await blobs.ending(place, needed);
  if (footerBytes(end) !== needed || end.length < needed) return undefined;
  return columnsIn(end.subarray(end.length - needed));
}

/** How many bytes of the end the footer takes, its trailer included. */
function footerBytes(end: Buffer): number | undefined {
  if (end.length < TRAILER_BYTES || end.toString('latin1', end.length - 4) !== MARK) return undefined;
  const bytes = end.readUInt32LE(end.length - TRAILER_BYTES) + TRAILER_BYTES;
  return bytes > FOOTER_MOST_BYTES ? undefined : bytes;
}

async function columnsIn(footer: Buffer): Promise<Column[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wardroom-footer-'));
  const duck = await openDuck({ memoryMb: MEMORY_MB, threads: 1 });
  try {
    const path = join(folder, 'footer.parquet');
    await writeFile(path, Buffer.concat([Buffer.from(MARK), footer]));
    const found = await duck.rows(`describe select * from read_parquet(${literal(path)})`);
    return found.map((each) => ({ name: String(each['column_name']), type: String(each['column_type']) }));
  } finally {
    await duck.close();
    await rm(folder, { recursive: true, force: true });
  }
}
