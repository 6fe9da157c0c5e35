import { z } from 'zod/v4';
import { riskCard } from '../../cards/intake/risk.ts';
import { AI_ACT, type RiskAnswers } from '../../services/intake/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { neededUseCase } from './view.ts';

const one = (ids: readonly string[]) => oneOf(['none', ...ids] as unknown as [string, ...string[]]);
const yesNo = oneOf(['no', 'yes']);
const rulesOf = (rules: readonly { id: string }[]) => rules.map(({ id }) => id);

export const classify = capability({
  id: 'intake.classify',
  summary: 'Answer the risk questions of a use case (EU AI Act, health data, automated decisions)',
  phrases: ['classify {useCase}', 'risk of {useCase}'],
  examples: ['classify UC-104'],
  input: z.object({
    useCase: useCaseId,
    /** Article 5 */
    prohibitedPractice: one(rulesOf(AI_ACT.prohibited)),
    /** Annex III */
    area: one(rulesOf(AI_ACT.areas)),
    profilesPeople: yesNo,
    decidesAlone: yesNo,
    healthData: yesNo,
    safetyComponent: yesNo,
    sensitiveUse: oneOf(['none', 'opportunity', 'harm', 'rights']),
    /** Article 50 */
    dutyToTell: one(rulesOf(AI_ACT.transparency)),
    deployer: oneOf(['private', 'public-body', 'public-service']),
    /** Article 6(3) */
    exception: one(rulesOf(AI_ACT.exits)).optional(),
    reasonForException: freeText(1000).optional(),
  }),
  form: true,
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, input) => {
    const { rooms, tx, actor, now } = turn;
    const listed = (id: string) => (id === 'none' ? [] : [id]);
    const exit =
      input.exception && input.exception !== 'none'
        ? { id: input.exception, reason: input.reasonForException ?? '' }
        : undefined;
    const answers: RiskAnswers = {
      prohibited: listed(input.prohibitedPractice),
      areas: listed(input.area),
      transparency: listed(input.dutyToTell),
      sensitive: listed(input.sensitiveUse) as RiskAnswers['sensitive'],
      profiling: input.profilesPeople === 'yes',
      automated: input.decidesAlone === 'yes',
      healthData: input.healthData === 'yes',
      safetyComponent: input.safetyComponent === 'yes',
      deployer: input.deployer as RiskAnswers['deployer'],
      ...(exit ? { exit } : {}),
    };
    const verdict = await rooms.intake.classify(tx, input.useCase, answers, actor.id);
    const { row } = await neededUseCase({ ...rooms, db: tx }, input.useCase);
    const [first] = verdict.reasons;
    return {
      text: `${input.useCase} is classed as ${verdict.class} (${first?.article}: ${first?.words}).`,
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
