import { describe, expect, it } from 'vitest';
import { assessedBy } from '../../../bot/app.intake.ts';
import { asAssessed } from '../../../services/approvals/requests.deps.ts';
import { classify, type Intake, type RiskAnswers } from '../../../services/intake/index.ts';
import type { Db } from '../../../services/store/store.ts';

const business = { purpose: 'stops fraud', riskClass: 'limited' } as const;
const assessed = (riskClass: 'minimal' | 'limited' | 'high', more: object = {}) => ({
  useCase: 'UC-104',
  riskClass,
  prohibited: false,
  ...more,
});
const NONE: RiskAnswers = {
  prohibited: [],
  areas: [],
  transparency: [],
  profiling: false,
  safetyComponent: false,
  healthData: false,
  automated: false,
  sensitive: [],
  deployer: 'private',
};
const intakeWith = (answers: Partial<RiskAnswers>) =>
  ({ riskOf: async () => ({ useCase: 'UC-104', verdict: classify({ ...NONE, ...answers }) }) }) as unknown as Intake;

describe('the risk that an approval goes by', () => {
  it('is the worse of wardroom.yaml and what was assessed, never the better', () => {
    expect(asAssessed(business, undefined)).toBe(business);
    expect(asAssessed(business, assessed('minimal'))).toBe(business);
    expect(asAssessed(business, assessed('high', { oversight: 'a person reviews' }))).toEqual({
      purpose: 'stops fraud',
      riskClass: 'high',
      oversight: 'a person reviews',
    });
    expect(asAssessed({ ...business, oversight: 'ours' }, assessed('high', { oversight: 'theirs' })).oversight).toBe(
      'ours',
    );
  });

  it.each<[Partial<RiskAnswers>, string, boolean]>([
    [{}, 'minimal', false],
    [{ transparency: ['talks-to-people'] }, 'limited', false],
    [{ healthData: true }, 'limited', false],
    [{ areas: ['essential-services'], profiling: true }, 'high', false],
    [{ prohibited: ['social-scoring'] }, 'high', true],
  ])('follows from the classification of the use case: %j', async (answers, riskClass, prohibited) => {
    const found = await assessedBy(intakeWith(answers), {} as Db, 'ep-fraud');
    expect([found?.riskClass, found?.prohibited]).toEqual([riskClass, prohibited]);
    if (riskClass === 'high' && !prohibited) expect(found?.oversight).toContain('by UC-104: the review board votes');
  });

  it('is that of wardroom.yaml alone when no use case is tied to the endpoint', async () => {
    const nothing = { riskOf: async () => undefined } as unknown as Intake;
    expect(await assessedBy(nothing, {} as Db, 'ep-fraud')).toBeUndefined();
  });
});
