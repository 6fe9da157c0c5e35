import { describe, expect, it } from 'vitest';
import { monitorMetric, type RunSeen, readMonitor, readRun } from '../../../services/intake/pilot-measure.rules.ts';

const RUN: RunSeen = {
  id: 'train_churn_4',
  workspace: 'mlw-retail-weu',
  status: 'FINISHED',
  metrics: {
    auc: { value: 0.81, at: '2026-11-20T03:00:00Z' },
    test_rows: { value: 4200, at: '2026-11-20T03:00:00Z' },
  },
  params: { holdout: '640', test_size: '0.2' },
};
const of = (metric: string, sample?: string) => ({ kind: 'run' as const, metric, ...(sample ? { sample } : {}) });

describe('a metric of a run', () => {
  it('comes with when it was logged, on how many cases, and where from', () => {
    expect(readRun(of('AUC'), RUN)).toEqual({
      measured: { value: 0.81, sample: 4200, takenAt: '2026-11-20T03:00:00Z' },
      source: 'Azure ML run train_churn_4 of mlw-retail-weu, metric auc',
    });
    expect(readRun(of('auc', 'holdout'), RUN).measured.sample).toBe(640);
  });

  it.each<[string, ReturnType<typeof of>, Partial<RunSeen>, string]>([
    ['a run that is not over', of('auc'), { status: 'RUNNING' }, 'is still running: its metrics prove nothing'],
    ['a failed run', of('auc'), { status: 'FAILED' }, 'failed: its metrics prove nothing'],
    ['a metric it did not log', of('auk'), {}, 'logged no metric “auk”'],
    ['a run without metrics', of('auc'), { metrics: {} }, 'logged no metric'],
    [
      'no sample',
      of('auc'),
      { metrics: { auc: { value: 1, at: '2026-11-20T03:00:00Z' } } },
      'does not say on how many cases',
    ],
    ['a share instead of a count', of('auc', 'test_size'), {}, 'does not say under “test_size”'],
  ])('refuses %s', (_name, source, over, why) => {
    expect(() => readRun(source, { ...RUN, ...over })).toThrow(why);
  });
});

describe('what Azure Monitor saw', () => {
  const seen = {
    minutes: 60,
    points: [
      { at: '2026-11-20T00:00:00.000Z', value: 100 },
      { at: '2026-11-20T01:00:00.000Z', value: 400 },
    ],
    requests: [
      { at: '2026-11-20T00:00:00.000Z', perMinute: 30, failed: 0 },
      { at: '2026-11-20T01:00:00.000Z', perMinute: 10, failed: 2 },
    ],
    from: '2026-11-20T00:00:00Z',
    to: '2026-11-20T02:00:00Z',
  };
  const metric = (name: string) => ({ kind: 'monitor' as const, endpoint: 'ep-churn', metric: name });

  it('counts each hour by its requests', () => {
    // (30·100 + 10·400) / 40
    expect(readMonitor(metric('RequestLatency_P95'), seen)).toEqual({
      measured: { value: 175, sample: 2400, takenAt: seen.to },
      source:
        'Azure Monitor, RequestLatency_P95 of ep-churn, mean of hourly values, weighted by requests, 2026-11-20 00:00 to 2026-11-20 02:00',
    });
    expect(readMonitor(metric('error-percent'), seen).measured.value).toBe(5);
    expect(readMonitor(metric('RequestsPerMinute'), seen).measured.value).toBe(20);
  });

  it('proves nothing without requests, and knows its metrics', () => {
    expect(() => readMonitor(metric('RequestLatency'), { ...seen, requests: [] })).toThrow(
      'saw no request to ep-churn',
    );
    expect(() => readMonitor(metric('RequestLatency'), { ...seen, points: [] })).toThrow(
      'no RequestLatency of ep-churn',
    );
    expect(monitorMetric('requestlatency_p95', undefined)).toBe('RequestLatency_P95');
    expect(() => monitorMetric('RequestLatency_P96', undefined)).toThrow('no metric “RequestLatency_P96”');
    expect(() => monitorMetric('CpuUtilizationPercentage', undefined)).toThrow('of an endpoint');
    expect(monitorMetric('CpuUtilizationPercentage', 'blue')).toBe('CpuUtilizationPercentage');
  });
});
