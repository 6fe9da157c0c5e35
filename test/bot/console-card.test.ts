import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../../bot/app.domains.ts';
import { cardText } from '../../bot/console-card.ts';
import { commandFor, commandOf } from '../../bot/console-command.ts';
import { parse } from '../../bot/parse.ts';
import { buildRegistry } from '../../bot/registry.ts';
import type { Action, Card } from '../../cards/card.ts';
import { gallery } from '../../cards/gallery.ts';
import { START } from '../support.ts';

const registry = buildRegistry(DOMAINS);
const textOf = (card: Card) => cardText(card, (action) => commandOf(registry, action), 'Europe/Berlin');

const actionsIn = (value: unknown): Action[] => {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (!value || typeof value !== 'object') return [];
  const own = (value as { type?: string }).type === 'Action.Execute' ? [value as Action] : [];
  return [...own, ...Object.values(value).flatMap(actionsIn)];
};

describe('a card in the terminal', () => {
  it.each(gallery())('$name is plain text', ({ card }) => {
    const text = textOf(card);
    expect(text.length).toBeGreaterThan(20);
    // The state line and the headline come first.
    expect(text.split('\n').slice(0, 3).join('').trim()).not.toBe('');
    expect(text).not.toMatch(/\{\{(DATE|TIME)|<at>|undefined|\[object|NaN/);
  });

  it('shows times in the zone of the reader', () => {
    const card: Card = {
      type: 'AdaptiveCard',
      version: '1.5',
      body: [
        { type: 'TextBlock', text: 'since {{DATE(2026-11-23T23:30:00Z, SHORT)}} {{TIME(2026-11-23T23:30:00Z)}}' },
        { type: 'TextBlock', text: 'at {{TIME(yesterday)}}' },
      ],
    };
    expect(cardText(card, () => undefined, 'Europe/Berlin')).toBe('since 2026-11-24 00:30\n\nat {{TIME(yesterday)}}');
  });

  it('opens what folds in a client', () => {
    const text = textOf(gallery().find(({ name }) => name === 'alerts/incident-firing')?.card as Card);
    expect(text).toContain('\n3 alerts, all firing\n▲ ');
    expect(text).toContain('quota of mlw-fraud-prod');
    expect(text).not.toMatch(/[▸▾▴]/);
  });

  it('draws bars by their length, facts in columns, tables in columns', () => {
    const card: Card = {
      type: 'AdaptiveCard',
      version: '1.5',
      body: [
        {
          type: 'Chart.HorizontalBar',
          data: [
            { x: 'amount', y: 0.4 },
            { x: 'age', y: 0.1 },
            { x: 'none', y: 0 },
          ],
        },
        {
          type: 'FactSet',
          facts: [
            { title: 'Owner', value: 'Fraud' },
            { title: 'On', value: '**it**' },
          ],
        },
        {
          type: 'Table',
          rows: [
            ['Name', 'Share'],
            ['blue', '90 %'],
          ].map((cells) => ({
            cells: cells.map((text) => ({ items: [{ type: 'TextBlock', text }] })),
          })),
        },
        { type: 'Chart.New', title: 'a chart of another kind' },
        { type: 'Mystery', fallback: { type: 'TextBlock', text: 'known words' } },
        { type: 'Mystery', fallback: 'drop' },
      ],
    };
    expect(cardText(card, () => undefined).split('\n')).toEqual([
      `amount  ${'█'.repeat(30)} 0.4`,
      `age     ${'█'.repeat(8)} 0.1`,
      'none     0',
      '',
      'Owner  Fraud',
      'On     it',
      '',
      'Name  Share',
      'blue  90 %',
      '',
      'a chart of another kind',
      '',
      'known words',
    ]);
  });
});

describe('a button in the terminal', () => {
  it.each(gallery())('$name: what is typed instead asks for the same', ({ card }) => {
    for (const action of actionsIn(card)) {
      const { verb, data } = action as unknown as { verb: string; data: Record<string, string> };
      const capability = registry.get(verb);
      const command = commandFor(registry, verb, data);
      if (!capability || !command) continue;
      const parsed = parse(registry, command, {
        allowed: registry.capabilities,
        now: START,
        zone: 'UTC',
        endpoints: [data['endpoint'] ?? ''],
      });
      expect(parsed, command).toMatchObject({ kind: 'match', capability: { id: verb } });
      if (parsed.kind !== 'match') continue;
      for (const [name, value] of Object.entries(parsed.input)) if (name in data) expect(value).toBe(data[name]);
    }
  });

  it('offers the words for what is on an incident and on a request', () => {
    const offered = new Set(gallery().flatMap(({ card }) => textOf(card).match(/(?<=→ )\S+ \S+/g) ?? []));
    for (const words of ['ack INC-101', 'rollback ep-fraud', 'approve REQ-101', 'reject REQ-101']) {
      expect([...offered]).toContain(words);
    }
    expect(textOf(gallery().find(({ name }) => name === 'approvals/request-new')?.card as Card)).toContain(
      '→ reject REQ-101 because REASON',
    );
  });

  it('knows how a question is answered', () => {
    const answer = { confirmation: 'CNF-K7QX-2M' };
    expect(commandFor(registry, 'wardroom.confirm', answer)).toBe('confirm CNF-K7QX-2M');
    expect(commandFor(registry, 'wardroom.cancel', answer)).toBe('cancel CNF-K7QX-2M');
    expect(commandFor(registry, 'nobody.knows', {})).toBeUndefined();
  });
});
