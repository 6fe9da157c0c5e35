import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readAlertmanager } from '../../../services/alerts/alertmanager.ts';
import { onEstate } from '../../../services/alerts/signal-place.ts';

const NOW = Temporal.Instant.from('2026-11-23T14:05:00Z');
const ZERO = '0001-01-01T00:00:00Z';
const estate = [
  { id: 'ep-fraud', workspace: 'mlw-payments-weu' },
  { id: 'ep-aml', workspace: 'mlw-payments-weu' },
];
const alert = (over: object = {}, labels: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'FraudLatency', severity: 'critical', endpoint: 'ep-fraud', deployment: 'green', ...labels },
  annotations: { summary: 'p95 of ep-fraud is 431 ms, limit 250 ms', runbook_url: 'https://wiki.example/latency' },
  startsAt: '2026-11-23T14:00:00.123Z',
  endsAt: ZERO,
  generatorURL: 'http://prometheus:9090/graph',
  fingerprint: '6ed6ab5e8d1f2a3b',
  ...over,
});
const delivery = (alerts: readonly unknown[], over: object = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="FraudLatency"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'wardroom',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts,
  ...over,
});
const read = (alerts: readonly unknown[], over: object = {}) => readAlertmanager(delivery(alerts, over), NOW);
const first = (over: object = {}, labels: object = {}) => read([alert(over, labels)]).signals[0];

describe('an alert of Alertmanager', () => {
  it('is a signal of its endpoint, with what its labels and notes say', () => {
    expect(first()).toMatchObject({
      source: 'alertmanager',
      kind: 'latency',
      condition: 'fired',
      dedupKey: 'alertmanager:6ed6ab5e8d1f2a3b@ep-fraud',
      endpoint: 'ep-fraud',
      deployment: 'green',
      rule: 'FraudLatency',
      severity: 0,
      headline: 'p95 of ep-fraud is 431 ms, limit 250 ms',
      details: { link: 'https://wiki.example/latency', dimensions: { endpoint: 'ep-fraud' } },
      stateless: false,
    });
    expect(first()?.startedAt.toString()).toBe('2026-11-23T14:00:00.123Z');
    expect(first()?.endedAt).toBeUndefined();
  });

  it('that still fires ends at Go’s zero time, which is no end', () => {
    expect(first({ status: undefined })?.condition).toBe('fired');
    expect(first({ status: undefined, endsAt: '2026-11-23T14:04:00Z' })).toMatchObject({ condition: 'resolved' });
    expect(first({ status: undefined, endsAt: '2026-11-23T14:09:00Z' })).toMatchObject({ condition: 'fired' });
  });

  it('that is over has the end that it says, and the key of its beginning', () => {
    const over = first({ status: 'resolved', endsAt: '2026-11-23T14:04:00Z' });
    expect(over).toMatchObject({ condition: 'resolved', dedupKey: first()?.dedupKey });
    expect(over?.endedAt?.toString()).toBe('2026-11-23T14:04:00Z');
    expect(over?.eventKey).not.toBe(first()?.eventKey);
    expect(first({ status: 'resolved', endsAt: 'yesterday' })?.endedAt).toEqual(NOW);
    const before = first({ status: 'resolved', endsAt: '2026-11-23T13:00:00Z' });
    expect(before?.endedAt).toEqual(before?.startedAt);
  });

  it('repeated as it was is the same event; with another note or another start it is a new one', () => {
    expect(first()?.eventKey).toBe(first()?.eventKey);
    expect(first({ annotations: { summary: 'now 500 ms' } })?.eventKey).not.toBe(first()?.eventKey);
    expect(first({ startsAt: '2026-11-23T14:03:00Z' })?.eventKey).not.toBe(first()?.eventKey);
  });

  it('without a fingerprint is told from others by its labels, in whatever order', () => {
    const bare = { fingerprint: undefined };
    const turned = { severity: 'critical', deployment: 'green', endpoint: 'ep-fraud', alertname: 'FraudLatency' };
    expect(first({ ...bare, labels: turned })?.dedupKey).toBe(first(bare)?.dedupKey);
    expect(first(bare, { instance: 'b' })?.dedupKey).not.toBe(first(bare)?.dedupKey);
  });

  it('finds its endpoint in any label, and a port named “endpoint” is none', () => {
    const found = (labels: object) => {
      const signal = first({}, { endpoint: undefined, deployment: undefined, ...labels });
      return signal && onEstate(signal, estate).endpoint;
    };
    const labels = (over: object) => JSON.parse(JSON.stringify(over)) as object;
    const only = (over: object) => {
      const signal = first({ labels: labels({ alertname: 'X', ...over }) });
      return signal && onEstate(signal, estate).endpoint;
    };
    expect(found({ endpoint: 'http-metrics', deployment: 'x', instance: 'ep-fraud.inference.ml.azure.com:443' })).toBe(
      'ep-fraud',
    );
    expect(only({ endpoint: 'http-metrics' })).toBeUndefined();
    expect(only({ deployment: 'ep-aml-blue' })).toBe('ep-aml');
    expect(only({ instance: 'ep-fraud', target: 'ep-aml' })).toBeUndefined();
    expect(only({ endpoint: 'EP-Fraud' })).toBe('ep-fraud');
  });

  it('without words of its own is named by its rule and its instance', () => {
    const signal = first({ annotations: {}, labels: { alertname: 'TargetDown', instance: 'node-3:9100' } });
    expect(signal).toMatchObject({ headline: 'TargetDown fires on node-3:9100', severity: 3, kind: 'availability' });
    expect(first({ annotations: {}, labels: {} })?.headline).toBe('unnamed rule fires');
  });
});

describe('a delivery of Alertmanager', () => {
  it('keeps its good alerts when some are bad', () => {
    const { signals, malformed } = read([alert(), null, 7, { labels: { a: 1 } }, { status: 'what', labels: {} }]);
    expect(signals).toHaveLength(1);
    expect(malformed.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    expect(malformed[2]).toMatchObject({ why: expect.stringContaining('labels.a'), body: { labels: { a: 1 } } });
  });

  it('of another version, or that is something else, is malformed with the reason and its text', () => {
    for (const body of [
      null,
      7,
      [],
      {},
      { version: '3', alerts: [] },
      { version: '4' },
      { version: '4', alerts: {} },
    ]) {
      const { signals, malformed } = readAlertmanager(body, NOW);
      expect(signals).toEqual([]);
      expect(malformed).toEqual([{ index: 0, why: expect.any(String), body }]);
    }
    expect(readAlertmanager({ version: '3', alerts: [] }, NOW).malformed[0]?.why).toBe(
      'version: only version 4 is known',
    );
  });

  it('that was cut by the sender says how many are missing', () => {
    expect(read([alert()], { truncatedAlerts: 12 }).malformed[0]?.why).toMatch(/^12 more alerts/);
  });

  it('with script, mark-up and endless text stays short, plain and without other links than https', () => {
    const signal = first({
      annotations: { summary: `<script>alert(1)</script>${'x'.repeat(100_000)}`, runbook_url: 'javascript:alert(1)' },
      generatorURL: 'file:///etc/passwd',
    });
    expect(signal?.headline.length).toBeLessThanOrEqual(300);
    expect(signal?.headline).not.toContain('<script>');
    expect(signal?.details.link).toBeUndefined();
  });
});
