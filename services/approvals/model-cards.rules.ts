import type { RiskClass } from '../core/organisation.ts';

/** What is written down about a model, for whoever has to decide about it (Mitchell et al. 2019, EU AI Act Annex IV). */
export const CARD_PARTS = [
  'purpose',
  'users',
  'assumptions',
  'limits',
  'edgeCases',
  'decisionLogic',
  'oversight',
] as const;
export type CardPart = (typeof CARD_PARTS)[number];
export type CardBody = Readonly<Partial<Record<CardPart, string>>>;

export const PART_WORDS: Readonly<Record<CardPart, string>> = {
  purpose: 'purpose',
  users: 'intended users',
  assumptions: 'assumptions',
  limits: 'limits',
  edgeCases: 'edge cases',
  decisionLogic: 'decision logic',
  oversight: 'human oversight',
};

export interface CardVersion {
  model: string;
  version: number;
  body: CardBody;
  digest: string;
  author: string;
  /** ISO 8601. */
  at: string;
}

const REQUIRED: Readonly<Record<RiskClass, readonly CardPart[]>> = {
  minimal: ['purpose', 'limits'],
  limited: ['purpose', 'users', 'assumptions', 'limits', 'edgeCases'],
  // High stakes: how it comes to its decisions, and who can stop it, is written down too.
  high: [...CARD_PARTS],
};

/** A part that says less than this says nothing. */
const LEAST_CHARACTERS = 15;

/** The parts that this risk class asks for and the card lacks. */
export const partsMissing = (body: CardBody, risk: RiskClass): readonly CardPart[] =>
  REQUIRED[risk].filter((part) => (body[part]?.trim().length ?? 0) < LEAST_CHARACTERS);

/** Which parts say something else than before. */
export const partsChanged = (before: CardBody | undefined, after: CardBody): readonly CardPart[] =>
  CARD_PARTS.filter((part) => (before?.[part] ?? '') !== (after[part] ?? ''));
