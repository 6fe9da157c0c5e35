import { z } from 'zod/v4';
import { key, minutes, moment, ROLES, timeOfDay, weekHours, zone } from './organisation.shapes.ts';

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

const severity = z.number().int().min(0, 'severities go from 0 to 4').max(4, 'severities go from 0 to 4');

/** What must hold when a step is due; otherwise it is passed over (`skip`) or waited at (`wait`). */
const condition = z
  .strictObject({
    /** One number means "as bad as that or worse"; a list means exactly these. 0 is the worst. */
    severity: z
      .union([severity, z.array(severity).min(1)], { error: 'write a severity from 0 to 4, or a list' })
      .optional(),
    /** More than this many alerts of the incident began `within` that time. */
    moreThan: z.number().int().min(0).max(10_000).optional(),
    within: minutes.optional(),
    /** Only in these hours, by the clock of `zone`; the organisation's when it is left out. */
    hours: z.array(weekHours).min(1, 'name at least one stretch of hours').optional(),
    zone: zone.optional(),
    /** Left out: a number of alerts is waited for, everything else is passed over. */
    otherwise: z.enum(['skip', 'wait']).optional(),
  })
  .refine(({ moreThan, within }) => (moreThan === undefined) === (within === undefined), {
    error: 'moreThan and within belong together, such as { moreThan: 3, within: 1m }',
  });
export type StepCondition = z.infer<typeof condition>;

/** A round of steps is never shorter than this, so that "until acknowledged" is no siren. */
export const SHORTEST_AGAIN_MINUTES = 1;

export const escalationPolicy = z.strictObject({
  id: key,
  steps: z
    .array(
      z.strictObject({
        /** Waits this long after the step before; the first step starts at once when it is left out. */
        after: minutes.optional(),
        notify: z.array(target).min(1),
        when: condition.optional(),
        /** Tells them again this often until somebody acknowledges or the next step is due. */
        again: minutes.optional(),
      }),
    )
    .min(1),
  /** Starts again from the first step this many times, or for ever, when nobody acknowledged. */
  repeat: z
    .union([z.number().int().min(0).max(10), z.literal('until-acknowledged')], {
      error: 'write a number from 0 to 10, or until-acknowledged',
    })
    .default(0),
  /** Another policy that takes over after the last step. */
  handTo: key.optional(),
  /** Whoever acknowledged is asked after a while whether they are still at it; without an answer the escalation goes on. */
  acknowledgement: z.strictObject({ remindAfter: minutes, confirmWithin: minutes.default(5) }).optional(),
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

/** People in order, a shift of `every` units that starts at `at` on `from`. */
const rotation = z.strictObject({
  people: z.array(key).min(1, 'a rotation needs at least one person'),
  from: z.iso.date('write a date such as 2026-11-02'),
  /** Its last day; it goes on without an end when it is left out. */
  until: z.iso.date('write a date such as 2026-12-31').optional(),
  at: timeOfDay.default('09:00'),
  every: z.number().int().positive().max(8784).default(7),
  unit: z.enum(['hours', 'days', 'weeks']).default('days'),
  /** On call in these hours only; turns change hands all the same. */
  only: z.array(weekHours).min(1, 'name at least one stretch of hours').optional(),
  /** Not on call in these hours. */
  except: z.array(weekHours).min(1, 'name at least one stretch of hours').optional(),
});
export type Rotation = z.infer<typeof rotation>;

export const schedule = z.strictObject({
  id: key,
  zone,
  rotation,
  /** People who are on call besides the rotation in these hours of every day (over midnight when `to` is earlier). */
  hours: z.array(z.strictObject({ person: key, from: timeOfDay, to: timeOfDay })).default([]),
  /** Laid over the rotation in this order: where one is on call it takes the place of those below, or joins them (`adds`). */
  layers: z
    .array(z.strictObject({ name: z.string().min(1).max(60), rotation, adds: z.boolean().default(false) }))
    .max(20, 'twenty layers are enough')
    .default([]),
  overrides: z.array(override).default([]),
});
