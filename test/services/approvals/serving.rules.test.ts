import { describe, expect, it } from 'vitest';
import { differences, servesOf } from '../../../services/approvals/serving.rules.ts';
import { approvedBefore, servedBefore } from '../../../services/approvals/way-back.rules.ts';
import { quickPlan } from '../../dialogs/approvals/promotions.ts';

const expected = servesOf({
  traffic: { blue: 90, green: 10, old: 0 },
  mirror: {},
  models: { blue: 'fraud-detector:6', green: 'fraud-detector:7', old: 'fraud-detector:5' },
});

describe('what serves against what should', () => {
  it.each([
    ['the same, with a deployment that gets nothing', { ...expected, traffic: { ...expected.traffic, old: 0 } }, []],
    [
      'other shares',
      { ...expected, traffic: { green: 100 } },
      ['traffic is green 100 % instead of blue 90 %, green 10 %'],
    ],
    [
      'a mirror that nobody approved',
      { ...expected, mirror: { old: 20 } },
      ['mirrored is old 20 % instead of nothing'],
    ],
    [
      'another model in the same deployment',
      { ...expected, models: { ...expected.models, green: 'fraud-detector:5' } },
      ['green serves fraud-detector:5 instead of fraud-detector:7'],
    ],
    [
      'nothing at all',
      { traffic: {}, mirror: {}, models: {} },
      ['traffic is nothing instead of blue 90 %, green 10 %'],
    ],
  ])('%s', (_, found, words) => expect(differences(expected, found).map((each) => each.words)).toEqual(words));
  it('forgets the models of what serves nobody', () => expect(Object.keys(expected.models)).toEqual(['blue', 'green']));
});

describe('the way back without new votes', () => {
  const done = (version: string, deployment: string) => ({
    id: `ROL-${version}`,
    request: `REQ-${version}`,
    plan: quickPlan({ deployment, model: { name: 'fraud-detector', version } }),
  });
  const deployments = [
    { name: 'blue', model: 'fraud-detector:8' },
    { name: 'green', model: 'fraud-detector:7' },
  ];
  it('is the version before the one that serves', () =>
    expect(
      approvedBefore([done('8', 'blue'), done('7', 'green')], { traffic: { blue: 100 }, deployments }),
    ).toMatchObject({
      deployment: 'green',
      model: 'fraud-detector:7',
      request: 'REQ-7',
    }));
  it('is the approved one when somebody moved the traffic past it', () =>
    expect(approvedBefore([done('8', 'blue')], { traffic: { green: 100 }, deployments })?.request).toBe('REQ-8'));
  it('is none when nothing was approved, or its deployment serves another version now', () => {
    expect(approvedBefore([], { traffic: { blue: 100 }, deployments })).toBeUndefined();
    expect(approvedBefore([done('6', 'green')], { traffic: { blue: 100 }, deployments })).toBeUndefined();
    expect(approvedBefore([done('8', 'blue')], { traffic: { blue: 100 }, deployments })).toBeUndefined();
  });
  it('leads to what served before the first promotion, for a vote or an emergency, and back from there to nothing', () => {
    const first = { ...done('8', 'green'), plan: quickPlan({ deployment: 'green', from: { blue: 90, old: 10 } }) };
    const back = (traffic: Record<string, number>) => servedBefore([first], { traffic, deployments });
    expect(back({ green: 100, blue: 0 })).toEqual({ deployment: 'blue', model: 'fraud-detector:8' });
    expect(back({ green: 0, blue: 100 })).toBeUndefined();
    expect(servedBefore([first], { traffic: { green: 100 }, deployments: deployments.slice(1) })).toBeUndefined();
  });
});
