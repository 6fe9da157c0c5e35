import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type IncidentView, incidentCard } from '../../cards/alerts/incident.ts';
import { timelineCard } from '../../cards/alerts/timeline.ts';
import { requestCard } from '../../cards/approvals/request.ts';
import type { Card } from '../../cards/card.ts';
import { helpCard } from '../../cards/governance/help.ts';
import { act, actions } from '../../cards/parts/actions.ts';
import { card, withKey, withPersonalViews } from '../../cards/parts/card.ts';
import { list } from '../../cards/parts/list.ts';
import { badgeOf } from '../../cards/parts/state.ts';
import { headline } from '../../cards/parts/words.ts';
import { CARD_BUDGET_BYTES, fitToBudget, sizeOf } from '../../cards/size.ts';
import { ruleProblems } from './rules.ts';
import { schemaProblems } from './schema.ts';
import { nodesOf } from './walk.ts';

const now = Temporal.Instant.from('2026-11-23T14:05:00Z');
const typesOf = (drawn: Card) => nodesOf(drawn).map(({ value }) => value.type);

const group = (name: string, count: number): IncidentView => ({
  now,
  id: 'INC-1',
  state: 'firing',
  severity: 1,
  headline: name,
  since: now,
  owner: name,
  business: { purpose: name, unit: name, unitsSince: 5 },
  drift: Array.from({ length: count }, (_, index) => ({ feature: `${index}${name}`, value: 0.3, limit: 0.2 })),
  changed: Array.from({ length: count }, () => ({ what: name, at: now })),
  alerts: Array.from({ length: count }, () => ({ headline: name, since: now })),
  onCall: [1, 2, 3].map((index) => ({ id: String(index), name: `${index}${name}` })),
  next: { who: [name, name], at: now.add({ minutes: 8 }) },
  rollback: { endpoint: 'ep-fraud', to: name },
  source: name,
});

const KILO = 1024;
const HOSTILE = {
  'plain letters': 'x'.repeat(50 * KILO),
  'escapes in JSON': '"\\'.repeat(25 * KILO),
  'escapes in Markdown': '*[_'.repeat(17 * KILO),
  'two units each': '👩‍💻'.repeat(10 * KILO),
  'half pairs': '\uD83D'.repeat(50 * KILO),
  'piled marks': 'a\u0338'.repeat(25 * KILO),
} as const;

describe('the size of a card', () => {
  it('is counted in UTF-16', () => expect(sizeOf({ a: 'é👩' })).toBe('{"a":"é👩"}'.length * 2));
});

describe('250 alerts in a group', () => {
  const drawn = withKey(incidentCard(group('5xx of ep-fraud is 4%, limit 1%', 250)), 'k'.repeat(64));
  it('are one card within the budget that counts what it leaves out', () => {
    expect(sizeOf(drawn)).toBeLessThanOrEqual(CARD_BUDGET_BYTES);
    expect(JSON.stringify(drawn)).toContain('245 more');
    expect(JSON.stringify(drawn)).toContain('250 alerts');
  });
});

describe.each(Object.entries(HOSTILE))('names of 50 KB (%s)', (_, name) => {
  const vote = { voter: name, roles: [name], choice: 'approve' as const, at: now, reason: name };
  const cards: Record<string, Card> = {
    incident: incidentCard(group(name, 250)),
    timeline: timelineCard({
      ...group(name, 2),
      moments: Array.from({ length: 250 }, () => ({ at: now, what: name, who: name, why: name })),
    }),
    request: requestCard({
      now,
      id: 'REQ-1',
      state: 'open',
      what: name,
      why: name,
      digest: name,
      requester: name,
      askedAt: now,
      deadline: now,
      votes: Array.from({ length: 100 }, () => vote),
      needed: 2,
      missing: Array.from({ length: 5 }, () => name),
      source: name,
    }),
    help: helpCard({
      groups: Array.from({ length: 8 }, () => ({
        name,
        entries: Array.from({ length: 30 }, () => ({ example: name, summary: name, effect: 'read' as const })),
      })),
    }),
  };
  it.each(Object.keys(cards))('fit into the %s card, which keeps its state and its buttons', (kind) => {
    const drawn = cards[kind] as Card;
    expect(sizeOf(drawn)).toBeLessThanOrEqual(CARD_BUDGET_BYTES);
    expect(schemaProblems(drawn)).toEqual([]);
    expect(ruleProblems(drawn).filter((problem) => !problem.includes('exclamation'))).toEqual([]);
    if (kind !== 'help') expect(typesOf(drawn)).toContain('Badge');
    if (kind !== 'timeline') expect(typesOf(drawn)).toContain('Action.Execute');
  });
});

describe('fitting', () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ text: `${index} ${'x'.repeat(200)}` }));
  const buttons = actions([act({ title: 'Acknowledge', verb: 'alerts.acknowledge', ids: { incident: 'INC-1' } })]);
  it('takes from the longest list first and counts exactly what is missing', () => {
    const drawn = card({
      summary: 'x',
      headline: headline('x'),
      details: [list(entries(3)), list(entries(200), { shown: 200 })],
      actions: buttons,
    });
    const text = JSON.stringify(drawn);
    const shown = [...text.matchAll(/"(\d+) x{200}"/g)].length - 3;
    expect(shown).toBeGreaterThan(20);
    expect(text).toContain(`"${200 - shown} more"`);
    expect(text).toContain('"2 xxx');
  });
  it('leaves a card alone that is small enough', () => {
    const small = card({ summary: 'x', headline: headline('x'), details: [list(entries(2))] });
    expect(fitToBudget(small)).toBe(small);
  });
  it('gives back what cannot be made smaller, with state and buttons', () => {
    const drawn = card({
      summary: 'x',
      state: badgeOf('bad', 'firing'),
      headline: headline('x'.repeat(40_000)),
      details: [list(entries(9))],
      actions: buttons,
    });
    expect(typesOf(drawn)).toContain('Badge');
    expect(typesOf(drawn)).toContain('Action.Execute');
  });
  it('makes room for sixty personal views', () => {
    const full = card({
      summary: 'x',
      headline: headline('x'),
      details: [list(entries(200), { shown: 200 })],
      actions: buttons,
    });
    const people = Array.from({ length: 60 }, (_, index) => `29:${'x'.repeat(90)}${index}`);
    expect(
      sizeOf(withKey(withPersonalViews(full, 'alerts.show', { incident: 'INC-1' }, people), 'k')),
    ).toBeLessThanOrEqual(CARD_BUDGET_BYTES + 200);
  });
  it('ends for any budget and never grows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 60 }), (budget, count) => {
        const drawn = card({
          summary: 'x',
          headline: headline('x'),
          details: [list(entries(count), { shown: count })],
          actions: buttons,
        });
        const fitted = fitToBudget(drawn, budget);
        expect(sizeOf(fitted)).toBeLessThanOrEqual(sizeOf(drawn));
        expect(typesOf(fitted)).toContain('Action.Execute');
      }),
      { numRuns: 60 },
    );
  });
});
