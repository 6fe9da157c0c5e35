import { Refused } from '../core/errors.ts';
import { type Lane, literal, openDuck, quoted } from '../store/duck.ts';

/** Kinds of files that are read together. */
const READERS: readonly (readonly [RegExp, (paths: string) => string])[] = [
  [/\.parquet$/i, (paths) => `read_parquet(${paths}, union_by_name = true)`],
  [/\.(csv|tsv)(\.gz)?$/i, (paths) => `read_csv(${paths}, union_by_name = true, sample_size = -1)`],
  [
    /\.(jsonl|ndjson|json)(\.gz)?$/i,
    (paths) => `read_json(${paths}, format = 'newline_delimited', union_by_name = true, sample_size = -1)`,
  ],
];

/**
 * Makes one Parquet file of what a deployment collected. Files of one kind are read together; the envelope of Azure ML's
 * data collector (a CloudEvent a line, the rows in its `data`) is opened, with its `correlationid` and `time` beside the
 * row; plain rows stay as they are. Returns how many rows there are. `Refused` when nothing can be read.
 */
export async function gatherCollected(paths: readonly string[], out: string): Promise<number> {
  const duck = await openDuck();
  try {
    await duck.run(`create view gathered as ${await sourceOf(duck, paths)}`);
    const [{ n = 0 } = {}] = await duck.rows('select count(*) as n from gathered');
    await duck.run(`copy (select * from gathered) to ${literal(out)} (format parquet)`);
    return Number(n);
  } finally {
    await duck.close();
  }
}

/** SQL that reads the rows in these files. */
export async function sourceOf(duck: Lane, paths: readonly string[]): Promise<string> {
  const [first] = paths;
  if (first === undefined) throw new Refused('There are no files in that window.', 'Choose a longer one.');
  const reader = READERS.find(([ending]) => ending.test(first));
  if (!reader || paths.some((path) => !reader[0].test(path)))
    throw new Refused(
      'These files are of no kind I can read.',
      'Collect Parquet, CSV or JSON Lines, one kind in a place.',
    );
  const from = reader[1](`[${paths.map(literal).join(', ')}]`);
  try {
    const columns = await duck.rows(`describe select * from ${from}`);
    const typeOf = (name: string) =>
      String(columns.find((each) => each['column_name'] === name)?.['column_type'] ?? '');
    if (!/^STRUCT.*\[\]$/s.test(typeOf('data'))) return `select * from ${from}`;
    const beside = ['correlationid', 'time'].filter((name) => typeOf(name) !== '').map(quoted);
    return `select ${[...beside, 'each.*'].join(', ')} from (select ${[...beside, 'unnest(data) as each'].join(', ')} from ${from})`;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(
      `The collected files cannot be read: ${String((error as Error).message)
        .split('\n')[0]
        ?.slice(0, 200)}`,
    );
  }
}
