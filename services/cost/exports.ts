import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, Refused, Unavailable } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { type ExportPart, partsOf } from './export-manifest.rules.ts';
import { readExport } from './focus-read.ts';
import * as rows from './ledger.store.ts';
import { READ, scopesOf, WATCH } from './queues.ts';

const MOST_BYTES = 8 * 1024 ** 3;
const AGAIN_MINUTES = 30;

/** FOCUS exports in Blob storage: the newest complete one of each month is read, and only when it has not been yet. */
export function exportReads(deps: CostDeps) {
  const { clock, jobs, source, organisation } = deps;

  return {
    order: (tx: Tx) => jobs.enqueue(tx, READ, { export: true }),

    async read(): Promise<(tx: Tx) => Promise<void>> {
      const place = organisation.cost.export;
      const at = clock.now().toString();
      const [scope = 'export'] = scopesOf(organisation);
      if (!place) return async () => undefined;
      const folder = await mkdtemp(join(tmpdir(), 'wardroom-export-'));
      try {
        const found = await newest(place.path, folder);
        const [read] = (await rows.reads(deps.db)).filter((each) => each.scope === scope);
        if (read && read.seen === found.run && !read.error) return async () => undefined;
        const files: string[] = [];
        for (const [index, part] of found.parts.entries()) {
          const file = join(
            folder,
            `${index}${part.name.endsWith('.parquet') ? '.parquet' : part.name.endsWith('.gz') ? '.csv.gz' : '.csv'}`,
          );
          const bytes = await source.download(part.name, file, MOST_BYTES);
          if (part.bytes !== undefined && bytes !== part.bytes)
            throw new Refused(
              `${part.name} has ${bytes} bytes, its manifest says ${part.bytes}.`,
              'It is being written; it is read again.',
            );
          files.push(file);
        }
        const ledger = await readExport(files);
        return async (tx) => {
          for (const basis of ['actual', 'amortised'] as const) await keep(tx, ledger, scope, basis, at, found);
          await jobs.enqueue(tx, WATCH, {}, { at: clock.now().add({ minutes: 1 }) });
        };
      } catch (error) {
        if (!(error instanceof Unavailable || error instanceof Refused)) throw error;
        const words = error instanceof Refused ? error.text : messageOf(error);
        return async (tx) => {
          for (const basis of ['actual', 'amortised'] as const)
            await rows.noteFailure(tx, { scope, basis, source: 'export', at, error: words });
          await jobs.enqueue(tx, READ, { export: true }, { at: clock.now().add({ minutes: AGAIN_MINUTES }) });
        };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };

  async function newest(path: string, folder: string): Promise<{ run: string; parts: readonly ExportPart[] }> {
    const blobs = await source.list(path);
    const manifests = blobs
      .filter(({ name }) => /manifest\.json$/i.test(name))
      .sort((a, b) => ((a.modifiedAt ?? a.name) < (b.modifiedAt ?? b.name) ? 1 : -1));
    const [manifest] = manifests;
    if (!manifest)
      throw new Refused(
        `There is no manifest below ${path || 'the container'}.`,
        'Check cost.export in wardroom.yaml, or wait for the first export.',
      );
    const file = join(folder, 'manifest.json');
    await source.download(manifest.name, file, 10 * 1024 ** 2);
    return {
      run: `${manifest.name}@${manifest.modifiedAt ?? ''}`,
      parts: partsOf(await readFile(file, 'utf8'), blobs),
    };
  }
}

async function keep(
  tx: Tx,
  ledger: Awaited<ReturnType<typeof readExport>>,
  scope: string,
  basis: rows.Basis,
  at: string,
  found: { run: string },
): Promise<void> {
  const span = { scope, basis, from: ledger.from, to: ledger.to };
  const ids = await rows.resourceIds(tx, scope, ledger.tags);
  await rows.clearDays(tx, span);
  await rows.addRows(tx, basis, ids, basis === 'actual' ? ledger.billed : ledger.effective);
  await rows.sumMonths(tx, span);
  await rows.noteRead(tx, { ...span, source: 'export', at, missing: [], seen: found.run });
}
