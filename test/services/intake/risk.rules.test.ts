import { describe, expect, it } from 'vitest';
import { classify, type RiskAnswers } from '../../../services/intake/risk.rules.ts';

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
const WHY = 'It only sorts finished letters by postcode; nobody is judged by it.';

describe('the risk class', () => {
  it.each<[string, Partial<RiskAnswers>, string, number, string]>([
    ['nothing applies', {}, 'minimal', 0, 'none'],
    [
      'a practice of Article 5',
      { prohibited: ['social-scoring'], areas: ['employment'] },
      'prohibited',
      1,
      'Article 5(1)(c)',
    ],
    ['credit scoring', { areas: ['essential-services'], profiling: true }, 'high', 0.75, 'Annex III(5)'],
    ['a safety component', { safetyComponent: true }, 'high', 0.75, 'Article 6(1), Annex I'],
    [
      'a narrow task in an area',
      { areas: ['employment'], exit: { id: 'narrow-task', reason: WHY } },
      'transparency',
      0.25,
      'Article 6(3)(a)',
    ],
    [
      'the same while it profiles',
      { areas: ['employment'], profiling: true, exit: { id: 'narrow-task', reason: WHY } },
      'high',
      0.75,
      'Annex III(4)',
    ],
    [
      'a narrow task with health data',
      { areas: ['education'], healthData: true, exit: { id: 'preparatory', reason: WHY } },
      'sensitive',
      0.5,
      'Article 6(3)(d)',
    ],
    ['health data', { healthData: true }, 'sensitive', 0.5, 'GDPR Article 9'],
    ['a sensitive use', { sensitive: ['opportunity'] }, 'sensitive', 0.5, 'Microsoft RAI, sensitive use'],
    ['decides about people alone', { automated: true, profiling: true }, 'sensitive', 0.5, 'GDPR Article 22'],
    ['talks to people', { transparency: ['talks-to-people'] }, 'transparency', 0.25, 'Article 50(1)'],
  ])('%s', (_name, over, expected, factor, article) => {
    const verdict = classify({ ...NONE, ...over });
    expect([verdict.class, verdict.factor, verdict.reasons[0]?.article]).toEqual([expected, factor, article]);
  });

  it('of profiling says why an exit does not help', () => {
    const { reasons } = classify({
      ...NONE,
      areas: ['employment'],
      profiling: true,
      exit: { id: 'narrow-task', reason: WHY },
    });
    expect(reasons.map(({ article }) => article)).toContain('Article 6(3), last sentence');
  });

  it('asks for a reasoning, and knows only what the edition knows', () => {
    const area = { ...NONE, areas: ['justice'] };
    expect(() => classify({ ...area, exit: { id: 'narrow-task', reason: 'because' } })).toThrow('Article 6(4)');
    expect(() => classify({ ...area, exit: { id: 'no-such', reason: WHY } })).toThrow('is no exit of Article 6(3)');
    expect(() => classify({ ...NONE, areas: ['banking'] })).toThrow('there are biometrics, infrastructure');
  });

  it('decides what an approval asks for from then on', () => {
    const high = classify({ ...NONE, areas: ['essential-services'], profiling: true, automated: true }).oversight;
    expect(high).toMatchObject({ board: true, humanReview: true, fundamentalRights: true, dataProtection: true });
    expect(high.roles).toEqual(['risk', 'domain', 'engineering']);
    expect(high.evidence).toContain('fairness');
    const minimal = classify(NONE).oversight;
    expect(minimal).toMatchObject({ board: false, humanReview: false, fundamentalRights: false, roles: [] });
    expect(classify({ ...NONE, areas: ['infrastructure'] }).oversight.fundamentalRights).toBe(false);
    expect(classify({ ...NONE, areas: ['infrastructure'], deployer: 'public-body' }).oversight.fundamentalRights).toBe(
      true,
    );
  });
});
