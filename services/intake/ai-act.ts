import type { AiActEdition } from '../core/organisation.ts';

/**
 * What the EU AI Act (Regulation (EU) 2024/1689, as amended by 2026/1744) asks of a use case, as data with a date: the law
 * moves, so wardroom.yaml may carry a newer edition under `intake.aiAct`. Each entry says where it was read and when. This is
 * a help to ask the right people, not legal advice.
 */
export interface AiAct {
  /** The day this reading was made, ISO 8601. */
  asOf: string;
  /** Article 5(1). */
  prohibited: readonly Rule[];
  /** Annex III. */
  areas: readonly Area[];
  /** Article 6(3), second subparagraph: conditions of which one must hold for a use in an area to be not high-risk. */
  exits: readonly Rule[];
  /** Article 50. */
  transparency: readonly Rule[];
  /** Articles 9 to 15 and 26: what a high-risk system has to have, and what whoever uses it has to do. */
  duties: readonly Rule[];
  /** When each part applies (Article 113); `publicLegacy`: what public bodies use from before (Article 111(2)). */
  dates: { prohibited: string; transparency: string; annexIII: string; annexI: string; publicLegacy: string };
}

export interface Rule {
  id: string;
  /** "Article 5(1)(c)" */
  article: string;
  /** Ends the question "Does it …?" or names the area. */
  words: string;
  /** When it applies from another day than the rest of its list. */
  from?: string | undefined;
  /** Where it was read. */
  source?: string | undefined;
  /** When it was read there, ISO 8601. */
  read?: string | undefined;
}

export interface Area extends Rule {
  /** Point of Annex III. */
  point: number;
  /** Every deployer assesses the impact on fundamental rights (Article 27(1)), not only public ones. */
  everyDeployer?: boolean | undefined;
  /** Article 27(1) leaves this area out. */
  noAssessment?: boolean | undefined;
}

/** Where the entries below were read, and the day. */
export const READ = '2026-11-26';
export const SOURCES = {
  /** Compared with copies of the published text (eur-lex.europa.eu/eli/reg/2024/1689/oj); EUR-Lex itself was not reached. */
  act: 'Regulation (EU) 2024/1689, OJ L, 12.7.2024',
  /** What those copies lack (the openings of points (c) and (h) of Article 5(1)) was read in commentaries. */
  commentary: 'Regulation (EU) 2024/1689, OJ L, 12.7.2024, by commentaries',
  /** The amendment itself (OJ L, 2026/1744, 24.7.2026, in force since 27.7.2026) was read in descriptions of others only. */
  amendment: 'Regulation (EU) 2026/1744, OJ L, 24.7.2026, by secondary sources',
} as const;

const rule = (id: string, article: string, words: string, source: keyof typeof SOURCES = 'act'): Rule => ({
  id,
  article,
  words,
  source: SOURCES[source],
  read: READ,
});
/** Since the amendment's new points apply. */
const NEW_PROHIBITIONS = '2026-12-02';

export const AI_ACT: AiAct = {
  asOf: READ,
  prohibited: [
    rule(
      'manipulation',
      'Article 5(1)(a)',
      'distort what people do by hidden or deceptive means, to their significant harm',
    ),
    rule(
      'vulnerability',
      'Article 5(1)(b)',
      'exploit age, disability or a social or economic situation, to the significant harm of those people',
    ),
    rule(
      'social-scoring',
      'Article 5(1)(c)',
      'rate people by their behaviour or traits and treat them worse elsewhere, or out of proportion, for it',
      'commentary',
    ),
    rule(
      'crime-prediction',
      'Article 5(1)(d)',
      'predict that a person commits a crime from their profile or traits alone',
    ),
    rule(
      'face-scraping',
      'Article 5(1)(e)',
      'collect faces without a target from the internet or cameras for recognition',
    ),
    rule('emotions', 'Article 5(1)(f)', 'read emotions at work or in education, other than for medicine or safety'),
    rule('biometric-sorting', 'Article 5(1)(g)', 'infer race, opinions, union, religion or sexual life from bodies'),
    rule(
      'live-identification',
      'Article 5(1)(h)',
      'identify people in public places live, for the police',
      'commentary',
    ),
    {
      ...rule(
        'intimate-images',
        'Article 5(1)(ba)',
        'make intimate images, videos or sound of real people without their explicit consent',
        'amendment',
      ),
      from: NEW_PROHIBITIONS,
    },
    {
      ...rule('child-abuse', 'Article 5(1)(bb)', 'make material of the sexual abuse of children', 'amendment'),
      from: NEW_PROHIBITIONS,
    },
  ],
  areas: [
    {
      ...rule(
        'biometrics',
        'Annex III(1)',
        'biometrics: identify from afar, sort by sensitive traits, read emotions (not: confirm who somebody is)',
      ),
      point: 1,
    },
    {
      ...rule(
        'infrastructure',
        'Annex III(2)',
        'safety of critical digital infrastructure, road traffic, water, gas, heating, electricity',
      ),
      point: 2,
      noAssessment: true,
    },
    { ...rule('education', 'Annex III(3)', 'education: admission, results, level, cheating in tests'), point: 3 },
    {
      ...rule(
        'employment',
        'Annex III(4)',
        'employment: job advertisements, hiring, terms, promotion, dismissal, tasks by behaviour, evaluation',
      ),
      point: 4,
    },
    {
      ...rule(
        'essential-services',
        'Annex III(5)(a) and (d)',
        'benefits and services of public authorities, emergency calls, dispatch and triage',
      ),
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
    {
      ...rule('migration', 'Annex III(7)', 'migration, asylum, borders (not: checking travel documents)'),
      point: 7,
    },
    {
      ...rule('justice', 'Annex III(8)', 'help for courts and arbitration, influence on elections and voters'),
      point: 8,
    },
  ],
  exits: [
    rule('narrow-task', 'Article 6(3)(a)', 'a narrow procedural task'),
    rule('improves-work', 'Article 6(3)(b)', 'improves the result of work that a person has finished'),
    rule(
      'detects-deviation',
      'Article 6(3)(c)',
      'finds patterns or deviations in earlier decisions, and replaces or sways no assessment without proper review',
    ),
    rule('preparatory', 'Article 6(3)(d)', 'prepares an assessment that a person makes'),
  ],
  transparency: [
    rule('talks-to-people', 'Article 50(1)', 'talk with people directly'),
    rule(
      'synthetic-content',
      'Article 50(2)',
      'make text, sound, pictures or video (what was on the market before 2 August 2026: marked from 2 December 2026)',
      'amendment',
    ),
    rule('emotion-or-category', 'Article 50(3)', 'recognise emotions or sort people by their bodies'),
    rule('deep-fake', 'Article 50(4)', 'make likenesses that pass for real, or texts that inform the public'),
  ],
  duties: [
    rule('risk-management', 'Article 9', 'risks are found, estimated and treated over its whole life'),
    rule(
      'data-governance',
      'Article 10',
      'data for training, validation and tests are relevant, representative and examined for bias',
    ),
    rule(
      'documentation',
      'Article 11, Annex IV',
      'technical documentation stands before it is used, and is kept current',
    ),
    rule('logs', 'Article 12', 'it records by itself what happens over its lifetime'),
    rule('instructions', 'Article 13', 'whoever uses it can read its output, and has instructions'),
    rule('oversight', 'Article 14', 'people can understand, overrule and stop it'),
    rule('accuracy', 'Article 15', 'accuracy, robustness and cybersecurity hold, and are declared'),
    rule(
      'use',
      'Article 26(1) and (2)',
      'it is used as instructed, overseen by people with competence, training and authority',
    ),
    rule(
      'watch',
      'Article 26(5) and (6)',
      'its use is watched, risks are reported, and logs are kept for six months at least',
    ),
    rule(
      'tell',
      'Article 26(7) and (11)',
      'workers and their representatives, and people it helps to decide about, are told',
    ),
  ],
  dates: {
    prohibited: '2025-02-02',
    transparency: '2026-08-02',
    annexIII: '2027-12-02',
    annexI: '2028-08-02',
    publicLegacy: '2030-08-02',
  },
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
        duties: newer.duties ?? AI_ACT.duties,
        dates: {
          prohibited: newer.dates?.prohibited ?? AI_ACT.dates.prohibited,
          transparency: newer.dates?.transparency ?? AI_ACT.dates.transparency,
          annexIII: newer.dates?.annexIII ?? AI_ACT.dates.annexIII,
          annexI: newer.dates?.annexI ?? AI_ACT.dates.annexI,
          publicLegacy: newer.dates?.publicLegacy ?? AI_ACT.dates.publicLegacy,
        },
      }
    : {}),
});
