/**
 * Writes small tables as Parquet (https://parquet.apache.org/docs/file-format/): one row group, a plain page a column, not
 * compressed. Numbers are DOUBLE, words are UTF-8 BYTE_ARRAY; every column may have gaps. Any reader takes it.
 */
export type ParquetValue = number | string | null;

const MAGIC = new TextEncoder().encode('PAR1');
const TYPE = { double: 5, bytes: 6 } as const;
const OPTIONAL = 1;
const UTF8 = 0;
const [PLAIN, RLE] = [0, 3] as const;
const encoder = new TextEncoder();

export function parquetOf(columns: Readonly<Record<string, readonly ParquetValue[]>>): Uint8Array {
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? '']?.length ?? 0;
  const parts: Uint8Array[] = [MAGIC];
  let offset = MAGIC.length;
  const chunks = names.map((name) => {
    const values = columns[name] ?? [];
    const type = values.some((value) => typeof value === 'string') ? TYPE.bytes : TYPE.double;
    const page = pageOf(values, type);
    const begins = offset;
    parts.push(page);
    offset += page.length;
    return { name, type, begins, bytes: page.length };
  });
  const footer = struct([
    [1, int(1)],
    [2, list(STRUCT, [schemaRoot(names.length), ...chunks.map(schemaColumn)])],
    [3, long(rows)],
    [4, list(STRUCT, [rowGroup(chunks, rows)])],
    [6, text('wardroom-estate')],
  ]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return joined([...parts, footer, length, MAGIC]);
}

function pageOf(values: readonly ParquetValue[], type: number): Uint8Array {
  const body = joined([levelsOf(values), ...values.flatMap((value) => (value === null ? [] : [plain(value, type)]))]);
  const header = struct([
    [1, int(0)],
    [2, int(body.length)],
    [3, int(body.length)],
    [
      5,
      {
        type: STRUCT,
        bytes: struct([
          [1, int(values.length)],
          [2, int(PLAIN)],
          [3, int(RLE)],
          [4, int(RLE)],
        ]),
      },
    ],
  ]);
  return joined([header, body]);
}

/** Which values are there: one bit each in groups of eight, as one bit-packed run with its length before it. */
function levelsOf(values: readonly ParquetValue[]): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const bits = new Uint8Array(groups);
  values.forEach((value, i) => {
    if (value !== null) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  });
  const run = joined([varint(groups * 2 + 1), bits]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, run.length, true);
  return joined([length, run]);
}

function plain(value: number | string, type: number): Uint8Array {
  if (type === TYPE.double) return new Uint8Array(Float64Array.of(Number(value)).buffer);
  const word = encoder.encode(String(value));
  const found = new Uint8Array(4 + word.length);
  new DataView(found.buffer).setUint32(0, word.length, true);
  found.set(word, 4);
  return found;
}

interface Chunk {
  name: string;
  type: number;
  begins: number;
  bytes: number;
}

const schemaRoot = (children: number): Uint8Array =>
  struct([
    [4, text('schema')],
    [5, int(children)],
  ]);

const schemaColumn = ({ name, type }: Chunk): Uint8Array =>
  struct([
    [1, int(type)],
    [3, int(OPTIONAL)],
    [4, text(name)],
    ...(type === TYPE.bytes ? [[6, int(UTF8)] as const] : []),
  ]);

function rowGroup(chunks: readonly Chunk[], rows: number): Uint8Array {
  const columns = chunks.map(({ name, type, begins, bytes }) =>
    struct([
      [2, long(begins)],
      [
        3,
        {
          type: STRUCT,
          bytes: struct([
            [1, int(type)],
            [2, list(INT, [zigzag(PLAIN), zigzag(RLE)])],
            [3, list(BINARY, [sized(name)])],
            [4, int(0)],
            [5, long(rows)],
            [6, long(bytes)],
            [7, long(bytes)],
            [9, long(begins)],
          ]),
        },
      ],
    ]),
  );
  return struct([
    [1, list(STRUCT, columns)],
    [2, long(chunks.reduce((sum, { bytes }) => sum + bytes, 0))],
    [3, long(rows)],
  ]);
}

/* The metadata is in Thrift's compact protocol: fields in ascending order, each with the step from the one before. */
const [INT, LONG, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12] as const;
interface Field {
  type: number;
  bytes: Uint8Array;
}

const int = (value: number): Field => ({ type: INT, bytes: zigzag(value) });
const long = (value: number): Field => ({ type: LONG, bytes: zigzag(value) });
const text = (word: string): Field => ({ type: BINARY, bytes: sized(word) });
const list = (type: number, items: readonly Uint8Array[]): Field => ({
  type: LIST,
  bytes: joined([
    ...(items.length < 15
      ? [Uint8Array.of(items.length * 16 + type)]
      : [Uint8Array.of(240 + type), varint(items.length)]),
    ...items,
  ]),
});

function struct(fields: readonly (readonly [id: number, field: Field])[]): Uint8Array {
  let before = 0;
  const parts = fields.flatMap(([id, { type, bytes }]) => {
    const head = Uint8Array.of((id - before) * 16 + type);
    before = id;
    return [head, bytes];
  });
  return joined([...parts, Uint8Array.of(0)]);
}

const zigzag = (value: number): Uint8Array => varint(value * 2);

function varint(value: number): Uint8Array {
  const found: number[] = [];
  let left = value;
  while (left >= 128) {
    found.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return Uint8Array.from([...found, left]);
}

function sized(word: string): Uint8Array {
  const bytes = encoder.encode(word);
  return joined([varint(bytes.length), bytes]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
