import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod/v4';

/** How a simulated Azure answers badly; `off` ends it. */
export const FAULT_MODES = [
  '429',
  '500',
  'garbage',
  'timeout',
  'lost-answer',
  'lost-request',
  'late-request',
  'operation-fails',
  'off',
] as const;

const share = z.record(z.string(), z.number());

/** What changed the estate, in order. Everything else about it follows from these lines, the seed and the time. */
export const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), at: z.number(), seed: z.number() }),
  /** An accepted PUT of an online endpoint; it takes effect (or fails) at `doneAt`. */
  z.object({
    type: z.literal('endpoint'),
    at: z.number(),
    doneAt: z.number(),
    operation: z.string(),
    endpoint: z.string(),
    fails: z.boolean(),
    /** Who wrote it, when it was not Wardroom. */
    by: z.string().optional(),
    resource: z.object({
      traffic: share,
      mirrorTraffic: share,
      tags: z.record(z.string(), z.string()),
      description: z.string(),
    }),
  }),
  /** An accepted PUT of an online deployment: made or changed at `doneAt`, or never. `body` is what ARM was sent. */
  z.object({
    type: z.literal('deployment'),
    at: z.number(),
    doneAt: z.number(),
    operation: z.string(),
    endpoint: z.string(),
    deployment: z.string(),
    fails: z.boolean(),
    by: z.string().optional(),
    body: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('happened'),
    at: z.number(),
    id: z.string(),
    scenario: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  z.object({
    type: z.literal('fault'),
    at: z.number(),
    id: z.string(),
    service: z.string(),
    mode: z.enum(FAULT_MODES),
    until: z.number().nullable(),
    count: z.number().nullable(),
    retryAfter: z.number().nullable(),
  }),
  /** An accepted PUT (or, with an empty body, DELETE) of a schedule, a job, a deployment or an autoscale setting, or what a compute was told, in ARM's own words. */
  z.object({
    type: z.literal('arm'),
    at: z.number(),
    kind: z.enum(['schedule', 'job', 'deployment', 'compute', 'autoscale']),
    workspace: z.string(),
    /** The resource's name; `endpoint/deployment` for a deployment. */
    name: z.string(),
    body: z.record(z.string(), z.unknown()).nullable(),
  }),
  z.object({ type: z.literal('fault-met'), at: z.number(), id: z.string() }),
  z.object({ type: z.literal('delivered'), at: z.number(), id: z.string() }),
]);
export type Entry = z.infer<typeof entry>;

export interface Journal {
  read(): Entry[];
  /** On disk when it returns. */
  append(entry: Entry): void;
  clear(): void;
}

export function memoryJournal(): Journal {
  let lines: Entry[] = [];
  return {
    read: () => [...lines],
    append: (line) => {
      lines.push(line);
    },
    clear: () => {
      lines = [];
    },
  };
}

/**
 * JSON lines, appended synchronously: after `kill -9` the estate continues where it was. A line torn by the kill was
 * never answered to anybody, so it is cut off; a broken line elsewhere is a damaged file and is said so.
 */
export function fileJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true });
  return {
    read: () => {
      if (!existsSync(path)) return [];
      const text = readFileSync(path, 'utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
      return whole
        .split('\n')
        .filter((line) => line !== '')
        .map((line, index) => parse(path, line, index + 1));
    },
    append: (line) => appendFileSync(path, `${JSON.stringify(line)}\n`),
    clear: () => {
      if (existsSync(path)) truncateSync(path, 0);
    },
  };
}

function parse(path: string, line: string, number: number): Entry {
  try {
    return entry.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`${path}:${number} is not a line of the estate's journal; delete the file to start afresh`, {
      cause,
    });
  }
}
