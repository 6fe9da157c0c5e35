import { z } from 'zod/v4';
import { key } from './organisation.shapes.ts';

/** A figure of the strategy that use cases can carry. */
export const kpi = z.strictObject({
  id: key,
  name: z.string().min(1).max(80),
  /** Whose figure it is: the id or the name of a department. */
  department: z.string().min(1).max(80).optional(),
  unit: z.string().min(1).max(40).optional(),
});

const day = z.iso.date('write a day such as 2027-12-02');
const rule = z.strictObject({
  id: key,
  /** "Article 5(1)(c)" */
  article: z.string().min(1).max(80),
  /** Ends the question "Does it …?", or names the area. */
  words: z.string().min(1).max(200),
  /** When it applies from another day than the rest of its list. */
  from: day.optional(),
  /** Where it was read, and when. */
  source: z.string().min(1).max(200).optional(),
  read: day.optional(),
});
const rules = z.array(rule).min(1, 'leave the list out to keep what Wardroom knows').max(30);

/** A newer reading of the EU AI Act than the one that Wardroom brings; what is left out stays as it is there. */
const aiAct = z.strictObject({
  /** The day on which somebody read it. */
  asOf: day,
  prohibited: rules.optional(),
  areas: z
    .array(
      rule.extend({
        /** Point of Annex III. */
        point: z.number().int().min(1).max(20),
        /** Every deployer assesses the impact on fundamental rights (Article 27), not only public ones. */
        everyDeployer: z.boolean().optional(),
        /** Article 27 does not ask for it in this area. */
        noAssessment: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(30)
    .optional(),
  exits: rules.optional(),
  transparency: rules.optional(),
  /** What a high-risk system has to have, and what whoever uses it has to do. */
  duties: rules.optional(),
  dates: z
    .strictObject({
      prohibited: day.optional(),
      transparency: day.optional(),
      annexIII: day.optional(),
      annexI: day.optional(),
      publicLegacy: day.optional(),
    })
    .optional(),
});

export const intake = z
  .strictObject({
    /** The approval policy by which people vote whether a pilot goes live, stops or is extended; the first one otherwise. */
    pilotVote: key.optional(),
    aiAct: aiAct.optional(),
  })
  .prefault({});

export type AiActEdition = z.infer<typeof aiAct>;
