import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { gate, type StoredFinding } from '../../../services/approvals/evidence.rules.ts';
import { parsed } from '../../../services/approvals/evidence-about.ts';
import { unpinned } from '../../../services/approvals/evidence-estate.ts';
import { checksFinding, readFairness } from '../../../services/approvals/evidence-model.ts';
import { readExplanation } from '../../../services/approvals/explanation.rules.ts';
import { cellsByGroup, fairnessOf, fairnessVerdict } from '../../../services/approvals/fairness.rules.ts';
import { aucError, metricLines } from '../../../services/approvals/metrics.rules.ts';
import { changesOf, type Subject, subjectDigest } from '../../../services/approvals/subject.rules.ts';

const NOW = Temporal.Instant.from('2026-11-23T14:00:00Z');
const golden = JSON.parse(readFileSync(new URL('../../data/approvals/golden-fairness.json', import.meta.url), 'utf8'));

describe('fairness is what fairlearn says', () => {
  interface Case {
    id: string;
    y_true: number[];
    y_pred: number[];
    sensitive: string[];
    weights?: number[];
    [measure: string]: unknown;
  }
  it.each((golden.fairness as Case[]).map((each) => [each.id, each] as const))('%s', (_id, each) => {
    const found = fairnessOf(cellsByGroup(each.y_true, each.y_pred, each.sensitive));
    expect(found.demographicParityDifference).toBeCloseTo(each['demographic_parity_difference'] as number, 12);
    expect(found.demographicParityRatio).toBeCloseTo(each['demographic_parity_ratio'] as number, 12);
    expect(found.equalizedOddsDifference).toBeCloseTo(each['equalized_odds_difference'] as number, 12);
    expect(found.equalizedOddsRatio).toBeCloseTo(each['equalized_odds_ratio'] as number, 12);
    const weighted = each['demographic_parity_difference_weighted'];
    if (each.weights && typeof weighted === 'number') {
      const cells = cellsByGroup(each.y_true, each.y_pred, each.sensitive, each.weights);
      expect(fairnessOf(cells).demographicParityDifference).toBeCloseTo(weighted, 12);
    }
    const whole = each['demographic_parity_difference_to_overall'];
    if (typeof whole === 'number') {
      const cells = cellsByGroup(each.y_true, each.y_pred, each.sensitive);
      expect(fairnessOf(cells, { toOverall: true }).demographicParityDifference).toBeCloseTo(whole, 12);
      expect(fairnessOf(cells, { mean: true }).equalizedOddsDifference).toBeCloseTo(
        each['equalized_odds_difference_mean'] as number,
        12,
      );
      expect(fairnessOf(cells).equalOpportunityDifference).toBeCloseTo(
        each['equal_opportunity_difference'] as number,
        12,
      );
    }
  });

  it('refuses a verdict below the least number of people, whatever the numbers say', () => {
    const [first] = golden.fairness as Case[];
    const cells = cellsByGroup(first?.y_true ?? [], first?.y_pred ?? [], first?.sensitive ?? []);
    const verdict = fairnessVerdict(fairnessOf(cells, { minCell: 30 }), { minCell: 30, maxDifference: 1 });
    expect(verdict).toMatchObject({
      state: 'no-verdict',
      why: expect.stringMatching(/^group a has 2 people who should be selected, and \d more; at least 30/),
    });
  });
  it('nobody selected anywhere has no ratio; nobody selected in one group has the ratio 0', () => {
    const none = { tp: 0, fp: 0, tn: 50, fn: 50 };
    const some = { tp: 25, fp: 25, tn: 25, fn: 25 };
    expect(
      fairnessOf(
        new Map([
          ['a', none],
          ['b', none],
        ]),
      ).demographicParityRatio,
    ).toBeNaN();
    expect(
      fairnessOf(
        new Map([
          ['a', none],
          ['b', some],
        ]),
      ).demographicParityRatio,
    ).toBe(0);
    expect(
      fairnessVerdict(
        fairnessOf(
          new Map([
            ['a', none],
            ['b', some],
          ]),
        ),
        { minCell: 1, maxDifference: 0.1 },
      ).state,
    ).toBe('unfair');
    expect(fairnessVerdict(fairnessOf(new Map([['a', some]])), { minCell: 1 }).state).toBe('no-verdict');
  });
  it('where nobody is falsely selected anywhere the equalised odds ratio is that of the hits, as fairlearn says', () => {
    const group = (tp: number) => ({ tp, fp: 0, tn: 50, fn: 50 - tp });
    const found = fairnessOf(
      new Map([
        ['a', group(20)],
        ['b', group(40)],
      ]),
    );
    expect([found.equalizedOddsRatio, found.equalizedOddsDifference]).toEqual([0.5, 0.4]);
    const missed = { tp: 0, fp: 10, tn: 40, fn: 50 };
    const none = fairnessOf(
      new Map([
        ['a', missed],
        ['b', missed],
      ]),
    );
    expect(none.equalizedOddsRatio, 'nobody is hit anywhere').toBeNaN();
  });
  it('says which row cannot be read', () => {
    expect(() => cellsByGroup([0, 2], [0, 1], ['a', 'b'])).toThrow(/row 2: labels are 0 or 1/);
    expect(() => cellsByGroup([0], [0, 1], ['a'])).toThrow(/different lengths/);
    expect(() => readFairness({ y_true: [1] })).toThrow(/fairness.json is not of the expected form/);
  });
});

describe('SHAP values', () => {
  const linear = golden.shap_shapes.find((each: { coef?: number[] }) => each.coef) as {
    X: number[][];
    coef: number[];
    intercept: number;
    expected_value: number;
    shap_values: number[][];
    mean_abs: number[];
  };
  const features = ['x1', 'x2', 'x3'];
  const predictions = linear.X.map((row) =>
    row.reduce((sum, x, at) => sum + x * (linear.coef[at] ?? 0), linear.intercept),
  );
  const values = linear.shap_values;
  const last = values.map((row) => row.map((phi) => [-phi, phi]));
  const perClass = [values.map((row) => row.map((phi) => -phi)), values];
  it.each([
    ['one output', { features, values, base: linear.expected_value, predictions }],
    ['base values by row', { features, values, base: values.map(() => linear.expected_value), predictions }],
    ['an expected value in a list', { features, values, base: [linear.expected_value], predictions }],
    ['outputs last', { features, values: last, base: [1, linear.expected_value], predictions }],
    ['a list per class', { features, values: perClass, base: [1, linear.expected_value], predictions }],
    [
      'base values by row and output',
      { features, values: last, base: values.map(() => [1, linear.expected_value]), predictions },
    ],
  ])('as %s add up and rank the same', (_what, raw) => {
    const found = readExplanation(raw);
    expect(found.gap).toBeLessThan(1e-6);
    expect(found.features.map(({ name }) => name)).toEqual(['x1', 'x3', 'x2']);
    expect(found.features[0]?.meanAbs).toBeCloseTo(linear.mean_abs[0] ?? 0, 12);
    expect(found.rows).toBe(6);
  });
  it('of as many rows as outputs are compared with the prediction of each row', () => {
    const two = { features, values: last.slice(0, 2), base: [1, linear.expected_value] };
    expect(readExplanation({ ...two, predictions: predictions.slice(0, 2) }).gap).toBeLessThan(1e-6);
    const both = predictions.slice(0, 2).map((said) => [1 - said, said]);
    expect(readExplanation({ ...two, predictions: both }).gap).toBeLessThan(1e-6);
  });
  it('that do not add up are found out', () => {
    const off = values.map((row) => [...row.slice(0, 2), (row[2] ?? 0) + 0.01]);
    expect(readExplanation({ features, values: off, base: linear.expected_value, predictions }).gap).toBeCloseTo(
      0.01,
      9,
    );
  });
  it.each([
    [{ features, values: [[1, 2]], base: 0 }, /row 1 has 2 values for 3 features/],
    [{ features, values: [[1, 2, Number.NaN]], base: 0 }, /row 1 holds NaN/],
    [{ features, values: [], base: 0 }, /not a table|no row/],
    [{ features: [], values: [[1]], base: 0 }, /no feature/],
    [{ features, values, base: 'zero' }, /base value of row 1 is no number/],
    [{ features, values, base: 0, predictions: [1] }, /1 predictions for 6 rows/],
  ])('that cannot be read say where', (raw, why) => {
    expect(() => readExplanation(raw)).toThrow(why);
  });
});

describe('metrics', () => {
  const measured = (auc: number, rows = 180_000, positives = 5600) => ({
    metrics: { auc, log_loss: 0.2, accuracy: 0.97, test_rows: rows },
    rows,
    positives,
  });
  const auc = (candidate: number, serving: number, rows?: number, positives?: number) =>
    metricLines(measured(candidate, rows, positives), measured(serving, rows, positives), { auc: 0.005 }).find(
      ({ name }) => name === 'auc',
    );
  it.each([
    ['better', 0.951, 0.943, 180_000, 5600, 'good'],
    ['the same, on many rows', 0.943, 0.943, 180_000, 56_000, 'good'],
    ['the same, on few rows', 0.943, 0.943, 900, 40, 'unsure'],
    ['worse by far', 0.9, 0.943, 180_000, 56_000, 'worse'],
  ])('%s is %s', (_what, now, before, rows, positives, state) => {
    expect(auc(now, before, rows, positives)?.state).toBe(state);
  });
  it('carry intervals where it is known how many rows they rest on', () => {
    const lines = metricLines(measured(0.951), undefined, {});
    expect(lines.map(({ name, interval }) => [name, interval !== undefined])).toEqual([
      ['accuracy', true],
      ['auc', true],
      ['log_loss', false],
    ]);
    // Hanley and McNeil (1982), table 2: AUC 0.893 of 51 abnormal and 58 normal images has the standard error 0.032.
    expect(aucError('auc', 0.893, 109, 51)).toBeCloseTo(0.0325, 4);
  });
});

describe('the gate', () => {
  const finding = (kind: string, state: StoredFinding['state'], daysOld = 0): StoredFinding => ({
    id: '1',
    kind,
    state,
    summary: 'said so',
    source: 'a test',
    digest: 'd',
    as_of: NOW.subtract({ minutes: 1440 * daysOld }).toString(),
    checked_at: NOW.toString(),
    by: 'ann',
    body: {},
  });
  const asked = { metrics: 30 * 1440, drift: 3 * 1440 };
  it.each([
    ['nothing found', [], false, 2],
    ['one missing', [finding('metrics', 'present')], false, 1],
    ['all there', [finding('metrics', 'present'), finding('drift', 'present')], true, 0],
    ['one too old', [finding('metrics', 'present'), finding('drift', 'present', 4)], false, 1],
    ['one not good enough', [finding('metrics', 'failed'), finding('drift', 'present')], false, 1],
    [
      'what is not required may fail',
      [finding('metrics', 'present'), finding('drift', 'present'), finding('cost', 'missing')],
      true,
      0,
    ],
  ])('%s', (_what, found, open, lacking) => {
    const result = gate(NOW, asked, found);
    expect([result.open, result.lacking.length]).toEqual([open, lacking]);
  });
  it('shows what is too old with its age', () => {
    const { items } = gate(NOW, asked, [finding('drift', 'present', 4)]);
    expect(items.find(({ kind }) => kind === 'drift')).toMatchObject({
      state: 'stale',
      summary: 'said so (4 days old, at most 3 days)',
    });
    const hardly = gate(NOW, asked, [finding('drift', 'present', 3 + 1 / 1440)]).items.find(
      ({ kind }) => kind === 'drift',
    );
    expect(hardly?.summary).toBe('said so (more than 3 days old, at most 3 days)');
  });
});

describe('files that people bring', () => {
  it.each([
    ['{"a": NaN}', /holds NaN/],
    ['[-Infinity]', /holds -Infinity/],
    ['{"a": ', /is not JSON/],
    ['<html>', /is not JSON/],
  ])('%s is refused by name', (text, why) => {
    expect(() => parsed(text, 'it')).toThrow(why);
  });
  it('a check says which way is better', () => {
    const check = (value: number, better: 'higher' | 'lower') =>
      checksFinding({ checks: [{ name: 'x', value, limit: 1, better }] }, 'f', 's', NOW).state;
    expect([check(2, 'higher'), check(2, 'lower'), check(1, 'lower'), check(0.5, 'higher')]).toEqual([
      'present',
      'failed',
      'present',
      'failed',
    ]);
  });
  it('packages without a version are named', () => {
    const conda = 'dependencies:\n  - python=3.11\n  - numpy\n  - pip:\n      - lightgbm==4.5.0\n      - mlflow>=2\n';
    expect(unpinned(conda)).toEqual(['the package numpy', 'the package mlflow']);
  });
});

describe('another subject', () => {
  const subject: Subject = {
    plan: {
      kind: 'promote',
      endpoint: 'ep-fraud',
      workspace: 'w',
      model: { name: 'fraud-detector', version: '8' },
      artifact: { sha256: 'a'.repeat(64), of: 'files' },
      deployment: 'v8',
      from: { blue: 100 },
      steps: [{ kind: 'live', percent: 100, minutes: 0 }],
      guards: { errorPoints: 1, latencyRatio: 1, minRequests: 1 },
      what: 'x',
    },
    evidence: { metrics: 'm1' },
    policy: 'p1',
  };
  const none = { before: {}, after: {} };
  const { plan } = subject;
  it.each([
    [
      { ...subject, plan: { ...plan, model: { name: 'fraud-detector', version: '9' } } },
      ['the version is fraud-detector:9, not fraud-detector:8'],
    ],
    [
      { ...subject, plan: { ...plan, artifact: { sha256: 'b'.repeat(64), of: 'files' as const } } },
      ['the files of fraud-detector:8 are others: bbbbbbbbbbbb…, not aaaaaaaaaaaa…'],
    ],
    [{ ...subject, plan: { ...plan, endpoint: 'ep-aml' } }, ['the target is ep-aml, not ep-fraud']],
    [
      { ...subject, plan: { ...plan, steps: [{ kind: 'live' as const, percent: 10, minutes: 60 }, ...plan.steps] } },
      ['the traffic goes 10 % for 1 h, 100 %, not 100 %'],
    ],
    [{ ...subject, evidence: {} }, ['metrics is missing now']],
    [{ ...subject, evidence: { metrics: 'm1', drift: 'd' } }, ['drift was added: a new finding']],
    [{ ...subject, policy: 'p2' }, ['the policy of the vote was changed']],
  ])('has another digest and is told in words', (other, words) => {
    expect(subjectDigest(other)).not.toBe(subjectDigest(subject));
    expect(changesOf(subject, other, none)).toEqual(words);
  });
});
