import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted } from '../core/counted.ts';
import { messageOf, Refused, Unavailable } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { type Blob, type ExportRun, periodsOf, runOf } from './export-manifest.rules.ts';
import { groupOf } from './facets.rules.ts';
import { type ExportSums, readExport } from './focus-read.ts';
import * as rows from './ledger.store.ts';
import { READ, scopesOf, WATCH } from './queues.ts';

const MOST_BYTES = 8 * 1024 ** 3;
const MANIFEST_BYTES = 10 * 1024 ** 2;
const AGAIN_MINUTES = 30;

type Write = (tx: Tx) => Promise<void>;

/** A run that can be read. */
interface Found extends ExportRun {
  period: string;
  key: string;
  madeAt: string;
}

/**
 * FOCUS exports in Blob storage. Of each period the newest complete run is read, once; a month that is exported again
 * replaces itself. One period is read in one job, so that a year of history is twelve small transactions.
 */
export function exportReads(deps: CostDeps) {
  const { clock, jobs, source, organisation } = deps;
  const [scope = 'export'] = scopesOf(organisation);
  /** Sums whose job was taken over while they were read: nobody wrote them. */
  const left = new Set<ExportSums>();

  return {
    async order(tx: Tx): Promise<void> {
      const [refused] = (await rows.reads(tx)).filter((read) => read.scope === scope && read.error);
      // What could not be read is tried again by its own job.
      if (refused && clock.ms() - Date.parse(refused.tried_at) < 2 * AGAIN_MINUTES * 60_000) return;
      await jobs.enqueue(tx, READ, { export: true });
    },

    async read(): Promise<Write> {
      const place = organisation.cost.export;
      if (!place) return async () => undefined;
      for (const sums of left) await sums.close();
      left.clear();
      const at = clock.now().toString();
      const folder = await mkdtemp(join(tmpdir(), 'wardroom-export-'));
      try {
        const { found, problems, more } = await next(place.path, folder);
        if (!found) return problems.length > 0 ? failed(at, problems) : fine(at);
        const sums = await readExport(await downloaded(found, folder), { rows: found.rows });
        left.add(sums);
        return async (tx) => {
          try {
            await keep(tx, sums, found, at);
          } finally {
            left.delete(sums);
            await sums.close();
          }
          // What is wrong with another period is said when there is nothing more to read.
          if (more || problems.length > 0) await jobs.enqueue(tx, READ, { export: true });
          else await jobs.enqueue(tx, WATCH, {}, { at: clock.now().add({ minutes: 1 }) });
        };
      } catch (error) {
        if (!(error instanceof Unavailable || error instanceof Refused)) throw error;
        return failed(at, [error instanceof Refused ? error.text : messageOf(error)]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };

  /** The oldest period of which there is something new, whether there are more, and what is wrong with the others. */
  async function next(path: string, folder: string): Promise<{ found?: Found; problems: string[]; more: boolean }> {
    const blobs = await source.list(path);
    const periods = periodsOf(blobs);
    if (periods.length === 0)
      throw new Refused(
        `There is no manifest below ${path || 'the container'}.`,
        'Check cost.export in wardroom.yaml, or wait for the first export.',
        'no-export',
      );
    const names = [...new Set(periods.map(({ exported }) => exported))];
    if (names.length > 1)
      throw new Refused(
        `${names.length === 1 ? 'There is' : 'There are'} ${counted(names.length, 'export')} below ${path || 'the container'}: ${names.slice(0, 4).join(', ')}.`,
        'Name the folder of one of them in cost.export.path, or each cost would be counted several times.',
        'several-exports',
      );
    const known = await deps.db.selectFrom('cost_exports').selectAll().where('scope', '=', scope).execute();
    const problems: string[] = [];
    let found: Found | undefined;
    for (const { period, manifests } of periods) {
      const read = known.find((each) => each.period === period)?.run;
      const one = await newest(period, manifests, blobs, folder, read);
      if (one.problem) problems.push(one.problem);
      if (one.found && found) return { found, problems, more: true };
      found ??= one.found;
    }
    return { ...(found ? { found } : {}), problems, more: false };
  }

  /** The newest run of a period that is complete and was not read yet. */
  async function newest(
    period: string,
    manifests: readonly Blob[],
    blobs: readonly Blob[],
    folder: string,
    read: string | undefined,
  ): Promise<{ found?: Found; problem?: string }> {
    let problem: string | undefined;
    for (const [index, manifest] of manifests.entries()) {
      const madeAt = manifest.modifiedAt ?? clock.now().toString();
      const key = `${manifest.name}@${manifest.modifiedAt ?? ''}`;
      if (key === read) break;
      const file = join(folder, `manifest-${index}.json`);
      await rm(file, { force: true });
      await source.download(manifest.name, file, MANIFEST_BYTES);
      try {
        const run = runOf(await readFile(file, 'utf8'), blobs);
        return { found: { ...run, period, key, madeAt }, ...(problem ? { problem } : {}) };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        problem ??= `${period.split('/').at(-1)}: ${error.text}`;
      }
    }
    return problem ? { problem } : {};
  }

  async function downloaded({ parts }: Found, folder: string): Promise<string[]> {
    const files: string[] = [];
    for (const [index, part] of parts.entries()) {
      const kind = /\.parquet$/i.test(part.name) ? '.parquet' : /\.gz$/i.test(part.name) ? '.csv.gz' : '.csv';
      const file = join(folder, `${index}${kind}`);
      const bytes = await source.download(part.name, file, MOST_BYTES);
      if (part.bytes !== undefined && bytes !== part.bytes)
        throw new Refused(
          `${part.name.split('/').at(-1)} has ${bytes} bytes, its manifest says ${part.bytes}.`,
          'It is being written; it is read again.',
          'export-part-size',
        );
      files.push(file);
    }
    return files;
  }

  async function keep(tx: Tx, sums: ExportSums, found: Found, at: string): Promise<void> {
    // The whole period is replaced: a day that is not in the newer run costs nothing any more.
    const [from, to] = [Math.min(found.from ?? sums.from, sums.from), Math.max(found.to ?? sums.to, sums.to)];
    const ids = await rows.resourceIds(tx, scope, await sums.tags(), (each) => groupOf(each, organisation));
    const others = await rows.otherScopes(tx, scope);
    for (const basis of ['actual', 'amortised'] as const) {
      // What was read by queries before there was an export would be counted twice.
      for (const each of [scope, ...others]) await rows.clearDays(tx, { scope: each, basis, from, to });
      for await (const page of sums.pages(basis === 'actual' ? 'billed' : 'effective'))
        await rows.addRows(tx, basis, ids, page);
      for (const each of [scope, ...others]) await rows.sumUp(tx, { scope: each, basis, from, to });
      await rows.noteRead(tx, {
        scope,
        basis,
        source: 'export',
        at,
        asOf: found.madeAt,
        from: sums.from,
        to: sums.to,
        missing: [],
      });
    }
    await rows.forgetReads(tx, others);
    const values = {
      run: found.key,
      made_at: found.madeAt,
      read_at: at,
      rows: sums.rows,
      parts: found.parts.length,
      from_day: sums.from,
      to_day: sums.to,
    };
    await tx
      .insertInto('cost_exports')
      .values({ scope, period: found.period, ...values })
      .onConflict((conflict) => conflict.columns(['scope', 'period']).doUpdateSet(values))
      .execute();
  }

  /** What was known stays, with what is wrong; it is looked for again. */
  function failed(at: string, problems: readonly string[]): Write {
    return async (tx) => {
      for (const basis of ['actual', 'amortised'] as const)
        await rows.noteFailure(tx, { scope, basis, source: 'export', at, error: problems.join(' ') });
      await jobs.enqueue(tx, READ, { export: true }, { at: clock.now().add({ minutes: AGAIN_MINUTES }) });
    };
  }

  /** Everything there is was read before. */
  function fine(at: string): Write {
    return (tx) => rows.noteFine(tx, scope, at);
  }
}
