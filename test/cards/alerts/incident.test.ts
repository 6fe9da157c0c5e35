import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type IncidentView, incidentCard, incidentSummary } from '../../../cards/alerts/incident.ts';
import { pageCard } from '../../../cards/alerts/page.ts';
import { saidCard } from '../../../cards/alerts/said.ts';
import type { Card } from '../../../cards/card.ts';
import { buttonsOf, textOf } from '../seen.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-23T${time}:00Z`);
const view: IncidentView = {
  now: at('14:07'),
  id: 'INC-101',
  state: 'firing',
  severity: 1,
  headline: 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20',
  since: at('14:05'),
  owner: 'Fraud',
  business: {
    purpose: 'Stops stolen cards',
    moneyPerHour: { amount: '4200', currency: 'EUR' },
    unit: 'payments',
    unitsSince: 3100,
  },
  drift: [{ feature: 'amount', value: 0.31, limit: 0.2 }],
  changed: [{ what: 'green got 10% of the traffic', at: at('13:20') }],
  alerts: [{ headline: 'PSI of amount is 0.31', since: at('14:05') }],
  onCall: [{ id: '00000000-0000-4000-8000-000000000001', name: 'Ann Berg' }],
  next: { who: ['Ben Okafor'], at: at('14:15') },
  rollback: { endpoint: 'ep-fraud', to: 'blue' },
  source: 'Azure Monitor',
};
const acknowledged: IncidentView = {
  ...view,
  now: at('14:16'),
  state: 'acknowledged',
  acknowledged: { by: 'Ben Okafor', at: at('14:16') },
};
const resolved: IncidentView = {
  ...acknowledged,
  now: at('14:52'),
  state: 'resolved',
  resolved: { at: at('14:52'), why: 'traffic is back on blue' },
};
const mentioned = (card: Card) => card.msteams?.entities?.map((entity) => entity.mentioned.id) ?? [];

describe('while nobody has acted', () => {
  const card = incidentCard(view);
  const text = textOf(card);
  it('says what is so, what it costs and who is called next', () => {
    expect(text).toContain('SEV 1 · firing');
    expect(text).toContain('about €4,200 an hour is at risk; 3,100 payments since');
    expect(text).toContain('pages Ben Okafor at {{TIME(2026-11-23T14:15:00Z)}} unless somebody acknowledges');
    expect(text).toContain('green got 10 % of the traffic, 45 min before');
  });
  it('calls the person on call by the Entra id, and nobody else', () => {
    expect(mentioned(card)).toEqual(['00000000-0000-4000-8000-000000000001']);
    expect(text).not.toContain('<at>Ben');
  });
  it('offers to acknowledge and to roll back, the rest in the menu', () => {
    expect(buttonsOf(card)).toEqual([
      'Acknowledge: alerts.acknowledge {"incident":"INC-101"}',
      'Roll back to blue: approvals.rollback {"incident":"INC-101","endpoint":"ep-fraud"} dangerous',
      'Resolve: alerts.resolve {"incident":"INC-101"} in the menu',
      'Escalate now: alerts.escalate {"incident":"INC-101"} in the menu',
      // What hosts would drop stands in a second row that “More” opens.
      'Silence: alerts.silence {"matching":"INC-101"}',
      'Timeline: alerts.timeline {"incident":"INC-101"}',
      'Snooze 30 min: alerts.snooze {"incident":"INC-101"} in the menu',
      'Follow: alerts.follow {"incident":"INC-101"} in the menu',
    ]);
  });
  it('tells the notification the severity first', () => {
    expect(incidentSummary(view)).toBe('SEV 1: ep-fraud drifts: PSI of amount is 0.31, limit 0.20');
  });
});

describe('once it is acknowledged', () => {
  const card = incidentCard(acknowledged);
  it('mentions nobody any more and says who was how quick', () => {
    expect(mentioned(card)).toEqual([]);
    expect(textOf(card)).toContain('after 11 min by Ben Okafor');
    expect(textOf(card)).not.toContain('pages');
  });
  it('offers to roll back and to resolve with a reason', () => {
    expect(buttonsOf(card).slice(0, 2)).toEqual([
      'Roll back to blue: approvals.rollback {"incident":"INC-101","endpoint":"ep-fraud"} dangerous',
      'Resolve > Resolve INC-101: alerts.resolve {"incident":"INC-101"}',
    ]);
  });
  it('does not offer a second rollback while one waits for votes', () => {
    const waiting = incidentCard({
      ...acknowledged,
      request: { id: 'REQ-101', what: 'Roll back', missing: '1 more approval; a vote from risk' },
    });
    expect(buttonsOf(waiting).join()).not.toContain('Roll back');
    expect(textOf(waiting)).toContain('REQ-101: 1 more approval; a vote from risk');
  });
});

describe('while it is being changed', () => {
  const card = incidentCard({
    ...acknowledged,
    state: 'changing',
    change: { word: 'rolling back', step: 'Azure moves the traffic', done: 40 },
  });
  it('says the step and the share, in words and as a bar', () => {
    expect(textOf(card)).toContain('SEV 1 · rolling back');
    expect(textOf(card)).toContain('Azure moves the traffic: 40 %');
    expect(JSON.stringify(card)).toContain('"value":40,"max":100');
  });
  it('offers no second change', () => expect(buttonsOf(card).join()).not.toContain('Roll back'));
});

describe('when it is over', () => {
  const card = incidentCard(resolved);
  const text = textOf(card);
  it('has no buttons and calls nobody', () => {
    expect(buttonsOf(card)).toEqual([]);
    expect(mentioned(card)).toEqual([]);
  });
  it('says when, why, how long it took and who had acknowledged', () => {
    expect(text).toContain('traffic is back on blue');
    expect(text).toContain('after 47 min (');
    expect(text).toContain('after 11 min by Ben Okafor');
    expect(text).toContain('was at risk');
  });
  it('says who resolved it, when it was a person', () => {
    expect(
      textOf(incidentCard({ ...resolved, resolved: { at: at('14:52'), by: 'Ann Berg', why: 'false alarm' } })),
    ).toContain('after 47 min by Ann Berg ({{DATE');
  });
  it('says when nobody had acknowledged it', () => {
    const { acknowledged: _, ...unanswered } = resolved;
    expect(textOf(incidentCard(unanswered))).toContain('by nobody');
  });
});

it('a card that everybody sees holds no personal id but the mention', () => {
  const drawn = incidentCard(view);
  expect(JSON.stringify({ ...drawn, msteams: {} })).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

describe('a page', () => {
  const why = 'You are the second step of fraud-oncall.';
  it('says why this person, and what happens without them', () => {
    const text = textOf(pageCard({ ...view, now: at('14:15'), next: { who: ['Finn'], at: at('14:30') }, why }));
    expect(text).toContain(why);
    expect(text).toContain('Finn is called at {{TIME(2026-11-23T14:30:00Z)}}');
  });
  it('leads to the incident when somebody took it, and says who', () => {
    const taken = pageCard({ ...acknowledged, why });
    expect(buttonsOf(taken)).toEqual(['Show the incident: alerts.show {"incident":"INC-101"}']);
    expect(textOf(taken)).toContain('Ben Okafor acknowledged 11 min after it began');
  });
  it('says when it is over, and has no buttons then', () => {
    const over = pageCard({ ...resolved, why });
    expect(textOf(over)).toContain('traffic is back on blue');
    expect(buttonsOf(over)).toEqual([]);
  });
});

it('a note in a thread is one line', () => {
  const card = saidCard({ text: 'Ben acknowledged *INC-101*' });
  expect(textOf(card)).toBe('Ben acknowledged \\*INC-101\\*');
  expect(card.fallbackText).toBe('Ben acknowledged *INC-101*');
});
