import { describe, expect, it } from 'vitest';
import { AI_ACT, editionOf } from '../../../services/intake/ai-act.ts';
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
    ['credit scoring', { areas: ['credit-insurance'], profiling: true }, 'high', 0.75, 'Annex III(5)(b) and (c)'],
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

  // Article 6(3), first subparagraph: no significant risk of harm, and no sway over what is decided.
  it.each<[string, Partial<RiskAnswers>, string]>([
    ['it decides without a person', { automated: true }, 'because it decides without a person'],
    ['it can harm', { sensitive: ['harm'] }, 'because it can harm body or mind'],
    ['it touches rights', { sensitive: ['opportunity', 'rights'] }, 'because it touches human rights'],
  ])('an exit does not help when %s', (_name, over, words) => {
    const exit = { id: 'preparatory', reason: WHY };
    const verdict = classify({ ...NONE, areas: ['education'], exit, ...over });
    expect(verdict.class).toBe('high');
    const against = verdict.reasons.find(({ article }) => article === 'Article 6(3), first sentence');
    expect(against?.words).toContain(words);
  });

  it('tells a public body until when what it uses already may stay as it is', () => {
    const { reasons } = classify({ ...NONE, areas: ['education'], deployer: 'public-body' });
    expect(reasons.at(-1)).toEqual({
      article: 'Article 111(2)',
      words: 'a public body that uses it from before has until 2030-08-02',
    });
  });

  it('lists what the Act asks of a high-risk system, and of no other', () => {
    const articles = classify({ ...NONE, safetyComponent: true }).duties?.map(({ article }) => article);
    expect(articles).toEqual(
      expect.arrayContaining(['Article 9', 'Article 14', 'Article 15', 'Article 26(7) and (11)']),
    );
    expect(classify(NONE).duties).toBeUndefined();
  });

  it('says of everything where and when it was read', () => {
    const { prohibited, areas, exits, transparency, duties } = AI_ACT;
    for (const { id, source, read } of [...prohibited, ...areas, ...exits, ...transparency, ...duties])
      expect([id, source, read]).toEqual([
        id,
        expect.stringMatching(/^Regulation \(EU\)/),
        expect.stringMatching(/^2026-/),
      ]);
    const [reason] = classify({ ...NONE, prohibited: ['child-abuse'] }).reasons;
    expect(reason).toMatchObject({ article: 'Article 5(1)(bb)', from: '2026-12-02' });
    expect(reason?.source).toContain('by secondary sources, read 2026-');
  });

  it('asks for a reasoning, and knows only what the edition knows', () => {
    const area = { ...NONE, areas: ['justice'] };
    expect(() => classify({ ...area, exit: { id: 'narrow-task', reason: 'because' } })).toThrow('Article 6(4)');
    expect(() => classify({ ...area, exit: { id: 'no-such', reason: WHY } })).toThrow('is no exit of Article 6(3)');
    expect(() => classify({ ...NONE, areas: ['banking'] })).toThrow('there are biometrics, infrastructure');
  });

  it('decides what an approval asks for from then on', () => {
    const high = classify({ ...NONE, areas: ['credit-insurance'], profiling: true, automated: true }).oversight;
    expect(high).toMatchObject({ board: true, humanReview: true, fundamentalRights: true, dataProtection: true });
    expect(high.roles).toEqual(['risk', 'domain', 'engineering']);
    expect(high.evidence).toContain('fairness');
    const minimal = classify(NONE).oversight;
    expect(minimal).toMatchObject({ board: false, humanReview: false, fundamentalRights: false, roles: [] });
  });

  // Article 27(1): systems of Annex III, not of its point 2; public deployers, and everybody for 5(b) and (c).
  it.each<[string, Partial<RiskAnswers>, boolean]>([
    ['hiring in a private company', { areas: ['employment'] }, false],
    ['hiring in a public body', { areas: ['employment'], deployer: 'public-body' }, true],
    ['education by a private public service', { areas: ['education'], deployer: 'public-service' }, true],
    ['credit scoring in a private bank', { areas: ['credit-insurance'] }, true],
    ['public benefits by a private company', { areas: ['essential-services'] }, false],
    ['critical infrastructure of a public body', { areas: ['infrastructure'], deployer: 'public-body' }, false],
    ['a safety component alone', { safetyComponent: true, deployer: 'public-body' }, false],
    ['talking to people', { transparency: ['talks-to-people'], deployer: 'public-body' }, false],
  ])('an assessment of fundamental rights is asked for: %s', (_name, over, expected) => {
    expect(classify({ ...NONE, ...over }).oversight.fundamentalRights).toBe(expected);
  });

  it('names what else applies after what decides', () => {
    const { reasons } = classify({
      ...NONE,
      areas: ['employment'],
      transparency: ['talks-to-people'],
      healthData: true,
    });
    expect(reasons.map(({ article }) => article)).toEqual(['Annex III(4)', 'GDPR Article 9', 'Article 50(1)']);
  });

  it('a practice that is forbidden from a later day says from when', () => {
    expect(classify({ ...NONE, prohibited: ['intimate-images'] }).appliesFrom).toBe('2026-12-02');
    expect(classify({ ...NONE, prohibited: ['intimate-images', 'emotions'] }).appliesFrom).toBe('2025-02-02');
  });

  it('follows the edition of wardroom.yaml, list by list', () => {
    const act = editionOf({
      asOf: '2027-05-01',
      areas: [{ id: 'housing', article: 'Annex III(9)', words: 'housing', point: 9, everyDeployer: true }],
      dates: { annexIII: '2028-01-01' },
    });
    const verdict = classify({ ...NONE, areas: ['housing'] }, act);
    expect(verdict).toMatchObject({ class: 'high', asOf: '2027-05-01', appliesFrom: '2028-01-01' });
    expect(verdict.oversight.fundamentalRights).toBe(true);
    expect(() => classify({ ...NONE, areas: ['employment'] }, act)).toThrow('there are housing');
    expect(act.prohibited).toBe(AI_ACT.prohibited);
    expect(editionOf(undefined)).toEqual(AI_ACT);
  });
});
