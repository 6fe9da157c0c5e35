import { z } from 'zod/v4';
import { type FormField, formCard } from '../../cards/form.ts';
import { riskCard } from '../../cards/intake/risk.ts';
import { counted } from '../../cards/parts/text.ts';
import type { RiskAnswers, Rule } from '../../services/intake/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { type Answer, capability, type Turn } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { neededUseCase } from './view.ts';

// Which practices and areas there are is data with a date (wardroom.yaml), so their fields take any id, and the form is drawn
// from the edition that counts.
const ruleId = freeText(63);
const yesNo = oneOf(['no', 'yes']);
const input = z.object({
  useCase: useCaseId,
  /** Article 5 */
  prohibitedPractice: ruleId.optional(),
  /** Annex III */
  area: ruleId.optional(),
  profilesPeople: yesNo.optional(),
  decidesAlone: yesNo.optional(),
  healthData: yesNo.optional(),
  safetyComponent: yesNo.optional(),
  sensitiveUse: oneOf(['none', 'opportunity', 'harm', 'rights']).optional(),
  /** Article 50 */
  dutyToTell: ruleId.optional(),
  deployer: oneOf(['private', 'public-body', 'public-service']).optional(),
  /** Article 6(3) */
  exception: ruleId.optional(),
  reasonForException: freeText(1000).optional(),
});
type Given = z.output<typeof input>;

export const classify = capability({
  id: 'intake.classify',
  summary: 'Answer the risk questions of a use case (EU AI Act, health data, automated decisions)',
  phrases: [
    'classify {useCase}',
    'classify the risk of {useCase}',
    'classify risk of {useCase}',
    'assess risk of {useCase}',
  ],
  examples: ['classify UC-104'],
  input,
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, given) => {
    const { rooms, tx, actor, now } = turn;
    const fields = await questions(turn, given);
    const missing = fields.filter(({ id, required }) => required && given[id as keyof Given] === undefined);
    if (missing.length > 0) return asked(given, fields, missing);
    const listed = (id: string | undefined) => (id === undefined || id === 'none' ? [] : [id]);
    const [exception] = listed(given.exception);
    const exit = exception ? { id: exception, reason: given.reasonForException ?? '' } : undefined;
    const answers: RiskAnswers = {
      prohibited: listed(given.prohibitedPractice),
      areas: listed(given.area),
      transparency: listed(given.dutyToTell),
      sensitive: listed(given.sensitiveUse) as RiskAnswers['sensitive'],
      profiling: given.profilesPeople === 'yes',
      automated: given.decidesAlone === 'yes',
      healthData: given.healthData === 'yes',
      safetyComponent: given.safetyComponent === 'yes',
      deployer: given.deployer as RiskAnswers['deployer'],
      ...(exit ? { exit } : {}),
    };
    const verdict = await rooms.intake.classify(tx, given.useCase, answers, actor.id);
    const { row } = await neededUseCase({ ...rooms, db: tx }, given.useCase);
    const [first] = verdict.reasons;
    return {
      text: `${given.useCase} is classed as ${verdict.class} (${first?.article}: ${first?.words}).`,
      card: riskCard({
        now,
        id: row.id,
        title: row.title,
        verdict,
        by: actor.name,
        ...(exit ? { reasoning: exit.reason } : {}),
      }),
      data: { useCase: row.id, verdict },
      objects: [row.id],
      ...(exit ? { why: exit.reason } : {}),
    };
  },
});

const REQUIRED = 9;

/** The questions of the edition that counts, with what was answered before. */
async function questions({ rooms, tx }: Turn, given: Given): Promise<FormField[]> {
  const { risk } = await neededUseCase({ ...rooms, db: tx }, given.useCase);
  const act = rooms.intake.edition();
  const before: Partial<Record<keyof Given, string | undefined>> = risk ? formOf(risk.answers) : {};
  const choice = (id: keyof Given, label: string, choices: readonly (readonly [string, string])[], required = true) => {
    const known = choices.map(([value, title]) => ({ value, title }));
    const value = given[id] ?? before[id];
    const still = known.some((each) => each.value === value);
    const advice = 'Choose one';
    return {
      id,
      label,
      advice,
      required,
      kind: 'choice' as const,
      choices: known,
      ...(still && value ? { value } : {}),
    };
  };
  const rules = (list: readonly Rule[]): [string, string][] => [
    ['none', 'None of them'],
    ...list.map(({ id, article, words }): [string, string] => [id, `${article}: ${words}`]),
  ];
  const answer: [string, string][] = [
    ['no', 'No'],
    ['yes', 'Yes'],
  ];
  const reason = given.reasonForException ?? before.reasonForException;
  return [
    choice('prohibitedPractice', 'Does it do one of these (Article 5)?', rules(act.prohibited)),
    choice('area', 'Is it used in one of these areas (Annex III)?', rules(act.areas)),
    choice('profilesPeople', 'Profiles people: evaluates or predicts something about them', answer),
    choice('decidesAlone', 'Decides without a person', answer),
    choice('healthData', 'Uses health data', answer),
    choice('safetyComponent', 'Is a safety component of a regulated product (Annex I)', answer),
    choice('sensitiveUse', 'Sensitive use', [
      ['none', 'None of them'],
      ['opportunity', 'Legal position or life opportunities'],
      ['harm', 'Can harm body or mind'],
      ['rights', 'Touches human rights'],
    ]),
    choice('dutyToTell', 'Does it do one of these (Article 50)?', rules(act.transparency)),
    choice('deployer', 'Who uses it', [
      ['private', 'A private company'],
      ['public-body', 'A public body'],
      ['public-service', 'A private company with a public service'],
    ]),
    choice('exception', 'In an area of Annex III all the same only this (Article 6(3))', rules(act.exits), false),
    {
      id: 'reasonForException',
      label: 'Why only that (it is kept, Article 6(4))',
      advice: 'A sentence that can be read later',
      required: false,
      kind: 'long',
      limit: 1000,
      ...(reason ? { value: reason } : {}),
    },
  ];
}

const formOf = (answers: RiskAnswers): Partial<Record<keyof Given, string | undefined>> => {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return {
    prohibitedPractice: answers.prohibited[0] ?? 'none',
    area: answers.areas[0] ?? 'none',
    profilesPeople: yes(answers.profiling),
    decidesAlone: yes(answers.automated),
    healthData: yes(answers.healthData),
    safetyComponent: yes(answers.safetyComponent),
    sensitiveUse: answers.sensitive[0] ?? 'none',
    dutyToTell: answers.transparency[0] ?? 'none',
    deployer: answers.deployer,
    exception: answers.exit?.id,
    reasonForException: answers.exit?.reason,
  };
};

function asked({ useCase }: Given, fields: readonly FormField[], missing: readonly FormField[]): Answer {
  const begun = missing.length < REQUIRED;
  const form = formCard({
    verb: 'intake.classify',
    title: `The risk of ${useCase}`,
    intro: 'It decides what has to be there before it serves. Where you are not sure, ask the risk office.',
    submit: 'Classify',
    hidden: { useCase },
    fields: begun
      ? fields.map((each) => (missing.includes(each) ? { ...each, error: 'This is still open.' } : each))
      : fields,
  });
  const labels = missing.map(({ label }) => label).join('; ');
  return {
    text: begun
      ? `Still open: ${labels}.`
      : `The risk of ${useCase}, ${counted(fields.length, 'question')}: ${labels}.`,
    card: form,
    data: { useCase, open: missing.map(({ id }) => id), fields },
    objects: [useCase],
  };
}
