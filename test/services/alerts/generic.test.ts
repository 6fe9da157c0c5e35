import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readGeneric } from '../../../services/alerts/generic.ts';
import { type Hook, hook } from '../../../services/core/organisation.ts';

const NOW = Temporal.Instant.from('2026-11-23T14:05:00Z');
const FULL = hook.parse({
  id: 'checks',
  endpoint: 'ep-fraud',
  match: { '/source': ['great-expectations', 7], '/live': true },
  fields: {
    headline: '/alert/title',
    severity: '/level',
    key: '/id',
    status: '/state',
    startedAt: '/at',
    endpoint: '/endpoint',
  },
  severities: { Urgent: 1 },
  resolvedWhen: ['passed', 0],
});
const BARE = hook.parse({ id: 'script', fields: { headline: '/text' } });
const event = {
  source: 'great-expectations',
  live: true,
  alert: { title: 'Column amount has 12 % nulls' },
  level: 'urgent',
  id: 42,
  state: 'failed',
  at: '2026-11-23T14:00:00Z',
};
const one = (body: unknown, by: Hook = FULL) => readGeneric(body, NOW, by).signals[0];
const why = (body: unknown, by: Hook = FULL) => readGeneric(body, NOW, by).malformed[0]?.why;

describe('an event of a sender of one’s own', () => {
  it('is read by the pointers of its hook', () => {
    expect(one(event)).toMatchObject({
      source: 'generic',
      condition: 'fired',
      dedupKey: 'generic:checks|42@ep-fraud',
      endpoint: 'ep-fraud',
      rule: 'checks',
      severity: 1,
      headline: 'Column amount has 12 % nulls',
      stateless: false,
    });
    expect(one(event)?.startedAt.toString()).toBe('2026-11-23T14:00:00Z');
    expect(one({ ...event, endpoint: 'ep-aml' })).toMatchObject({ endpoint: 'ep-aml' });
  });

  it('is over when its state is one of those named, with the key of its beginning', () => {
    for (const state of ['passed', 'PASSED ', 0, '0']) {
      expect(one({ ...event, state })).toMatchObject({ condition: 'resolved', dedupKey: one(event)?.dedupKey });
    }
    for (const state of ['failed', undefined, null, {}]) expect(one({ ...event, state })?.condition).toBe('fired');
  });

  it('has the severity of the hook’s words, else of everybody’s, else Sev3', () => {
    const severity = (level: unknown) => one({ ...event, level })?.severity;
    expect([severity('URGENT'), severity('critical'), severity(2), severity('odd'), severity({})]).toEqual([
      1, 0, 2, 3, 3,
    ]);
  });

  it('may say its time in ISO 8601, seconds or milliseconds; what is no time is now', () => {
    const start = (at: unknown) => one({ ...event, at })?.startedAt.toString();
    expect(start(1795442400)).toBe('2026-11-23T14:00:00Z');
    expect(start(1795442400123)).toBe('2026-11-23T14:00:00.123Z');
    for (const at of ['yesterday', -1, 1e300, null, []]) expect(start(at)).toBe(NOW.toString());
  });

  it('that names only a headline never ends by itself and is paired by it', () => {
    expect(one({ text: 'disk full' }, BARE)).toMatchObject({
      stateless: true,
      dedupKey: 'generic:script|disk full',
      condition: 'fired',
    });
  });

  it('delivered again is the same when it has a time, and fires again when it has none', () => {
    const later = NOW.add({ minutes: 5 });
    const key = (body: object, by: Hook, now: Temporal.Instant) => readGeneric(body, now, by).signals[0]?.eventKey;
    expect(key(event, FULL, later)).toBe(key(event, FULL, NOW));
    expect(key({ text: 'x' }, BARE, later)).not.toBe(key({ text: 'x' }, BARE, NOW));
  });

  it('that does not fit is told why', () => {
    expect(why({ ...event, source: 'other' })).toBe(
      'match: /source is "other", and this hook takes great-expectations, 7',
    );
    expect(why({ ...event, live: 'yes' })).toContain('match: /live');
    expect(why({ ...event, alert: {} })).toBe('fields.headline: /alert/title points to no text');
    expect(why({ ...event, alert: { title: ['x'] } })).toContain('fields.headline');
    expect(why({ ...event, id: { a: 1 } })).toContain('fields.key');
    for (const body of [null, 7, 'text', [[]]]) expect(why(body)).toBe('an event must be an object');
  });

  it('loses none of its good neighbours', () => {
    const { signals, malformed } = readGeneric([event, 7, { ...event, id: 43 }], NOW, FULL);
    expect(signals.map(({ dedupKey }) => dedupKey)).toEqual([
      'generic:checks|42@ep-fraud',
      'generic:checks|43@ep-fraud',
    ]);
    expect(malformed).toMatchObject([{ index: 1, body: 7 }]);
  });

  it('with hostile names and endless text stays what it is', () => {
    const signal = one({
      ...event,
      id: 'k'.repeat(100_000),
      endpoint: '../../etc',
      alert: { title: `<at>Ann</at>${'x'.repeat(100_000)}` },
    });
    expect(signal?.endpoint).toBe('ep-fraud');
    expect(signal?.dedupKey.length).toBeLessThan(300);
    expect(signal?.headline.length).toBeLessThanOrEqual(300);
  });
});
