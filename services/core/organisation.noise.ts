import { z } from 'zod/v4';
import { readMatchers } from './matchers.rules.ts';
import { key } from './organisation.shapes.ts';

/**
 * The part of wardroom.yaml about noise: which alerts go together, how often they speak, and which keep quiet because of
 * others. Times are kept in milliseconds.
 */
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const LONGEST_MS = 366 * 86_400_000;

/** Milliseconds of "500ms", "4.9s", "5m", "2h", "1d" or an ISO 8601 duration such as PT1M30S; undefined when it is none. */
export function spanOf(text: string): number | undefined {
  const short = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)$/.exec(text.trim());
  if (short) return Math.round(Number(short[1]) * (UNITS[short[2] ?? ''] ?? 0)) || undefined;
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text.trim());
  if (!iso) return undefined;
  const [, d = 0, h = 0, m = 0, s = 0] = iso;
  return Math.round(((Number(d) * 24 + Number(h)) * 60 + Number(m)) * 60_000 + Number(s) * 1_000) || undefined;
}

const SPAN = 'write a duration such as 30s, 5m, 4h or PT30S';
const span = z.string(SPAN).transform((text, ctx) => {
  const ms = spanOf(text);
  if (ms !== undefined && ms <= LONGEST_MS) return ms;
  ctx.addIssue({ code: 'custom', message: SPAN });
  return z.NEVER;
});

/** A text with matchers, or a list of such texts; all of them must fit. */
const matchers = z
  .union([z.string(), z.array(z.string())], { error: 'write matchers such as kind = latency' })
  .transform((texts, ctx) => {
    const read = [texts].flat().map((text) => readMatchers(text));
    for (const one of read) if (!one.ok) ctx.addIssue({ code: 'custom', message: one.why });
    return read.flatMap((one) => (one.ok ? one.value : []));
  });

const label = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:-]{0,119}$/, 'write the name of a label or field, such as kind');

/**
 * How alerts that fit `match` are told. The first route that fits decides; what it leaves out is taken from the route
 * named `default`. With any of groupBy, groupWait, groupInterval and repeat a route is paced as Alertmanager's are:
 * its messages come `groupWait` after the first alert and then at most every `groupInterval`.
 */
export const route = z.strictObject({
  id: key,
  match: matchers.default([]),
  /** Alerts with equal values become one incident; `[]` puts all of the route together, `["..."]` none. */
  groupBy: z
    .union([z.array(label), z.tuple([z.literal('...')])], {
      error: 'list labels or fields such as [endpoint, kind], [] for one group, or ["..."] for each alert alone',
    })
    .optional(),
  groupWait: span.optional(),
  groupInterval: span.optional(),
  /** What still fires is said again after this. */
  repeat: span.optional(),
  /** Where it is told; the owner's channel otherwise. */
  channels: z.array(key).min(1, 'name at least one channel, or leave it out').optional(),
  escalation: key.optional(),
  /** A message says when alerts of the group are over. */
  sendResolved: z.boolean().optional(),
  /** An alert that is not repeated within this counts as over: its sender has stopped speaking. */
  resolveTimeout: span.optional(),
  /** Tells nobody before it has been firing for so long. */
  firingFor: span.optional(),
  /** Tells nobody before there were more than `times` alerts within `within`. */
  moreThan: z.strictObject({ times: z.number().int().min(1).max(1_000), within: span }).optional(),
  /** An alert that began `starts` times within `within` keeps quiet until it has stayed as it is for `calm`. */
  flapping: z.strictObject({ starts: z.number().int().min(2).max(100), within: span, calm: span }).optional(),
  /** An incident that nobody acknowledged is closed after this. */
  closeAfter: span.optional(),
});
export type Route = z.infer<typeof route>;

/** While an alert that fits `source` fires, those that fit `target` keep quiet, where the values of `equal` are the same. */
export const inhibition = z.strictObject({
  id: key,
  source: matchers,
  target: matchers,
  equal: z.array(label).default([]),
});
export type Inhibition = z.infer<typeof inhibition>;

/** Without a list of your own: an endpoint that is down says nothing of its drift and latency. */
export const DEFAULT_INHIBITIONS: readonly Inhibition[] = [
  {
    id: 'endpoint-down',
    source: [
      { name: 'kind', op: '=', value: 'availability' },
      { name: 'endpoint', op: '!=', value: '' },
    ],
    target: [{ name: 'kind', op: '=~', value: 'drift|latency' }],
    equal: ['endpoint'],
  },
];
