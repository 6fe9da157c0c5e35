import { Refused } from '../core/errors.ts';
import { type Lane, openDuck, quoted } from '../store/duck.ts';
import { sourceOf } from './collected.ts';

export interface JoinAsked {
  /** Files of collected outputs, and of labels. */
  outputs: readonly string[];
  labels: readonly string[];
  columns: { key: string; label: string; at: string; score: string };
  cut: number;
}

/** Scores of one bin on one side of the cut: how many, what they add up to, and what those with a label turned out to be. */
export interface ScoreBin {
  says: 0 | 1;
  bin: number;
  labelled: number;
  positives: number;
  labelledScore: number;
  waiting: number;
  waitingScore: number;
}

export interface Joined {
  predictions: number;
  labelled: number;
  /** Labels of requests that were not collected. */
  strangers: number;
  days: readonly { day: string; predictions: number; labelled: number }[];
  /** Hours from the request to its label; undefined without labels. */
  lag: { median: number; p90: number; most: number } | undefined;
  bins: readonly ScoreBin[];
}

const BINS = 20;

/** Joins labels with collected outputs by their key; of several labels of one request the latest counts. */
export async function joinLabels({ outputs, labels, columns, cut }: JoinAsked): Promise<Joined> {
  const duck = await openDuck();
  try {
    await load(duck, 'outputs', outputs, [columns.key, columns.score, 'time']);
    await load(duck, 'labels', labels, [columns.key, columns.label, columns.at]);
    const [key, label, at, score] = [columns.key, columns.label, columns.at, columns.score].map(quoted);
    await duck.run(`create table joined as
      select o.${key}::varchar as key, try_cast(o.${score} as double) as score, try_cast(o."time" as timestamptz) as asked,
        l.label, l.known
      from outputs o left join (
        select ${key}::varchar as key, arg_max(try_cast(${label} as double), try_cast(${at} as timestamptz)) as label,
          max(try_cast(${at} as timestamptz)) as known
        from labels group by 1) l on l.key = o.${key}::varchar
      where try_cast(o.${score} as double) is not null`);
    const [sum = {}] = await duck.rows(`select count(*) as n, count(label) as labelled,
        median(date_diff('second', asked, known)) / 3600 as median,
        quantile_cont(date_diff('second', asked, known), 0.9) / 3600 as p90,
        max(date_diff('second', asked, known)) / 3600 as most from joined`);
    const [odd = {}] = await duck.rows(
      `select count(*) as n from (select distinct ${key}::varchar as key from labels) where key not in (select key from joined)`,
    );
    const days = await duck.rows(`select strftime(asked at time zone 'UTC', '%Y-%m-%d') as day, count(*) as predictions,
        count(label) as labelled from joined where asked is not null group by 1 order by 1`);
    const bins =
      await duck.rows(`select (score >= ${cut})::int as says, least(${BINS - 1}, floor(score * ${BINS}))::int as bin,
        count(label) as labelled, coalesce(sum(label), 0) as positives,
        coalesce(sum(score) filter (label is not null), 0) as labelled_score,
        count(*) filter (label is null) as waiting, coalesce(sum(score) filter (label is null), 0) as waiting_score
      from joined group by 1, 2 order by 1, 2`);
    const number = (value: unknown) => Number(value ?? 0);
    return {
      predictions: number(sum['n']),
      labelled: number(sum['labelled']),
      strangers: number(odd['n']),
      days: days.map((row) => ({
        day: String(row['day']),
        predictions: number(row['predictions']),
        labelled: number(row['labelled']),
      })),
      lag:
        number(sum['labelled']) > 0
          ? { median: number(sum['median']), p90: number(sum['p90']), most: number(sum['most']) }
          : undefined,
      bins: bins.map((row) => ({
        says: number(row['says']) === 1 ? 1 : 0,
        bin: number(row['bin']),
        labelled: number(row['labelled']),
        positives: number(row['positives']),
        labelledScore: number(row['labelled_score']),
        waiting: number(row['waiting']),
        waitingScore: number(row['waiting_score']),
      })),
    };
  } finally {
    await duck.close();
  }
}

async function load(duck: Lane, table: string, paths: readonly string[], needed: readonly string[]): Promise<void> {
  const from = await sourceOf(duck, paths);
  const present = new Set((await duck.rows(`describe ${from}`)).map((row) => String(row['column_name'])));
  const missing = needed.filter((name) => !present.has(name));
  if (missing.length > 0)
    throw new Refused(
      `The ${table} have no column ${missing.join(', ')}; they have ${[...present].slice(0, 12).join(', ')}.`,
      'Say under labels: in wardroom.yaml how the columns are called.',
    );
  await duck.run(`create table ${table} as ${from}`);
}
