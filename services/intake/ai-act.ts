import type { AiActEdition } from '../core/organisation.ts';

/**
 * What the EU AI Act (Regulation (EU) 2024/1689, as amended by 2026/1744) asks of a use case, as data with a date: the law
 * moves, so wardroom.yaml may carry a newer edition under `intake.aiAct`. This is a help to ask the right people, not legal
 * advice; what the amendment added was read in secondary sources.
 */
export interface AiAct {
  /** The day this reading was made, ISO 8601. */
  asOf: string;
  /** Article 5(1). */
  prohibited: readonly Rule[];
  /** Annex III. */
  areas: readonly Area[];
  /** Article 6(3), first subparagraph: a use in an area that is not high-risk all the same. */
  exits: readonly Rule[];
  /** Article 50. */
  transparency: readonly Rule[];
  /** When each part applies. */
  dates: { prohibited: string; transparency: string; annexIII: string; annexI: string };
}

export interface Rule {
  id: string;
  /** "Article 5(1)(c)" */
  article: string;
  /** Ends the question "Does it …?" or names the area. */
  words: string;
  /** When it applies from another day than the rest of its list. */
  from?: string | undefined;
}

export interface Area extends Rule {
  /** Point of Annex III. */
  point: number;
  /** Every deployer assesses the impact on fundamental rights (Article 27(1)), not only public ones. */
  everyDeployer?: boolean | undefined;
  /** Article 27(1) leaves this area out. */
  noAssessment?: boolean | undefined;
}

const rule = (id: string, article: string, words: string): Rule => ({ id, article, words });

export const AI_ACT: AiAct = {
  asOf: '2026-11-01',
  prohibited: [
    rule('manipulation', 'Article 5(1)(a)', 'distort what people do by hidden or deceptive means, to their harm'),
    rule('vulnerability', 'Article 5(1)(b)', 'exploit age, disability or need, to the harm of those people'),
    rule('social-scoring', 'Article 5(1)(c)', 'rate people by their behaviour and treat them worse elsewhere for it'),
    rule('crime-prediction', 'Article 5(1)(d)', 'predict that a person commits a crime from their profile alone'),
    rule('face-scraping', 'Article 5(1)(e)', 'collect faces from the internet or cameras for recognition'),
    rule('emotions', 'Article 5(1)(f)', 'read emotions at work or in education, other than for medicine or safety'),
    rule('biometric-sorting', 'Article 5(1)(g)', 'infer race, opinions, religion or sexual life from bodies'),
    rule('live-identification', 'Article 5(1)(h)', 'identify people in public places live, for the police'),
    {
      ...rule(
        'intimate-images',
        'Article 5(1), added by 2026/1744',
        'make intimate images of people without their consent',
      ),
      from: '2026-12-02',
    },
  ],
  areas: [
    { ...rule('biometrics', 'Annex III(1)', 'biometrics'), point: 1 },
    { ...rule('infrastructure', 'Annex III(2)', 'safety of critical infrastructure'), point: 2, noAssessment: true },
    { ...rule('education', 'Annex III(3)', 'education: admission, grades, levels, cheating'), point: 3 },
    { ...rule('employment', 'Annex III(4)', 'employment: hiring, tasks, evaluation, dismissal'), point: 4 },
    {
      ...rule('essential-services', 'Annex III(5)(a) and (d)', 'public benefits, emergency calls and triage'),
      point: 5,
    },
    {
      ...rule(
        'credit-insurance',
        'Annex III(5)(b) and (c)',
        'credit scoring of people (not to find fraud), price and risk of life and health insurance',
      ),
      point: 5,
      everyDeployer: true,
    },
    { ...rule('law-enforcement', 'Annex III(6)', 'law enforcement'), point: 6 },
    { ...rule('migration', 'Annex III(7)', 'migration, asylum, borders'), point: 7 },
    { ...rule('justice', 'Annex III(8)', 'justice and democratic processes'), point: 8 },
  ],
  exits: [
    rule('narrow-task', 'Article 6(3)(a)', 'a narrow procedural task'),
    rule('improves-work', 'Article 6(3)(b)', 'improves the result of work that a person has finished'),
    rule('detects-deviation', 'Article 6(3)(c)', 'finds deviations from earlier decisions and replaces no review'),
    rule('preparatory', 'Article 6(3)(d)', 'prepares an assessment that a person makes'),
  ],
  transparency: [
    rule('talks-to-people', 'Article 50(1)', 'talk with people directly'),
    rule('synthetic-content', 'Article 50(2)', 'make text, sound, pictures or video'),
    rule('emotion-or-category', 'Article 50(3)', 'recognise emotions or sort people by their bodies'),
    rule('deep-fake', 'Article 50(4)', 'make likenesses of people or texts for the public'),
  ],
  dates: { prohibited: '2025-02-02', transparency: '2026-08-02', annexIII: '2027-12-02', annexI: '2028-08-02' },
};

/** The reading that counts here: Wardroom's own, with what wardroom.yaml puts in its place. */
export const editionOf = (newer: AiActEdition | undefined): AiAct => ({
  ...AI_ACT,
  ...(newer
    ? {
        asOf: newer.asOf,
        prohibited: newer.prohibited ?? AI_ACT.prohibited,
        areas: newer.areas ?? AI_ACT.areas,
        exits: newer.exits ?? AI_ACT.exits,
        transparency: newer.transparency ?? AI_ACT.transparency,
        dates: {
          prohibited: newer.dates?.prohibited ?? AI_ACT.dates.prohibited,
          transparency: newer.dates?.transparency ?? AI_ACT.dates.transparency,
          annexIII: newer.dates?.annexIII ?? AI_ACT.dates.annexIII,
          annexI: newer.dates?.annexI ?? AI_ACT.dates.annexI,
        },
      }
    : {}),
});
