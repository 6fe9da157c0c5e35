import { AI_ACT, type AiAct, type Rule } from './ai-act.ts';
import { RISK_FACTORS, type RiskClass } from './score.rules.ts';

/** What was answered about the risk of a use case. Ids are those of the edition of the Act; empty means "none of them". */
export interface RiskAnswers {
  prohibited: readonly string[];
  areas: readonly string[];
  transparency: readonly string[];
  /** It evaluates or predicts something about natural persons (GDPR Article 4(4)). */
  profiling: boolean;
  /** The exit that is claimed, with the reasoning, which is stored. */
  exit?: { id: string; reason: string };
  /** A safety component of a product of Annex I. */
  safetyComponent: boolean;
  healthData: boolean;
  /** Decides without a person (GDPR Article 22). */
  automated: boolean;
  /** Microsoft's sensitive uses: legal position or life opportunity, harm to body or mind, human rights. */
  sensitive: readonly ('opportunity' | 'harm' | 'rights')[];
  /** Who deploys it, for Article 27. */
  deployer: 'private' | 'public-body' | 'public-service';
}

export interface Reason {
  article: string;
  words: string;
  from?: string;
  /** Where it was read, with the day; of what comes from the Act. */
  source?: string;
}

export interface RiskVerdict {
  class: RiskClass;
  factor: number;
  /** Each with its article, the decisive one first. */
  reasons: readonly Reason[];
  /** From when the duties apply, ISO date; undefined where none do. */
  appliesFrom?: string;
  /** What has to be there before it serves. */
  oversight: Oversight;
  /** What the Act asks of it (Articles 9 to 15, 26); of a high-risk system only. A class that was stored earlier has none. */
  duties?: readonly Reason[];
  asOf: string;
}

export interface Oversight {
  /** Evidence that an approval asks for, by the ids of the approval policies. */
  evidence: readonly string[];
  /** Roles that must have voted. */
  roles: readonly ('risk' | 'engineering' | 'domain')[];
  board: boolean;
  humanReview: boolean;
  /** Fundamental-rights impact assessment (Article 27). */
  fundamentalRights: boolean;
  /** Data protection impact assessment (GDPR Article 35). */
  dataProtection: boolean;
}

export class BadRiskAnswers extends RangeError {}
const MIN_REASON_CHARACTERS = 20;

/** The risk class with its reasons; the worst that applies. Throws BadRiskAnswers on an id that the edition does not have. */
export function classify(answers: RiskAnswers, act: AiAct = AI_ACT): RiskVerdict {
  const named = (list: readonly Rule[], ids: readonly string[], what: string) =>
    ids.map((id) => {
      const found = list.find((rule) => rule.id === id);
      if (!found)
        throw new BadRiskAnswers(`"${id}" is no ${what}; there are ${list.map((rule) => rule.id).join(', ')}`);
      return reasonOf(found);
    });
  const prohibited = named(act.prohibited, answers.prohibited, 'prohibited practice');
  const areas = named(act.areas, answers.areas, 'area of Annex III');
  const open = named(act.transparency, answers.transparency, 'case of Article 50');
  const { asOf } = act;
  const verdict = (of: RiskClass, reasons: RiskVerdict['reasons'], appliesFrom?: string): RiskVerdict => ({
    class: of,
    factor: RISK_FACTORS[of],
    reasons,
    ...(appliesFrom ? { appliesFrom } : {}),
    oversight: oversightOf(of, answers, act),
    ...(of === 'high' ? { duties: act.duties.map(reasonOf) } : {}),
    asOf,
  });
  if (prohibited.length > 0) {
    const days = prohibited.map(({ from }) => from ?? act.dates.prohibited).sort();
    return verdict('prohibited', prohibited, days[0]);
  }
  // What decides stands first; what else has to be kept in mind follows.
  const besides = [...sensitiveReasons(answers), ...open, ...legacyOf(answers, act)];
  if (answers.safetyComponent) {
    const product = { article: 'Article 6(1), Annex I', words: 'it is a safety component of a regulated product' };
    return verdict('high', [product, ...areas, ...besides], areas.length > 0 ? earlier(act) : act.dates.annexI);
  }
  if (areas.length > 0) {
    const out = exitOf(answers, act);
    if (!out.taken) return verdict('high', [...areas, ...out.reasons, ...besides], act.dates.annexIII);
    const kept = answers.sensitive.length > 0 || answers.healthData ? 'sensitive' : 'transparency';
    return verdict(
      kept,
      [...out.reasons, ...areas, REGISTERED, ...sensitiveReasons(answers), ...open],
      act.dates.annexIII,
    );
  }
  const sensitive = sensitiveReasons(answers);
  if (sensitive.length > 0) return verdict('sensitive', [...sensitive, ...open]);
  if (open.length > 0) return verdict('transparency', open, act.dates.transparency);
  return verdict('minimal', [{ article: 'none', words: 'nothing that was asked applies' }]);
}

const reasonOf = ({ article, words, from, source, read }: Rule): Reason => ({
  article,
  words,
  ...(from ? { from } : {}),
  ...(source ? { source: read ? `${source}, read ${read}` : source } : {}),
});

/** Article 111(2): what a public body uses from before the duties apply has a day of its own. */
const legacyOf = ({ deployer }: RiskAnswers, { dates }: AiAct): Reason[] =>
  deployer === 'public-body'
    ? [{ article: 'Article 111(2)', words: `a public body that uses it from before has until ${dates.publicLegacy}` }]
    : [];

const REGISTERED = { article: 'Articles 6(4), 49(2)', words: 'the assessment is documented and the system registered' };
const earlier = ({ dates }: AiAct): string => (dates.annexIII < dates.annexI ? dates.annexIII : dates.annexI);

/**
 * Article 6(3): only what poses no significant risk of harm to health, safety or fundamental rights and does not sway what
 * is decided, under one of the conditions; never when it profiles people, and only with a reasoning that can be read later.
 */
function exitOf(answers: RiskAnswers, act: AiAct): { taken: boolean; reasons: readonly Reason[] } {
  const { exit } = answers;
  if (!exit) return { taken: false, reasons: [] };
  const rule = act.exits.find(({ id }) => id === exit.id);
  if (!rule) {
    const known = act.exits.map(({ id }) => id).join(', ');
    throw new BadRiskAnswers(`"${exit.id}" is no exit of Article 6(3); there are ${known}`);
  }
  const against = whyNoExit(answers);
  if (against) {
    const words = `“${rule.words}” does not help, because it ${against.because}`;
    return { taken: false, reasons: [{ article: against.article, words }] };
  }
  if (exit.reason.trim().length < MIN_REASON_CHARACTERS) {
    throw new BadRiskAnswers(`say why it is only ${rule.words}, in a sentence that can be read later (Article 6(4))`);
  }
  return { taken: true, reasons: [{ ...reasonOf(rule), words: `not high-risk: ${rule.words}` }] };
}

function whyNoExit({ profiling, automated, sensitive }: RiskAnswers): { article: string; because: string } | undefined {
  if (profiling) return { article: 'Article 6(3), last sentence', because: 'profiles people' };
  const article = 'Article 6(3), first sentence';
  if (automated) return { article, because: 'decides without a person, which is more than not to sway a decision' };
  if (sensitive.includes('harm')) return { article, because: 'can harm body or mind' };
  return sensitive.includes('rights') ? { article, because: 'touches human rights' } : undefined;
}

const SENSITIVE_WORDS = {
  opportunity: 'it touches legal position or life opportunities',
  harm: 'it can harm body or mind',
  rights: 'it touches human rights',
} as const;

function sensitiveReasons({ sensitive, healthData, automated, profiling }: RiskAnswers): Reason[] {
  return [
    ...sensitive.map((id) => ({ article: 'Microsoft RAI, sensitive use', words: SENSITIVE_WORDS[id] })),
    ...(healthData ? [{ article: 'GDPR Article 9', words: 'it uses health data' }] : []),
    ...(automated && profiling
      ? [{ article: 'GDPR Article 22', words: 'it decides about people without a person' }]
      : []),
  ];
}

function oversightOf(of: RiskClass, answers: RiskAnswers, act: AiAct): Oversight {
  const high = of === 'high' || of === 'prohibited';
  const watched = high || of === 'sensitive';
  const people = answers.profiling || answers.areas.length > 0 || answers.sensitive.length > 0;
  // Article 27(1): of the systems of Annex III only (not of products), and not in the area of critical infrastructure.
  const assessed = act.areas.filter(({ id, noAssessment }) => answers.areas.includes(id) && !noAssessment);
  return {
    evidence: [
      'model-card',
      'metrics',
      ...(watched ? ['fairness', 'attributions', 'robustness'] : []),
      ...(high ? ['data-quality', 'reproducibility', 'peer-review', 'drift'] : []),
    ],
    roles: high ? ['risk', 'domain', 'engineering'] : watched ? ['risk'] : [],
    board: high,
    humanReview: watched && (answers.automated || high),
    fundamentalRights:
      of === 'high' && assessed.some(({ everyDeployer }) => answers.deployer !== 'private' || everyDeployer),
    dataProtection: answers.healthData || (people && answers.automated) || (high && people),
  };
}
