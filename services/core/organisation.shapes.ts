import { z } from 'zod/v4';

/** What the settings of wardroom.yaml are made of; each subject has its own file beside this one. */

export const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and dashes, starting with a letter or digit');

/** A resource's own name in Azure: workspaces have 3 to 33 of these characters, online endpoints 3 to 32. */
export const azureName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,32}$/, 'use the name it has in Azure: letters, digits, dashes and underscores');

/** IANA zone name; whether the zone exists is checked in organisation.rules.ts, where a near miss can be suggested. */
export const zone = z.string().min(1).max(64);

/** ISO 8601 duration ("PT10M") or the short form people type ("10m", "2h", "1d"). Stored as minutes. */
export const minutes = z
  .union([z.number(), z.string()], { error: 'write a duration such as 10m, 2h, 1d or PT10M' })
  .transform((value, ctx) => {
    const parsed = typeof value === 'number' ? value : minutesOf(value);
    if (parsed === undefined || !Number.isInteger(parsed) || parsed < 1 || parsed > LONGEST_MINUTES) {
      ctx.addIssue({ code: 'custom', message: 'write a duration of 1m to 366d, such as 10m, 2h, 1d or PT10M' });
      return z.NEVER;
    }
    return parsed;
  });

const LONGEST_MINUTES = 60 * 24 * 366;

/** Minutes of a written duration; undefined when it is not one, or is not longer than nothing. */
export function minutesOf(text: string): number | undefined {
  const short = /^(\d+)\s*(m|min|h|d)$/.exec(text.trim());
  if (short)
    return Number(short[1]) * { m: 1, min: 1, h: 60, d: 1440 }[short[2] as 'm' | 'min' | 'h' | 'd'] || undefined;
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text.trim());
  if (!iso || text.trim() === 'P') return undefined;
  const total = Number(iso[1] ?? 0) * 1440 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0);
  return total > 0 ? total : undefined;
}

export const ROLES = [
  'viewer',
  'responder',
  'requester',
  'approver',
  'risk',
  'engineering',
  'domain',
  'privacy',
  'admin',
] as const;
export type Role = (typeof ROLES)[number];

export const timeOfDay = z
  .string('write the time in quotes, such as "09:00"')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time such as "09:00"');

export const moment = z.iso.datetime({
  offset: true,
  error: 'write a time with its offset, such as 2026-12-24T09:00:00+01:00',
});

/**
 * Days of the week: "mon", "mon-fri", and with a number the first, second, … or last of its month ("mon#1", "fri#L"), as
 * cron has it.
 */
const weekdays = z
  .string('write days such as mon, mon-fri, or mon#1 for the first Monday of a month')
  .regex(
    /^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun)|#([1-5]|L))?$/,
    'write days such as mon, mon-fri, or mon#1 for the first Monday of a month (fri#L for its last Friday)',
  );

/** Hours of some days, or of every day; over midnight when `to` is not after `from`, and then they belong to the day they begin on. */
export const weekHours = z.strictObject({
  days: z.array(weekdays).min(1, 'name at least one day').optional(),
  from: timeOfDay.default('00:00'),
  to: timeOfDay.default('00:00'),
});
export type WeekHours = z.infer<typeof weekHours>;
