import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  attribute,
  chooseForecast,
  classifyCourse,
  fitSmoothing,
  forecastFrom,
  holtLinear,
  holtWinters,
  intervalOf,
  median,
  modifiedZ,
  monthEnd,
  notifyOf,
  relativeMove,
  robustResiduals,
  seasonalNaive,
  simpleSmoothing,
  smooth,
  stl,
  tukeyFence,
  weekdayScore,
} from '../../../services/cost/index.ts';

/** Numbers computed by statsmodels, R, NumPy and by hand: see the `source` of each case. */
const golden = JSON.parse(readFileSync(new URL('../../data/golden-cost.json', import.meta.url), 'utf8'));
const find = (family: string, id: string) => golden[family].find((each: { id: string }) => each.id === id);
const near = (actual: readonly number[], expected: readonly number[], tol: number) => {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(tol);
};

describe('forecast', () => {
  it('simple smoothing from the first observation', () => {
    const { given, then } = find('forecast', 'ses-oil-alpha0.6');
    near(forecastFrom(simpleSmoothing(given['y'], { alpha: 0.6 }), 3), then['forecast'], 1e-4);
  });
  it('simple smoothing, optimised', () => {
    const { given, then, tol = 0 } = find('forecast', 'ses-oil-optimised');
    const found = fitSmoothing(given['y'], { trend: false });
    near([found.model.alpha, found.model.level], [then['alpha'], then['l0']], tol);
    near(forecastFrom(found, 1), then['forecast'], tol);
  });
  it('Holt, linear trend', () => {
    const { given, then, tol = 0 } = find('forecast', 'holt-air-0.8-0.2');
    const found = holtLinear(given['y'], { alpha: 0.8, betaStar: 0.2 });
    near(forecastFrom(found, 5), then['forecast'], tol);
    near([found.trend], [then['trend_last']], 1e-4);
  });
  it.each(['ets-AAdN-livestock-R', 'ets-AAA-austourists-R', 'ets-ANA-austourists-R', 'ets-AAN-oil-R'])('%s', (id) => {
    const { given, then, tol = 0 } = find('forecast', id);
    const found = smooth(given['y'], {
      alpha: given['alpha'],
      beta: given['beta'] ?? undefined,
      gamma: given['gamma'] ?? undefined,
      phi: given['phi'] ?? undefined,
      level: given['l0'],
      trend: given['b0'] ?? undefined,
      seasonal: given['seasonal0_oldest_first'] ?? undefined,
    });
    const forecast = then['forecast'];
    near(forecastFrom(found, forecast.length), forecast, tol);
    if ('mse' in then) near([found.mse], [then['mse']], 1e-3);
  });
  it('Holt-Winters, weekly', () => {
    const { given, then, tol = 0 } = find('forecast', 'hw-add-daily-cost-weekly');
    const { alpha, beta_star: betaStar, gamma_star: gammaStar, l0: level, b0: trend, s0: seasonal } = given as never;
    const found = holtWinters(given['y'], { alpha, betaStar, gammaStar, level, trend, seasonal });
    near(forecastFrom(found, 14), then['forecast'], tol);
    near([found.sse], [then['sse']], tol);
  });
  it('Holt-Winters, optimised', () => {
    const { given } = find('forecast', 'hw-add-daily-cost-weekly');
    const { then } = find('forecast', 'hw-add-daily-cost-optimised-total');
    const total = forecastFrom(fitSmoothing(given['y'], { trend: true, period: 7 }), 30).reduce((a, b) => a + b, 0);
    expect(Math.abs(total / then['sum_30'] - 1)).toBeLessThan(0.03);
  });
  it('seasonal naive', () => {
    const { given, then } = find('forecast', 'seasonal-naive');
    expect(seasonalNaive(given['y'], 7, 7)).toEqual(then['forecast']);
  });
  it('intervals of simple smoothing', () => {
    const { given } = find('forecast', 'ses-oil-alpha0.6');
    const { then } = find('forecast', 'ses-oil-0.6-intervals');
    const found = simpleSmoothing(given['y'], { alpha: 0.6 });
    near([Math.sqrt(found.mse)], [then['sigma']], 1e-4);
    for (const { h, lo80, hi80, lo95, hi95 } of then['intervals'] as Record<string, number>[]) {
      const [a, b] = [intervalOf(found, h as number, 80), intervalOf(found, h as number, 95)];
      near([a.low, a.high, b.low, b.high], [lo80, hi80, lo95, hi95] as number[], 1e-4);
    }
  });
  it('purchases are not part of the run rate', () => {
    const rows = Array.from({ length: 10 }, (_, day) => ({
      day: `2026-11-${String(day + 1).padStart(2, '0')}`,
      category: 'Usage' as const,
      cost: '100.00',
    }));
    const { then } = find('forecast', 'forecast-excludes-purchases');
    const end = monthEnd([{ day: '2026-11-01', category: 'Purchase', cost: '8760.00' }, ...rows], 10, 30);
    expect([end.runRatePerDay, end.usage, end.withPurchases].map((each) => each.toFixed(2))).toEqual([
      then['run_rate_per_day'],
      then['month_end_usage'],
      then['month_end_actual_incl_purchase'],
    ]);
  });
  it('accuracy', () => {
    const { given, then } = find('forecast', 'accuracy-metrics');
    const found = accuracyOf(given['actual'], given['forecast']);
    near(
      [found.mapePercent ?? 0, found.wapePercent ?? 0, found.bias, found.rmse],
      [then['mape_pct'], then['wape_pct'], then['bias'], then['rmse']],
      1e-4,
    );
  });
  it('too little history says so', () => {
    const { then } = find('forecast', 'not-enough-history');
    const { method, confidence, label } = chooseForecast([10, 11, 9, 10, 12], 3);
    expect({ method, confidence, label }).toEqual(then);
  });
});

describe('anomaly', () => {
  it.each(['kc-up-55', 'kc-up-50-exact', 'kc-down-60-large', 'new-service-from-zero', 'removed-cost'])('%s', (id) => {
    const { given, then } = find('anomaly', id);
    const found = relativeMove(given['mean_30d'], given['day'], {
      thresholdPercent: given['threshold_pct'],
      minCost: given['min_cost'],
    });
    expect(found).toMatchObject(then);
  });
  it('Tukey fences', () => {
    const { given, then } = find('anomaly', 'tukey-fence');
    expect(tukeyFence(given['residuals'], given['k'])).toEqual(then);
  });
  it.each(['mad-z', 'mad-zero-guard'])('%s', (id) => {
    const { given, then } = find('anomaly', id);
    const found = modifiedZ(given['x'], {
      threshold: given['threshold'],
      absoluteFloor: given['abs_floor'],
    });
    near([found.mad], [then['mad']], 1e-9);
    expect(found.flagged).toEqual(then['flagged']);
    if ('z' in then) near(found.z, then['z'], 1e-4);
  });
  it('a day against its weekday', () => {
    const { given, cases = [] } = find('anomaly', 'weekday-median-mad');
    for (const { dow_mon0, value, then } of cases as {
      dow_mon0: number;
      value: number;
      then: Record<string, number | boolean>;
    }[]) {
      const found = weekdayScore(given['history_56d_from_monday'], value, dow_mon0);
      near([found.median, found.score], [Number(then['weekday_median']), Number(then['score'])], 1e-3);
      expect(found.anomaly).toBe(then['anomaly']);
    }
  });
  it('an injected outlier stands alone in the residuals', () => {
    const { given, then } = find('anomaly', 'stl-robust-injected');
    const { residual } = stl(given['series'], { period: 7, robust: true });
    expect(robustResiduals(residual, 5)).toEqual(then['reference_flagged']);
  });
  it('a step change is told once', () => {
    const { given, then } = find('anomaly', 'step-change-not-repeated');
    const found = classifyCourse(given['baseline'], given['days']);
    expect(found).toEqual({ alerts: then['alerts'], class: then['class'], newBaseline: then['new_baseline'] });
  });
  it('a planned change wakes nobody', () => {
    const { given, then } = find('anomaly', 'suppressed-by-known-event');
    expect(notifyOf({ anomaly: true }, given['linked_change'])).toMatchObject(then);
  });
  it('drivers', () => {
    const { given, then } = find('anomaly', 'driver-attribution');
    const found = attribute(given['before'] as never, given['after'] as never);
    expect(found.drivers.map(({ name, delta }) => [name, delta])).toEqual(then['drivers']);
    near([found.delta, found.topSharePercent ?? 0], [then['delta'], then['top_share_pct']], 1e-3);
  });
  it('the median of nothing is no number', () => expect(median([])).toBeNaN());
});
