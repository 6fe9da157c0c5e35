import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';

export interface ExportPart {
  name: string;
  bytes?: number;
}

/** The manifest that Cost Management writes beside the parts of an export when it has written all of them. */
const manifest = z.object({
  blobCount: z.number().int().optional(),
  blobs: z
    .array(z.object({ blobName: z.string().min(1), byteCount: z.number().int().nonnegative().optional() }))
    .min(1),
});

/**
 * The parts an export consists of. All of them must be there: half an export would look like half the cost. Throws
 * `Refused` that names what is missing.
 */
export function partsOf(text: string, blobs: readonly { name: string }[]): readonly ExportPart[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Refused(
      `The manifest is not JSON: ${(error as Error).message}.`,
      'Run the export again.',
      'bad-manifest',
    );
  }
  const parsed = manifest.safeParse(raw);
  if (!parsed.success)
    throw new Refused('The manifest does not list the parts of the export.', 'Run the export again.', 'bad-manifest');
  const there = new Set(blobs.map(({ name }) => name));
  const parts = parsed.data.blobs.map(({ blobName, byteCount }) => ({
    name: blobName,
    ...(byteCount === undefined ? {} : { bytes: byteCount }),
  }));
  const missing = parts.filter(({ name }) => !there.has(name)).map(({ name }) => name.split('/').at(-1) ?? name);
  const counted = parsed.data.blobCount;
  if (counted !== undefined && counted !== parts.length)
    throw new Refused(
      `The manifest speaks of ${counted} parts and names ${parts.length}.`,
      'Run the export again.',
      'export-part-missing',
    );
  if (missing.length > 0)
    throw new Refused(
      `${missing.length} of ${parts.length} parts of the export are missing: ${missing.slice(0, 3).join(', ')}.`,
      'Nothing of it is counted until all are there; it is looked for again.',
      'export-part-missing',
    );
  return parts;
}
