import { z } from 'zod/v4';
import { key, ROLES } from './organisation.shapes.ts';

/** Who pays for what, who may see it, and how much is meant to be spent. */

const amount = z
  .string('write an amount in quotes, such as "12000"')
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'write an amount in quotes, such as "12000" or "99.50"');
const percent = z.number().min(0).max(1000, 'a threshold is 0 to 1000 percent of the budget');
const tagValue = z.string().min(1).max(256);

/** Who carries the cost of what bears one of these values in the tag that `cost.departmentTag` names. */
export const department = z.strictObject({
  id: key,
  name: z.string().min(1).max(120),
  tags: z.array(tagValue).min(1, 'name at least one value of the tag'),
  /** Members of these teams may see it. */
  teams: z.array(key).default([]),
  /** Is asked for permission and about untagged cost. */
  owner: key,
});

export const budget = z
  .strictObject({
    id: key,
    name: z.string().min(1).max(120),
    /** What it is for: what a team owns, what a department carries, or a project (value of `cost.projectTag`). */
    team: key.optional(),
    department: key.optional(),
    project: tagValue.optional(),
    amount,
    every: z.enum(['week', 'month', 'quarter', 'year']).default('month'),
    /** Percent of the amount; each is told once in a period. */
    actual: z.array(percent).max(5, 'a budget has at most five thresholds').default([80, 100]),
    forecast: z.array(percent).max(5, 'a budget has at most five thresholds').default([100]),
    /** Jobs and deployments that would break it need a second person. */
    enforce: z.boolean().default(true),
  })
  .refine((each) => [each.team, each.department, each.project].filter(Boolean).length === 1, {
    error: 'name exactly one of team, department and project',
  });

const shared = z.strictObject({
  tags: z.array(tagValue).min(1),
  /** By what each department costs directly, in equal parts, or by stated weights. */
  by: z.union([z.enum(['direct', 'even']), z.record(key, z.number().min(0))]).default('direct'),
});

export const cost = z
  .strictObject({
    departmentTag: z.string().min(1).max(512).default('department'),
    projectTag: z.string().min(1).max(512).default('project'),
    /** Of budgets. Costs keep the currency that Azure bills. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'write the three letters of ISO 4217, such as EUR')
      .default('EUR'),
    /** Who may see every department; without it everybody may. */
    seeAll: z.strictObject({ people: z.array(key).default([]), roles: z.array(z.enum(ROLES)).default([]) }).optional(),
    shared: z.array(shared).default([]),
    /** What bears no tag: its own line, or split like shared cost. */
    untagged: z.enum(['keep', 'direct', 'even']).default('keep'),
    /** A FOCUS export of Cost Management in Blob storage, for volumes that the query API cannot carry. */
    export: z
      .strictObject({
        account: z.url('write an address such as https://costs.blob.core.windows.net'),
        container: z.string().min(3).max(63),
        path: z.string().default(''),
      })
      .optional(),
    anomalies: z
      .strictObject({
        /** Moves below this, in the billing currency, are nobody's business. */
        floor: z.number().min(0).default(25),
        /** Percent away from the usual. */
        percent: z.number().min(1).max(1000).default(30),
      })
      .prefault({}),
    /** Policy of the votes on money: budgets to be raised, machines to be given back. The first policy without it. */
    approval: key.optional(),
    /** Each team hears on Mondays what changed. */
    digest: z.boolean().default(true),
  })
  .prefault({});

export type Department = z.infer<typeof department>;
export type Budget = z.infer<typeof budget>;
export type CostSettings = z.infer<typeof cost>;
