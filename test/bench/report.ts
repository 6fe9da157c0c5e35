import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { AlertResult } from './alerts.ts';
import { GOAL, type Growth, type ReadResult } from './read.ts';
import type { Starts } from './start.ts';

const MIB = 1024 * 1024;
const ms = (value: number) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
const rate = (value: number) => Math.round(value).toLocaleString('en');
const times = (value: number) => `× ${value.toFixed(2)}`;
const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;

export function machine(): string {
  const [processor] = cpus();
  const model = /^model name\s*:\s*(.*)$/m.exec(cpuInfo())?.[1] ?? processor?.model ?? 'unknown processor';
  return (
    `${cpus().length} × ${model}, ${Math.round(totalmem() / 1024 / MIB)} GiB, Node ${process.version}, ` +
    `load ${loadavg()[0]?.toFixed(1)} when it began`
  );
}

const cpuInfo = (): string => {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
};

export function readTable(results: readonly ReadResult[]): string {
  const rows = results.flatMap(({ command, ours, echo, ratio, answerBytes }) => {
    const met = ratio.perSecond >= GOAL.perSecond && ratio.p99 <= GOAL.p99;
    return [
      [`“${command}” (${answerBytes} bytes)`, rate(ours.perSecond), ms(ours.p50), ms(ours.p99), ms(ours.cpuMs)],
      ['bare echo', rate(echo.perSecond), ms(echo.p50), ms(echo.p99), ms(echo.cpuMs)],
      [
        `ratio, ${met ? 'goal met' : 'goal missed'}`,
        times(ratio.perSecond),
        times(ratio.p50),
        times(ratio.p99),
        times(ratio.cpuMs),
      ],
    ];
  });
  const goal = `goal: at least × ${GOAL.perSecond} of the messages/s, p99 at most × ${GOAL.p99}`;
  return titled(`A question, end to end, 32 connections, PGlite (${goal})`, [
    ['', 'messages/s', 'p50', 'p99', 'processor per message'],
    ...rows,
  ]);
}

export function alertTable(results: readonly AlertResult[]): string {
  return titled('A committed alert (both stores without fsync)', [
    [
      'store',
      'stored incidents',
      'events/s',
      'in batches of 100',
      'worked up',
      'commit p50',
      'p99',
      'card p50',
      'p99',
      'processor',
    ],
    ...results.map((result) => [
      result.store,
      rate(result.stored),
      rate(result.singlePerSecond),
      rate(result.batchPerSecond),
      rate(result.workedPerSecond),
      ms(result.commit.p50),
      ms(result.commit.p99),
      ms(result.create.p50),
      ms(result.create.p99),
      ms(result.cpuMs),
    ]),
  ]);
}

export function startTable({ coldMs, warmMs, echoMs }: Starts): string {
  return titled('From start to ready', [
    ['', 'time'],
    ['Wardroom, empty home', ms(coldMs)],
    ['Wardroom, used home', ms(warmMs)],
    ['bare echo', ms(echoMs)],
  ]);
}

export function memoryTable(growths: readonly Growth[]): string {
  return titled('Memory, after a collection', [
    ['', 'turns', 'resident', 'heap', 'external'],
    ...growths.flatMap(({ who, idle, after }) =>
      [{ turns: 0, memory: idle }, ...after].map(({ turns, memory }) => [
        who,
        rate(turns),
        mib(memory.rss),
        mib(memory.heapUsed),
        mib(memory.external),
      ]),
    ),
  ]);
}

/** Columns of equal width; the first is text, the others are figures. */
function titled(title: string, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   ')
      .trimEnd(),
  );
  return `\n${title}\n${'-'.repeat(Math.min(120, title.length))}\n${lines.join('\n')}\n`;
}
