/**
 * SHAP values as the tools write them, whichever shape: one output `(rows, features)`, several outputs last
 * `(rows, features, outputs)` (shap ≥ 0.45), or a list per class `[class][row][feature]` (before). They must add up:
 * base value plus the sum of a row's values is the model's output for it.
 */
export interface RawExplanation {
  features: readonly string[];
  values: readonly unknown[];
  /** One number, one per output, one per row, or rows × outputs. */
  base: unknown;
  /** What the model answered, per row (or rows × outputs). */
  predictions?: readonly unknown[] | undefined;
  /** Which output is explained; the last one (the positive class) when left out. */
  output?: number | undefined;
}

export interface Explanation {
  features: readonly { name: string; meanAbs: number; mean: number }[];
  rows: number;
  outputs: number;
  /** The largest |base + sum − prediction|; undefined when there are no predictions to check against. */
  gap: number | undefined;
  /** Values of single rows, with the base: for the local picture. */
  local: readonly {
    row: number;
    base: number;
    prediction: number;
    values: readonly { name: string; value: number }[];
  }[];
}

export const ADDITIVITY_TOLERANCE = 1e-6;
const LOCAL_ROWS = 3;

/** Throws RangeError with what does not fit. */
export function readExplanation(raw: RawExplanation): Explanation {
  const width = raw.features.length;
  if (width === 0) throw new RangeError('no feature is named');
  const { rows, outputs } = matrixOf(raw.values, width, raw.predictions?.length);
  if (rows.length === 0) throw new RangeError('there is no row');
  const output = raw.output ?? outputs - 1;
  if (!Number.isInteger(output) || output < 0 || output >= outputs)
    throw new RangeError(`there is no output ${output}; there are ${outputs}`);
  const values = rows.map((row) => row.map((cell) => cell[output] as number));
  const base = (row: number): number => baseOf(raw.base, row, output, { rows: rows.length, outputs });
  const predictions = raw.predictions;
  if (predictions && predictions.length !== rows.length)
    throw new RangeError(`there are ${predictions.length} predictions for ${rows.length} rows`);
  const sums = values.map((row, index) => base(index) + total(row));
  const gap = predictions
    ? Math.max(...sums.map((sum, row) => Math.abs(sum - predicted(predictions[row], row, output))))
    : undefined;
  const column = (index: number) => values.map((row) => row[index] as number);
  const features = raw.features.map((name, index) => {
    const cells = column(index);
    return { name, meanAbs: total(cells.map(Math.abs)) / cells.length, mean: total(cells) / cells.length };
  });
  const local = values.slice(0, LOCAL_ROWS).map((row, index) => ({
    row: index,
    base: base(index),
    prediction: sums[index] as number,
    values: row.map((value, at) => ({ name: raw.features[at] ?? '', value })),
  }));
  return {
    features: features.sort((a, b) => b.meanAbs - a.meanAbs || (a.name < b.name ? -1 : 1)),
    rows: rows.length,
    outputs,
    gap,
    local,
  };
}

/** As rows × features × outputs. */
function matrixOf(
  values: readonly unknown[],
  width: number,
  count: number | undefined,
): { rows: number[][][]; outputs: number } {
  const first = values[0];
  if (!Array.isArray(first)) throw new RangeError('the values are not a table of rows and features');
  const second: unknown = first[0];
  if (!Array.isArray(second))
    return { rows: values.map((row, at) => cells(row, width, at).map((cell) => [one(cell, at)])), outputs: 1 };
  // A list per class: its tables have `width` columns; with outputs last, its rows have `width` cells. When both fit, the
  // number of predictions tells how many rows there are; without them the present form of shap is taken.
  const outputsLast = first.length === width;
  const perClass = second.length === width;
  const isClasses = perClass && (!outputsLast || (count === first.length && count !== values.length));
  if (!isClasses) {
    const outputs = second.length;
    const rows = values.map((row, at) =>
      cells(row, width, at).map((cell) => {
        if (!Array.isArray(cell) || cell.length !== outputs)
          throw new RangeError(`row ${at + 1} has not ${outputs} outputs`);
        return cell.map((value) => one(value, at));
      }),
    );
    return { rows, outputs };
  }
  const tables = values.map((table, at) => {
    if (!Array.isArray(table) || table.length !== first.length)
      throw new RangeError(`class ${at + 1} has not ${first.length} rows`);
    return table.map((row, index) => cells(row, width, index).map((cell) => one(cell, index)));
  });
  const rows = first.map((_, row) =>
    Array.from({ length: width }, (_unused, feature) => tables.map((table) => table[row]?.[feature] as number)),
  );
  return { rows, outputs: tables.length };
}

function cells(row: unknown, width: number, at: number): unknown[] {
  if (!Array.isArray(row) || row.length !== width)
    throw new RangeError(
      `row ${at + 1} has ${Array.isArray(row) ? row.length : 'no'} values for ${width} ${width === 1 ? 'feature' : 'features'}`,
    );
  return row;
}

function one(value: unknown, at: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(`row ${at + 1} holds ${String(value)}, which is no number`);
  return value;
}

/** A list is one per output where there are several outputs and it fits; a table is rows × outputs. */
function baseOf(
  base: unknown,
  row: number,
  output: number,
  { rows, outputs }: { rows: number; outputs: number },
): number {
  const value = !Array.isArray(base)
    ? base
    : Array.isArray(base[0])
      ? (base[row] as unknown[] | undefined)?.[output]
      : outputs > 1 && base.length === outputs
        ? base[output]
        : base.length === 1
          ? base[0]
          : base.length === rows
            ? base[row]
            : undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(`the base value of row ${row + 1} is no number`);
  return value;
}

/** What the model answered for a row: one number, or one per output. */
function predicted(said: unknown, row: number, output: number): number {
  const value = Array.isArray(said) ? (said.length === 1 ? said[0] : said[output]) : said;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(`a prediction of row ${row + 1} is no number`);
  return value;
}

/** Compensated, so that thousands of small values do not lose the digits that additivity is checked by. */
function total(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
