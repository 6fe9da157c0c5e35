import { z } from 'zod/v4';
import { azureName, key, minutes } from './organisation.shapes.ts';

/** Settings about models: what a feature's drift means, where labels come from, when to train again, who hears a concern. */

const amount = z
  .strictObject({
    amount: z
      .string('write the amount in quotes, such as "4200.00"')
      .regex(/^\d{1,12}(\.\d{1,4})?$/, 'write the amount in digits, such as "4200.00"'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'write the three letters of ISO 4217, such as EUR'),
  })
  .describe('an amount of money');

/** What it means when one feature drifts: whose money, how many. It decides the severity; the endpoint's own stands otherwise. */
export const driftContext = z.strictObject({
  id: key,
  endpoint: azureName,
  feature: z.string().min(1).max(120),
  /** "decides the first cut of high amounts" */
  purpose: z.string().min(1).max(200).optional(),
  moneyPerHour: amount.optional(),
  unit: z.string().min(1).max(40).optional(),
  unitsPerHour: z.number().nonnegative().optional(),
});

/** Ground truth that comes later, as a data asset (a folder of CSV, Parquet or JSON Lines), joined with collected outputs. */
export const labelSource = z.strictObject({
  id: key,
  endpoint: azureName,
  /** Name of the data asset in the endpoint's workspace; its newest version is read. */
  asset: z.string().min(1).max(255),
  /** Column that is the same in outputs and labels; the collector's own is correlationid. */
  key: z.string().min(1).max(120).default('correlationid'),
  /** Column with what it really was: 0 or 1. */
  label: z.string().min(1).max(120).default('label'),
  /** Column with the instant at which that became known. */
  at: z.string().min(1).max(120).default('labelled_at'),
  /** Column of the outputs with the probability of 1. */
  score: z.string().min(1).max(120).default('score'),
  /** From this score on the model says 1. */
  cut: z.number().gt(0).lt(1).default(0.5),
  /** How long people are expected to wait for most labels. */
  expectedWithin: minutes.default(7 * 24 * 60),
});

/** When a model is trained again. At least one of `when` must be there. */
export const retrainingRule = z.strictObject({
  id: key,
  model: z.string().min(1).max(255),
  endpoint: azureName,
  /** The job that is submitted again; the one that made the newest version when it is left out. */
  job: z.string().min(1).max(255).optional(),
  when: z
    .strictObject({
      /** This many features alarm at once. */
      drift: z.strictObject({ features: z.number().int().min(1).max(100).default(1) }).optional(),
      /** Measured on labels, over the last window with enough of them. */
      performance: z
        .strictObject({ metric: z.enum(['accuracy', 'precision', 'recall']), below: z.number().gt(0).lt(1) })
        .optional(),
      every: minutes.optional(),
    })
    .refine((when) => when.drift || when.performance || when.every !== undefined, {
      error: 'name at least one of drift, performance and every',
    }),
  /** At least this long between two runs of this rule. */
  cooldown: minutes.default(7 * 24 * 60),
  /** What one run is expected to cost, and what the rule may spend in a calendar month (UTC). */
  estimate: amount.optional(),
  monthlyBudget: amount.optional(),
});

/** Who hears an ethical concern or a report of misuse. The first path that names the endpoint; else the one without endpoints. */
export const concernPath = z.strictObject({
  id: key,
  endpoints: z.array(azureName).default([]),
  channel: key,
  people: z.array(key).min(1, 'name at least one person'),
  /** Reminded when nobody has answered by then. */
  answerWithin: minutes.default(24 * 60),
});

export type DriftContext = z.infer<typeof driftContext>;
export type LabelSource = z.infer<typeof labelSource>;
export type RetrainingRule = z.infer<typeof retrainingRule>;
export type ConcernPath = z.infer<typeof concernPath>;
