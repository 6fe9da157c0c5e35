import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * An append-only file of JSON lines. A line is written before the answer leaves, so that a process killed at any moment
 * (kill -9: the page cache survives, no fsync is needed) finds everything it has answered for. A line that was being
 * written when the process died is torn; nobody has been answered for it, so it is cut off.
 */
export interface Journal<Line> {
  append(line: Line): void;
  /** Replaces everything by these lines, in one atomic rename. */
  rewrite(lines: Iterable<Line>): void;
  /** Bytes in the file. */
  size(): number;
  close(): void;
}

export function openJournal<Line>(path: string, replay: (line: Line) => void): Journal<Line> {
  mkdirSync(dirname(path), { recursive: true });
  let size = existsSync(path) ? readLines(path, replay) : 0;
  let file = openSync(path, 'a');
  return {
    append(line) {
      size += writeSync(file, `${JSON.stringify(line)}\n`);
    },
    rewrite(lines) {
      const draft = `${path}.new`;
      const target = openSync(draft, 'w');
      let written = 0;
      for (const line of lines) written += writeSync(target, `${JSON.stringify(line)}\n`);
      fsyncSync(target);
      closeSync(target);
      renameSync(draft, path);
      closeSync(file);
      file = openSync(path, 'a');
      size = written;
    },
    size: () => size,
    close: () => closeSync(file),
  };
}

/** Returns the length of the readable part, to which the file is cut. */
function readLines<Line>(path: string, replay: (line: Line) => void): number {
  const bytes = readFileSync(path);
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start);
    if (end < 0) break;
    const line = parse<Line>(bytes.subarray(start, end).toString('utf8'));
    if (line === undefined) throw new Error(`${path} is damaged at byte ${start}; delete it to start afresh`);
    replay(line);
    start = end + 1;
  }
  if (start < bytes.length) truncateSync(path, start);
  return start;
}

function parse<Line>(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
