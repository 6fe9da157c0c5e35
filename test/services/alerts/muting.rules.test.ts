import { expect, it } from 'vitest';
import { type Candidate, judge } from '../../../services/alerts/muting.rules.ts';
import { groupKeyOf, routingOf, subjectOf } from '../../../services/alerts/routes.rules.ts';
import { readMatchers } from '../../../services/core/matchers.rules.ts';
import { DEFAULT_INHIBITIONS, route } from '../../../services/core/organisation.noise.ts';
import { signal, T0 } from './signal-fixtures.ts';

const matchers = (text: string) => {
  const read = readMatchers(text);
  if (!read.ok) throw new Error(read.why);
  return read.value;
};
const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  key: 'latency',
  subject: subjectOf(signal()),
  marks: { fired: [T0.epochMilliseconds], ended: [] },
  routing: { sendResolved: true, rules: [] },
  countKey: 'k',
  arrivals: [],
  quiets: [],
  inhibitions: DEFAULT_INHIBITIONS,
  firing: [],
  ...over,
});
const quiet = (kind: 'silence' | 'maintenance', text: string) => ({
  id: kind === 'silence' ? 'SIL-1' : 'MNT-1',
  kind,
  matchers: matchers(text),
  from: T0.epochMilliseconds - 1,
  until: T0.epochMilliseconds + 1_000,
  by: 'ann',
  reason: 'a test',
});
const held = (over: Partial<Candidate>) => judge(T0, candidate(over)).holds.map(({ rule, by }) => [rule, by]);
const down = { key: 'down', subject: { kind: 'availability', endpoint: 'ep-fraud' }, rule: 'Down' };

it('nothing holds what nothing is said about', () => expect(held({})).toEqual([]));

it('a silence and a maintenance hold what fits, while they last', () => {
  expect(held({ quiets: [quiet('silence', 'ep-fraud'), quiet('maintenance', 'kind=latency')] })).toEqual([
    ['Maintenance', 'MNT-1'],
    ['Silence', 'SIL-1'],
  ]);
  expect(held({ quiets: [quiet('silence', 'ep-churn')] })).toEqual([]);
  expect(held({ quiets: [{ ...quiet('silence', 'ep-fraud'), until: T0.epochMilliseconds }] })).toEqual([]);
  expect(held({ quiets: [{ ...quiet('silence', 'ep-fraud'), from: T0.epochMilliseconds + 1 }] })).toEqual([]);
});

it('an endpoint that is down mutes its own latency, not that of another, and never itself', () => {
  expect(held({ firing: [down] })).toEqual([['Inhibition', 'down']]);
  expect(held({ firing: [{ ...down, subject: { ...down.subject, endpoint: 'ep-churn' } }] })).toEqual([]);
  const both = [{ id: 'both', source: [...matchers('zone=a')], target: [...matchers('zone=a')], equal: [] }];
  const subject = { zone: 'a' };
  expect(held({ subject, inhibitions: both, firing: [{ key: 'other', subject, rule: 'Other' }] })).toEqual([]);
});

it('conditions say until when they hold', () => {
  const routing = { sendResolved: true, rules: [], firingFor: 60_000 };
  const verdict = judge(T0, candidate({ routing }));
  expect(verdict.again).toBe(T0.epochMilliseconds + 60_000);
  expect(judge(T0.add({ seconds: 60 }), candidate({ routing })).holds).toEqual([]);
  const counted = { sendResolved: true, rules: [], moreThan: { times: 2, within: 1_000 } };
  const at = T0.epochMilliseconds;
  expect(held({ routing: counted, arrivals: [at - 10, at] })).toEqual([['Condition', 'k']]);
  expect(held({ routing: counted, arrivals: [at - 20, at - 10, at] })).toEqual([]);
  expect(held({ routing: counted, arrivals: [at - 2_000, at - 1_500, at] })).toEqual([['Condition', 'k']]);
});

it('the first route that fits decides, default gives the rest, a rule made in chat comes on top', () => {
  const routes = [
    { id: 'default', groupWait: '10s', repeat: '1h' },
    { id: 'drift', match: 'kind=drift', groupBy: ['endpoint'] },
    { id: 'slow', match: ['kind=latency', 'ep-fraud'], groupBy: ['endpoint', 'alertname'], repeat: '2h' },
  ].map((each) => route.parse(each));
  const routing = routingOf(
    routes,
    [{ id: 'RUL-1', matchers: matchers('ep-fraud'), effect: { firingFor: 5 } }],
    signal(),
  );
  expect(routing).toMatchObject({
    route: 'slow',
    pace: { wait: 10_000, interval: 300_000, repeat: 7_200_000 },
    firingFor: 5,
  });
  expect(groupKeyOf(routing, signal())).toContain('endpoint=ep-fraud');
  expect(groupKeyOf(routing, signal())).not.toBe(groupKeyOf(routing, signal({ rule: 'another' })));
  expect(routingOf([], [], signal()).pace).toBeUndefined();
  expect(groupKeyOf(routingOf([], [], signal()), signal())).toBeUndefined();
});

it.each([
  [{ id: 'a', groupWait: 'soon' }, 'write a duration'],
  [{ id: 'a', match: 'kind=~"("' }, 'is no pattern'],
  [{ id: 'a', groupBy: ['two words'] }, 'list labels'],
  [{ id: 'a', flapping: { starts: 1, within: '5m', calm: '5m' } }, '2'],
  [{ id: 'a', channels: [] }, 'at least one channel'],
])('a route %j is refused: %s', (wrong, why) => {
  const read = route.safeParse(wrong);
  expect(read.success).toBe(false);
  expect(JSON.stringify(read.error?.issues)).toContain(why);
});
