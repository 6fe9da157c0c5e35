import { parseArgs } from 'node:util';
import { z } from 'zod/v4';
import { systemClock } from '../services/core/clock.ts';
import { Refused } from '../services/core/errors.ts';
import { type Compared, compareFiles } from '../services/drift/index.ts';
import { type DriftRow, PROFILES, type Profile } from '../services/statistics/index.ts';

export const DRIFT_USAGE = `Compare two files column by column

  npm run -s console -- drift --baseline FILE --current FILE [--profile NAME] [--json]

  --baseline, --current   .csv, .tsv, .parquet or .jsonl (.gz too)
  --profile NAME          ${PROFILES.join(', ')} (native is the default), or all: whose numbers are wanted
  --features A,B          only these columns
  --categorical A,B       these are categories, whatever their type
  --floor NUMBER          native: the smallest population stability index that matters (0.1)
  --memory MB             what the engine may keep in memory (1024); beyond it works on disk
  --explain               bins and reasons, too
  --json                  {state, n_ref, n_cur, rows: [{feature, profile, metric, value, n_ref, n_cur, bins, null95,
                          floor, p, state, limit, because}]}

Ends with 0 when nothing alarms, 1 when something does or a file cannot be read, 2 when it was asked wrongly.
`;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
);
const asked = z.object({
  baseline: z.string({ error: 'name the file to compare with: --baseline FILE' }).min(1),
  current: z.string({ error: 'name the file to look at: --current FILE' }).min(1),
  profile: z
    .enum([...PROFILES, 'all'], { error: `--profile is one of ${PROFILES.join(', ')} or all` })
    .default('native'),
  features: list.optional(),
  categorical: list.optional(),
  floor: z.coerce.number({ error: '--floor is a number' }).min(0).max(100).optional(),
  memory: z.coerce.number({ error: '--memory is a number of MB' }).int().min(64).max(1_000_000).optional(),
  explain: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
type Asked = z.output<typeof asked>;

/** `drift …` of the terminal client; it needs no running Wardroom. Lines go to the output, with code 2 to the error output. */
export async function runDrift(argv: string[]): Promise<{ code: number; lines: string[] }> {
  const given = read(argv);
  if ('lines' in given) return given;
  const profiles: readonly Profile[] = given.profile === 'all' ? PROFILES : [given.profile];
  const { floor, memory, features, categorical } = given;
  try {
    const found: Compared[] = [];
    for (const profile of profiles) {
      found.push(
        await compareFiles(
          {
            baseline: given.baseline,
            current: given.current,
            profile,
            now: systemClock.now(),
            ...(features ? { features } : {}),
            ...(categorical ? { categorical } : {}),
            ...(floor === undefined ? {} : { native: { floorOf: () => floor } }),
          },
          memory === undefined ? {} : { memoryMb: memory },
        ),
      );
    }
    const code = found.some(({ state }) => state === 'alarm') ? 1 : 0;
    return { code, lines: given.json ? [json(found)] : screen(found, given) };
  } catch (error) {
    if (error instanceof Refused) return { code: 1, lines: [error.text] };
    throw error;
  }
}

function read(argv: string[]): Asked | { code: number; lines: string[] } {
  const wrong = (why: string) => ({ code: 2, lines: [why, '', DRIFT_USAGE] });
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const { values } = parseArgs({
      args: argv,
      options: {
        ...{
          baseline: text,
          current: text,
          profile: text,
          features: text,
          categorical: text,
          floor: text,
          memory: text,
        },
        ...{ explain: flag, json: flag, help: flag },
      },
    });
    if (values.help) return { code: 0, lines: [DRIFT_USAGE] };
    const parsed = asked.safeParse(values);
    return parsed.success ? parsed.data : wrong(parsed.error.issues.map(({ message }) => message).join('; '));
  } catch (error) {
    if (error instanceof TypeError) return wrong(error.message);
    throw error;
  }
}

const json = (found: readonly Compared[]): string => {
  const { n_ref = 0, n_cur = 0 } = found[0] ?? {};
  const states = found.map(({ state }) => state);
  const state = (['alarm', 'watch', 'unknown'] as const).find((each) => states.includes(each)) ?? 'ok';
  return JSON.stringify({ state, n_ref, n_cur, rows: found.flatMap(({ rows }) => rows) }, null, 2);
};

const HEAD = ['feature', 'profile', 'metric', 'value', 'limit', 'p', 'bins', 'n', 'state'];

function screen(found: readonly Compared[], { explain }: Asked): string[] {
  const rows = found.flatMap((each) => each.rows);
  const cells = rows.map((row) => [
    shown(row.feature),
    row.profile,
    row.metric,
    number(row.value),
    number(row.limit),
    number(row.p),
    row.bins === null ? '' : String(row.bins),
    `${row.n_ref}/${row.n_cur}`,
    row.state,
  ]);
  const widths = HEAD.map((head, i) => Math.max(head.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (parts: readonly string[]) =>
    parts
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const notes = rows
    .filter(({ state }) => explain || state !== 'ok')
    .map((row) => `${shown(row.feature)}: ${row.because}`);
  return [
    line(HEAD),
    ...cells.map(line),
    '',
    ...new Set(notes),
    ...(explain ? found.flatMap(tables) : []),
    summary(rows),
  ];
}

/** The bins behind each index of the native profile. */
const tables = ({ features }: Compared): string[] =>
  features.flatMap(({ name, measures }) =>
    measures.flatMap(({ metric, table }) =>
      table
        ? [
            '',
            `${shown(name)}, ${metric}: reference / current`,
            ...table.map(({ bin, reference, current }) => `  ${shown(bin)}: ${reference} / ${current}`),
          ]
        : [],
    ),
  );

function summary(rows: readonly DriftRow[]): string {
  const features = (state: string) =>
    new Set(rows.filter((row) => row.state === state).map(({ feature }) => feature)).size;
  const all = new Set(rows.map(({ feature }) => feature)).size;
  return `${all} features: ${features('alarm')} alarm, ${features('watch')} watch, ${features('unknown')} with something unknown.`;
}

/** Unknown is said; small numbers keep their digits. */
const number = (value: number | null): string => {
  if (value === null) return '';
  if (value === 0) return '0';
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
};

/** Names come from a file: control characters would move the cursor. */
const shown = (text: string): string => text.replace(/\p{C}/gu, '�').slice(0, 60);
