import { describe, expect, it } from 'vitest';
import { parserProblems } from './renderer.ts';
import { ruleProblems } from './rules.ts';
import { incidentSample } from './samples.ts';
import { schemaProblems } from './schema.ts';

/* The judges of the gallery are judged: each of these mistakes must be found, or a green gallery means nothing. */

const base = () =>
  structuredClone(incidentSample()) as unknown as { body: Record<string, unknown>[] } & Record<string, unknown>;
const spoilt = (part: Record<string, unknown>) => {
  const card = base();
  card.body.push(part);
  return card;
};

describe('the schema check finds', () => {
  it.each([
    ['an unknown element', { type: 'Sparkle', text: 'x' }],
    ['an unknown property', { type: 'TextBlock', text: 'x', colour: 'Good' }],
    ['a word that is not allowed', { type: 'TextBlock', text: 'x', color: 'Pink' }],
    ['a missing property', { type: 'TextBlock' }],
    ['an input without a label', { type: 'Input.Text', id: 'a', errorMessage: 'x' }],
    ['an input without an error message', { type: 'Input.Text', id: 'a', label: 'x' }],
    [
      'a verb that is no capability',
      { type: 'ActionSet', actions: [{ type: 'Action.Execute', verb: 'ok', title: 'x' }] },
    ],
    [
      'data that is more than ids',
      { type: 'ActionSet', actions: [{ type: 'Action.Submit', data: { object: { a: 1 } } }] },
    ],
  ])('%s', (_, part) => expect(schemaProblems(spoilt(part))).not.toEqual([]));
  it('a refresh without people', () => {
    expect(schemaProblems({ ...base(), refresh: { action: { type: 'Action.Execute', verb: 'a.b' } } })).not.toEqual([]);
  });
  it('nothing in a good card', () => expect(schemaProblems(base())).toEqual([]));
});

const execute = (title: string) => ({ type: 'Action.Execute', verb: 'a.b', title, data: {} });

describe('the rules find', () => {
  it.each([
    [
      'a chart without a fallback',
      { type: 'Chart.Line', title: 'long enough title', xAxisTitle: 'x', yAxisTitle: 'y', data: [] },
    ],
    ['a badge without a word', { type: 'Badge', text: '', icon: 'Alert', fallback: { type: 'TextBlock', text: 'x' } }],
    ['a button without a fallback', { type: 'ActionSet', actions: [execute('A')] }],
    [
      'a fallback with another verb',
      { type: 'ActionSet', actions: [{ ...execute('A'), fallback: { type: 'Action.Submit', data: { verb: 'a.c' } } }] },
    ],
    ['three primary actions', { type: 'ActionSet', actions: [execute('A'), execute('B'), execute('C')] }],
    ['seven facts', { type: 'FactSet', facts: Array.from({ length: 7 }, () => ({ title: 'a', value: 'b' })) }],
    ['a mention that nobody declared', { type: 'TextBlock', text: '<at>Eva Moreau</at>' }],
    ['a date with a fraction of a second', { type: 'TextBlock', text: '{{TIME(2026-11-23T14:05:00.123Z)}}' }],
    ['a date where Teams does not read one', { type: 'Badge', text: 'x', tooltip: '{{TIME(2026-11-23T14:05:00Z)}}' }],
    ['an override of the direction of text', { type: 'TextBlock', text: 'a\u202Eb' }],
    ['something undefined', { type: 'TextBlock', text: 'since undefined' }],
    ['shouting', { type: 'TextBlock', text: 'Done!' }],
  ])('%s', (_, part) => expect(ruleProblems(spoilt(part))).not.toEqual([]));
  it('a bar that is told by its colour alone', () => {
    const text = JSON.stringify(base()).replace('▲ amount', 'amount');
    expect(ruleProblems(JSON.parse(text))).not.toEqual([]);
  });
  it('nothing in a good card', () => expect(ruleProblems(base())).toEqual([]));
});

describe("Microsoft's parser", () => {
  it('finds a wrong word', () => {
    expect(parserProblems(spoilt({ type: 'TextBlock', text: 'x', color: 'Pink' }))).not.toEqual([]);
  });
  it('finds an unknown element', () => expect(parserProblems(spoilt({ type: 'Sparkle' }))).not.toEqual([]));
});
