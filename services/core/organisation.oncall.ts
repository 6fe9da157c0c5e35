import { z } from 'zod/v4';
import { key, minutes, moment, ROLES, timeOfDay, zone } from './organisation.shapes.ts';

const target = z.union(
  [
    z.strictObject({ person: key }),
    z.strictObject({ schedule: key }),
    z.strictObject({ channel: key }),
    z.strictObject({ role: z.enum(ROLES) }),
  ],
  { error: `name one of person, schedule, channel or role (${ROLES.join(', ')}), such as { schedule: fraud-primary }` },
);
export type EscalationTarget = z.infer<typeof target>;

export const escalationPolicy = z.strictObject({
  id: key,
  steps: z
    .array(
      z.strictObject({
        /** Waits this long after the step before; the first step starts at once when it is left out. */
        after: minutes.optional(),
        notify: z.array(target).min(1),
      }),
    )
    .min(1),
  /** Starts again from the first step this many times when nobody acknowledged. */
  repeat: z.number().int().min(0).max(10).default(0),
  /** Another policy that takes over after the last step. */
  handTo: key.optional(),
});

/**
 * For a while, other than planned: `person` alone takes over from everybody; with `insteadOf` from that one;
 * with `alongside` joins them; `insteadOf` alone takes that one off.
 */
const override = z
  .strictObject({
    person: key.optional(),
    insteadOf: key.optional(),
    alongside: z.boolean().default(false),
    from: moment,
    to: moment,
  })
  .refine((entry) => entry.person !== undefined || entry.insteadOf !== undefined, {
    error: 'name who takes over (person), who is off (insteadOf), or both',
  });
export type Override = z.infer<typeof override>;

export const schedule = z.strictObject({
  id: key,
  zone,
  /** A plain rotation: people in order, a shift of `every` days (or hours) that starts at `at` on `from`. */
  rotation: z.strictObject({
    people: z.array(key).min(1, 'a rotation needs at least one person'),
    from: z.iso.date('write a date such as 2026-11-02'),
    at: timeOfDay.default('09:00'),
    every: z.number().int().positive().max(8784).default(7),
    unit: z.enum(['days', 'hours']).default('days'),
  }),
  /** People who are on call besides the rotation in these hours of every day (over midnight when `to` is earlier). */
  hours: z.array(z.strictObject({ person: key, from: timeOfDay, to: timeOfDay })).default([]),
  overrides: z.array(override).default([]),
});
