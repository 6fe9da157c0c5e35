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

export interface RiskVerdict {
  class: RiskClass;
  factor: number;
  /** Each with its article, the decisive one first. */
  reasons: readonly { article: string; words: string; from?: string }[];
  /** From when the duties apply, ISO date; undefined where none do. */
  appliesFrom?: string;
  /** What has to be there before it serves. */
  oversight: Oversight;
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
      return { article: found.article, words: found.words, ...(found.from ? { from: found.from } : {}) };
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
    asOf,
  });
  if (prohibited.length > 0) {
    const days = prohibited.map(({ from }) => from ?? act.dates.prohibited).sort();
    return verdict('prohibited', prohibited, days[0]);
  }
  // What decides stands first; what else has to be kept in mind follows.
  const besides = [...sensitiveReasons(answers), ...open];
  if (answers.safetyComponent) {
    const product = { article: 'Article 6(1), Annex I', words: 'it is a safety component of a regulated product' };
    return verdict('high', [product, ...areas, ...besides], areas.length > 0 ? earlier(act) : act.dates.annexI);
  }
  if (areas.length > 0) {
    const out = exitOf(answers, act);
    if (!out.taken) return verdict('high', [...areas, ...out.reasons, ...besides], act.dates.annexIII);
    const kept = answers.sensitive.length > 0 || answers.healthData || answers.automated ? 'sensitive' : 'transparency';
    return verdict(kept, [...out.reasons, ...areas, REGISTERED, ...besides], act.dates.annexIII);
  }
  const sensitive = sensitiveReasons(answers);
  if (sensitive.length > 0) return verdict('sensitive', [...sensitive, ...open]);
  if (open.length > 0) return verdict('transparency', open, act.dates.transparency);
  return verdict('minimal', [{ article: 'none', words: 'nothing that was asked applies' }]);
}

const REGISTERED = { article: 'Articles 6(4), 49(2)', words: 'the assessment is documented and the system registered' };
const earlier = ({ dates }: AiAct): string => (dates.annexIII < dates.annexI ? dates.annexIII : dates.annexI);

/** Article 6(3): never when the system profiles people, and only with a reasoning that can be read later. */
function exitOf({ exit, profiling }: RiskAnswers, act: AiAct): { taken: boolean; reasons: RiskVerdict['reasons'] } {
  if (!exit) return { taken: false, reasons: [] };
  const rule = act.exits.find(({ id }) => id === exit.id);
  if (!rule) {
    const known = act.exits.map(({ id }) => id).join(', ');
    throw new BadRiskAnswers(`"${exit.id}" is no exit of Article 6(3); there are ${known}`);
  }
  if (profiling) {
    const words = `“${rule.words}” does not help, because it profiles people`;
    return { taken: false, reasons: [{ article: 'Article 6(3), last sentence', words }] };
  }
  if (exit.reason.trim().length < MIN_REASON_CHARACTERS) {
    throw new BadRiskAnswers(`say why it is only ${rule.words}, in a sentence that can be read later (Article 6(4))`);
  }
  return { taken: true, reasons: [{ article: rule.article, words: `not high-risk: ${rule.words}` }] };
}

const SENSITIVE_WORDS = {
  opportunity: 'it touches legal position or life opportunities',
  harm: 'it can harm body or mind',
  rights: 'it touches human rights',
} as const;

function sensitiveReasons({
  sensitive,
  healthData,
  automated,
  profiling,
}: RiskAnswers): { article: string; words: string }[] {
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
