import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';

/** Exports of Cost Management: folders of runs, each with its parts and, written last, a manifest that names them. */

export interface ExportPart {
  name: string;
  bytes?: number;
  rows?: number;
}

export interface ExportRun {
  parts: readonly ExportPart[];
  /** Rows of all parts together. */
  rows?: number;
  /** First and last day that the run is about, YYYYMMDD. */
  from?: number;
  to?: number;
}

const whole = z.number().int().nonnegative();
const manifest = z.object({
  blobCount: z.number().int().optional(),
  dataRowCount: whole.optional(),
  runInfo: z.object({ startDate: z.string().optional(), endDate: z.string().optional() }).optional(),
  blobs: z
    .array(z.object({ blobName: z.string().min(1), byteCount: whole.optional(), dataRowCount: whole.optional() }))
    .min(1),
});

/**
 * What a run consists of. All parts must be there: half an export would look like half the cost. A part that is named twice
 * is one part. Throws `Refused` that names what is missing. Source: Microsoft, "Understand export manifest".
 */
export function runOf(text: string, blobs: readonly { name: string }[]): ExportRun {
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
  const { blobCount, dataRowCount, runInfo } = parsed.data;
  const there = new Set(blobs.map(({ name }) => name));
  const once = new Map(parsed.data.blobs.map((blob) => [blob.blobName, blob]));
  const parts = [...once.values()].map(({ blobName, byteCount, dataRowCount: own }) => ({
    name: blobName,
    ...(byteCount === undefined ? {} : { bytes: byteCount }),
    ...(own === undefined ? {} : { rows: own }),
  }));
  const missing = parts.filter(({ name }) => !there.has(name)).map(({ name }) => name.split('/').at(-1) ?? name);
  if (blobCount !== undefined && blobCount !== parts.length)
    throw new Refused(
      `The manifest speaks of ${blobCount} parts and names ${parts.length}.`,
      'Run the export again.',
      'export-part-missing',
    );
  if (missing.length > 0)
    throw new Refused(
      `${missing.length} of ${parts.length} parts of the export are missing: ${missing.slice(0, 3).join(', ')}.`,
      'Nothing of it is counted until all are there; it is looked for again.',
      'export-part-missing',
    );
  const [from, to] = [dayIn(runInfo?.startDate), dayIn(runInfo?.endDate)];
  return {
    parts,
    ...(dataRowCount === undefined ? {} : { rows: dataRowCount }),
    ...(from && to && from <= to ? { from, to } : {}),
  };
}

const dayIn = (text: string | undefined): number | undefined => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text ?? '') ?? [];
  return year === undefined ? undefined : Number(`${year}${month}${day}`);
};

export interface Blob {
  name: string;
  modifiedAt?: string;
}

/** The runs of one period, the newest first, by their manifests. */
export interface ExportPeriod {
  /** Folder of the period. */
  period: string;
  /** Folder of the export that it belongs to. */
  exported: string;
  manifests: readonly Blob[];
}

/**
 * Runs by what they are about: `…/20261101-20261130/RUN/manifest.json`, so that a month that is exported again replaces
 * itself. Where Azure overwrites in place there is no folder of the run, and where no folder names a period the folder above
 * the run stands for it. Oldest first by their newest run: what was written last is read last.
 */
export function periodsOf(blobs: readonly Blob[]): ExportPeriod[] {
  const manifests = blobs.filter(({ name }) => /(^|\/)_?manifest\.json$/i.test(name));
  const byPeriod = Map.groupBy(manifests, ({ name }) => {
    const folders = name.split('/').slice(0, -1);
    const dated = folders.findLastIndex((folder) => /^\d{8}-\d{8}$/.test(folder));
    return folders.slice(0, dated < 0 ? Math.max(0, folders.length - 1) : dated + 1).join('/');
  });
  return [...byPeriod]
    .map(([period, all]) => ({
      period,
      exported: aboveOf(period),
      manifests: all.toSorted((a, b) => (stamp(a) < stamp(b) ? 1 : -1)),
    }))
    .sort((a, b) => (stamp(a.manifests[0]) < stamp(b.manifests[0]) ? -1 : 1));
}

/** `focus/northwind` of `focus/northwind/20261101-20261130`. */
const aboveOf = (period: string): string =>
  /(^|\/)\d{8}-\d{8}$/.test(period) ? period.split('/').slice(0, -1).join('/') : period;

const stamp = (blob: Blob | undefined): string => `${blob?.modifiedAt ?? ''} ${blob?.name ?? ''}`;
