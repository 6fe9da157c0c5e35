import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openDuck } from '../../services/store/duck.ts';

/**
 * Drift against SciPy (Debian's python3-scipy and python3-pandas): the same two CSV files, the same machine, the same run,
 * one after the other; the same numbers have to come out. SciPy's own functions are called as its documentation shows, on
 * whole columns, one process, as a team's script does; it is not rewritten to share one sort among the measures, which ours
 * does. Parquet is ours alone: Debian's pandas cannot read it. `node test/bench/drift.ts [--rows N] [--features N] [--once]`.
 * CPU seconds stand beside the wall clock because the machine is rarely alone: the ratio of CPU is the one to quote.
 */
interface Run {
  seconds: number;
  cpuSeconds: number;
  memoryMb: number;
  loadSeconds?: number;
  versions?: string;
  found: Record<string, Record<string, number | null>>;
}

const COMPARED = ['psi', 'jensen_shannon', 'wasserstein', 'ks', 'null_rate'];

/** Bell-shaped, skewed and whole numbers with missing ones; a fifth of the columns moves. */
async function writeFiles(
  folder: string,
  rows: number,
  features: number,
): Promise<{ csv: string[]; parquet: string[] }> {
  const duck = await openDuck({ memoryMb: 2048 });
  const bell = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';
  const column = (k: number, moved: boolean) => {
    const shift = moved && k % 5 === 0 ? 0.02 * (k / 5) : 0;
    if (k % 10 === 9) return `round(random() * ${moved && k % 20 === 9 ? 25 : 20})::integer as f${k}`;
    if (k % 10 === 7) return `round(exp(${bell} + ${shift}), 6) as f${k}`;
    if (k % 10 === 3) return `case when random() < 0.02 then null else round(${bell} + ${shift}, 6) end as f${k}`;
    return `round(${bell} + ${shift}, 6) as f${k}`;
  };
  const files = { csv: [] as string[], parquet: [] as string[] };
  for (const moved of [false, true]) {
    await duck.run(`select setseed(${moved ? 0.3 : 0.7})`);
    const columns = Array.from({ length: features }, (_, k) => column(k, moved));
    await duck.run(`create or replace table made as select ${columns.join(', ')} from range(${rows})`);
    for (const kind of ['csv', 'parquet'] as const) {
      const path = join(folder, `${moved ? 'current' : 'baseline'}.${kind}`);
      await duck.run(`copy made to '${path}' (${kind === 'csv' ? 'header' : 'format parquet'})`);
      files[kind].push(path);
    }
  }
  await duck.close();
  return files;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const run = (command: string, args: readonly string[]): Run =>
  JSON.parse(execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })) as Run;

/** Numbers that differ by more than a rounding. */
const differences = (ours: Run, theirs: Run): string[] =>
  Object.entries(theirs.found).flatMap(([feature, numbers]) =>
    COMPARED.flatMap((metric) => {
      const [a, b] = [ours.found[feature]?.[metric] ?? Number.NaN, numbers[metric] ?? Number.NaN];
      return Math.abs(a - b) <= Math.max(1e-9 * Math.abs(b), 1e-12) ? [] : [`${feature} ${metric}: ${a} ${b}`];
    }),
  );

export async function benchDrift({ rows = 1_000_000, features = 50, rounds = 2 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-drift-'));
  try {
    const { csv, parquet } = await writeFiles(folder, rows, features);
    const best = (runs: Run[]) => runs.reduce((least, each) => (each.seconds < least.seconds ? each : least));
    const [ours, columns, theirs]: [Run[], Run[], Run[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(run(process.execPath, [here('drift-ours.ts'), ...csv]));
      columns.push(run(process.execPath, [here('drift-ours.ts'), ...parquet]));
      theirs.push(run('/usr/bin/python3', [here('drift.py'), ...csv]));
    }
    const [us, fast, them] = [best(ours), best(columns), best(theirs)];
    const shown = ({ seconds, cpuSeconds, memoryMb, loadSeconds, versions }: Run) => ({
      seconds,
      cpuSeconds,
      memoryMb,
      loadSeconds,
      versions,
    });
    return {
      rows,
      features,
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}`,
      wardroomCsv: shown(us),
      wardroomParquet: shown(fast),
      scipyCsv: shown(them),
      timesFaster: them.seconds / us.seconds,
      timesFasterByCpu: them.cpuSeconds / us.cpuSeconds,
      timesFasterParquet: them.seconds / fast.seconds,
      timesFasterParquetByCpu: them.cpuSeconds / fast.cpuSeconds,
      memoryShare: us.memoryMb / them.memoryMb,
      differences: [...differences(us, them), ...differences(fast, them)].slice(0, 10),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { rows: text, features: text, once: { type: 'boolean' } } });
  const found = await benchDrift({
    ...(values.rows ? { rows: Number(values.rows) } : {}),
    ...(values.features ? { features: Number(values.features) } : {}),
    ...(values.once ? { rounds: 1 } : {}),
  });
  console.log(JSON.stringify(found, null, 2));
}
