import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Element } from '../../../cards/card.ts';
import { act, actions, ask, open } from '../../../cards/parts/actions.ts';
import { card, keyOf, summaryOf, withKey, withPersonalViews } from '../../../cards/parts/card.ts';
import { bars, psiBars, split, trend } from '../../../cards/parts/charts.ts';
import { facts } from '../../../cards/parts/facts.ts';
import { foot } from '../../../cards/parts/foot.ts';
import { list } from '../../../cards/parts/list.ts';
import { mentionText } from '../../../cards/parts/person.ts';
import { progress } from '../../../cards/parts/progress.ts';
import { badgeOf, state } from '../../../cards/parts/state.ts';
import { table } from '../../../cards/parts/table.ts';
import { timeline } from '../../../cards/parts/timeline.ts';
import { headline, soWhat } from '../../../cards/parts/words.ts';
import { parserProblems } from '../renderer.ts';
import { ruleProblems } from '../rules.ts';
import { schemaProblems } from '../schema.ts';
import { nodesOf } from '../walk.ts';

const now = Temporal.Instant.from('2026-11-23T14:05:00Z');
const press = (title: string) => act({ title, verb: 'alerts.show', ids: { incident: 'INC-1' } });
const modesOf = (row: Element | undefined) => ((row?.actions ?? []) as { mode?: string }[]).map(({ mode }) => mode);
const problems = (drawn: unknown) => [...schemaProblems(drawn), ...ruleProblems(drawn), ...parserProblems(drawn)];

describe('a card', () => {
  const drawn = card({
    summary: 'SEV 1: *x*',
    foot: foot(now, 'Azure Monitor'),
    actions: actions([press('Show')]),
    details: [progress({ step: 'Moving', done: 40 })],
    facts: facts([['Owner', 'Fraud']]),
    picture: psiBars([{ feature: 'amount', value: 0.31, limit: 0.2 }]),
    soWhat: soWhat('So what'),
    headline: headline('What'),
    state: state({ tone: 'bad', word: 'SEV 1 · firing', id: 'INC-1' }),
    wide: true,
  });
  it('has its parts in the order of the anatomy, however they were given', () => {
    const order = nodesOf(drawn.body).map(({ value }) => value.type);
    const at = (type: string) => order.indexOf(type);
    const places = ['Badge', 'Chart.HorizontalBar', 'FactSet', 'ProgressBar', 'ActionSet'].map(at);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(JSON.stringify(drawn.body.at(-1))).toContain('As of');
  });
  it('says one line to screen readers, notifications and old clients', () => {
    expect([drawn.speak, drawn.fallbackText, summaryOf(drawn)]).toEqual(Array(3).fill('SEV 1: *x*'));
  });
  it('keeps every rule', () => expect(problems(drawn)).toEqual([]));
  it('leaves out what is empty', () => {
    const bare = card({
      summary: 'x',
      headline: headline('x'),
      facts: facts([['a', undefined]]),
      actions: actions([false]),
    });
    expect(bare.body).toHaveLength(1);
    expect(bare.msteams).toBeUndefined();
  });
});

describe('the delivery key', () => {
  const drawn = card({ summary: 'x', headline: headline('x') });
  it('is the id of the first container, and can be read back', () => {
    const keyed = withKey(drawn, 'k-1');
    expect(keyed.body[0]).toMatchObject({ type: 'Container', id: 'wr-k-1' });
    expect(keyOf(JSON.parse(JSON.stringify(keyed)))).toBe('k-1');
  });
  it('may come as the marker itself', () => expect(keyOf(withKey(drawn, 'wr-k-1'))).toBe('k-1'));
  it('leaves the card it was given as it was', () => {
    withKey(drawn, 'k-1');
    expect(keyOf(drawn)).toBeUndefined();
  });
  it.each([undefined, 'text', {}, { body: [] }, { body: [{ id: 'other' }] }])('is not found in %j', (other) => {
    expect(keyOf(other)).toBeUndefined();
  });
});

describe('personal views', () => {
  it('are for the first sixty people, always named', () => {
    const ids = Array.from({ length: 80 }, (_, index) => `29:${'x'.repeat(80)}${index}`);
    const drawn = withPersonalViews(
      card({ summary: 'x', headline: headline('x') }),
      'approvals.show',
      { request: 'REQ-1' },
      ids,
    );
    expect(drawn.refresh?.userIds).toEqual(ids.slice(0, 60));
    expect(problems(drawn)).toEqual([]);
  });
});

describe('buttons', () => {
  it('are two, the others are in the menu', () => {
    const row = actions([press('A'), press('B'), press('C')], [press('D')]);
    expect(modesOf(row)).toEqual([undefined, undefined, 'secondary', 'secondary']);
  });
  it('never leave a menu alone', () => {
    expect(modesOf(actions([], [press('A'), press('B')]))).toEqual([undefined, 'secondary']);
  });
  it('fall back to a Submit with the same verb and ids', () => {
    expect(act({ title: 'Acknowledge', verb: 'alerts.acknowledge', ids: { incident: 'INC-1' } })).toMatchObject({
      verb: 'alerts.acknowledge',
      data: { incident: 'INC-1' },
      fallback: {
        type: 'Action.Submit',
        title: 'Acknowledge',
        data: { incident: 'INC-1', verb: 'alerts.acknowledge' },
      },
    });
  });
  it('that are dangerous look so', () =>
    expect(act({ title: 'x', verb: 'a.b', dangerous: true })).toMatchObject({ style: 'destructive' }));
  it('take no half-filled form with them unless they submit it', () => {
    expect(act({ title: 'x', verb: 'a.b' })).toMatchObject({ associatedInputs: 'none' });
    expect(ask('Reject', [], act({ title: 'x', verb: 'a.b', inputs: 'auto' }))).toMatchObject({
      type: 'Action.ShowCard',
    });
  });
  it('open https only', () => {
    expect(open('Run', 'https://ml.azure.com/')).toMatchObject({ url: 'https://ml.azure.com/' });
    expect(open('Run', 'javascript:alert(1)')).toBeUndefined();
  });
});

describe('a mention', () => {
  it.each(['Ann Berg', "Finn O'Hara", '**Ann** <at>x</at>', 'a_b_c', '\u202Exyz', 'דוד'])(
    'of %s is declared as it is said',
    (name) => {
      const person = { id: '00000000-0000-4000-8000-000000000001', name };
      const drawn = card({ summary: 'x', headline: headline(`for ${mentionText(person)}`), mentions: [person] });
      expect(problems(drawn)).toEqual([]);
      expect(drawn.msteams?.entities?.[0]?.mentioned.id).toBe(person.id);
    },
  );
  it('of nobody is still a word', () => expect(mentionText({ id: '1', name: '' })).toBe('<at>somebody</at>'));
});

describe('state', () => {
  it('reads without colour and without badges', () => {
    const shapes = (['bad', 'warning', 'info', 'good', 'quiet'] as const).map((tone) => badgeOf(tone, 'word').fallback);
    const texts = shapes.map((fallback) => (typeof fallback === 'object' ? fallback.text : ''));
    expect(new Set(texts).size).toBe(5);
    for (const text of texts) expect(text).toMatch(/^\S word$/);
  });
});

describe('lists', () => {
  const many = Array.from({ length: 22 }, (_, index) => ({ text: `entry ${index}` }));
  it('show five and count the others', () => {
    const text = JSON.stringify(list(many));
    expect(text).toContain('entry 4');
    expect(text).not.toContain('entry 5');
    expect(text).toContain('17 more');
  });
  it('count also what they were not given', () =>
    expect(JSON.stringify(list(many.slice(0, 3), { total: 250 }))).toContain('247 more'));
  it('count nothing when everything is there', () =>
    expect(JSON.stringify(list(many.slice(0, 5)))).not.toContain('more'));
  it('that fold keep what is beyond in reach', () => {
    const folded = list(many.slice(0, 4), { shown: 3, total: 9, fold: 'causes' });
    const [more, rest] = ((folded?.['items'] ?? []) as object[]).slice(3);
    expect(more).toMatchObject({ id: 'causes-more', selectAction: { targetElements: ['causes-more', 'causes-rest'] } });
    expect(rest).toMatchObject({ id: 'causes-rest', isVisible: false });
    expect(JSON.stringify(more)).toContain('6 more');
    expect(JSON.stringify(rest)).toContain('5 more');
    expect(JSON.stringify(list(many.slice(0, 3), { shown: 3, fold: 'causes' }))).not.toContain('Toggle');
  });
  it('that are empty are not there', () => expect(list([])).toBeUndefined());
});

describe('a table', () => {
  const rows = Array.from({ length: 13 }, (_, index) => [`m${index}`, String(index)]);
  const drawn = card({
    summary: 'x',
    headline: headline('x'),
    details: [table([{ title: 'Model' }, { title: 'AUC', number: true }], rows)],
  });
  it('has a head, ten rows and the rest counted', () => {
    expect(nodesOf(drawn).filter(({ value }) => value.type === 'TableRow')).toHaveLength(11);
    expect(JSON.stringify(drawn)).toContain('3 more');
    expect(problems(drawn)).toEqual([]);
  });
});

describe('a timeline', () => {
  const moments = Array.from({ length: 30 }, (_, index) => ({
    at: now.add({ hours: index * 13 }),
    what: `moment ${index}`,
  }));
  const text = JSON.stringify(timeline([...moments].reverse()));
  it('is in order, keeps the newest and counts the earlier', () => {
    expect(text).toContain('5 earlier entries');
    expect(text).not.toContain('"moment 4"');
    expect(text.indexOf('"moment 5"')).toBeLessThan(text.indexOf('"moment 29"'));
  });
  it('names the day at the start, after a while without anything, and twice a day', () => {
    const days = (hours: readonly number[]) =>
      JSON.stringify(timeline(hours.map((each) => ({ at: now.add({ hours: each }), what: 'a' })))).match(/DATE/g)
        ?.length;
    expect(text.match(/DATE/g)).toHaveLength(25);
    expect(days([0, 1, 5])).toBe(1);
    expect(days([0, 9])).toBe(2);
    expect(days([0, 4, 8, 12, 16, 20, 24])).toBe(3);
  });
});

describe('charts', () => {
  const drift = [
    { feature: 'country', value: 0.06, limit: 0.2 },
    { feature: 'hour', value: 0.17, limit: 0.2 },
    { feature: 'amount', value: 0.31, limit: 0.2 },
  ];
  const inCard = (picture: ReturnType<typeof psiBars>) => card({ summary: 'x', headline: headline('x'), picture });
  it('of PSI show the worst first, the limit, and say all of it in words', () => {
    const drawn = inCard(psiBars(drift));
    expect(problems(drawn)).toEqual([]);
    const chart = nodesOf(drawn).find(({ value }) => value.type === 'Chart.HorizontalBar')?.value;
    expect(chart?.title).toBe(
      'PSI by feature, limit 0.20: amount 0.31 (over the limit), hour 0.17 (close to it), country 0.06.',
    );
    expect(chart?.fallback).toMatchObject({ text: chart?.title });
    expect(chart?.data).toEqual([
      { x: '▲ amount', y: 0.31, color: 'attention' },
      { x: '◆ hour', y: 0.17, color: 'warning' },
      { x: 'country', y: 0.06, color: 'good' },
    ]);
    expect(JSON.stringify(drawn)).toContain('limit 0.20 · ▲ over the limit · ◆ close to it');
  });
  it('of PSI name each limit when they differ, and rank by how far over they are', () => {
    const text = JSON.stringify(psiBars([...drift, { feature: 'age', value: 0.3, limit: 0.1 }]));
    expect(text).toContain('▲ age (limit 0.10)');
    expect(text.indexOf('age (limit')).toBeLessThan(text.indexOf('amount (limit'));
  });
  it('of many things show some and say how many', () => {
    const all = Array.from({ length: 30 }, (_, index) => ({ label: `f${index}`, value: index }));
    const text = JSON.stringify(bars({ caption: 'Things', xTitle: 'x', yTitle: 'y', bars: all }));
    expect(text).toContain('5 of 30 shown');
    expect(text).toContain('and 25 more');
  });
  it('of traffic say each share', () => {
    const drawn = inCard(
      split('Traffic by deployment', 'Traffic', [
        { label: 'blue', percent: 90 },
        { label: 'green', percent: 10 },
      ]),
    );
    expect(problems(drawn)).toEqual([]);
    expect(JSON.stringify(drawn)).toContain('Traffic by deployment: blue 90\u00A0%, green 10\u00A0%.');
  });
  it('over time have the limit as a line of its own', () => {
    const points = [120, 300, 810].map((y, index) => ({ x: index - 2, y }));
    const drawn = inCard(
      trend({
        caption: 'Latency',
        xTitle: 'minutes before now',
        yTitle: 'p95 (ms)',
        unit: 'ms',
        series: [{ label: 'p95', points }],
        limit: { label: 'limit', value: 400 },
      }),
    );
    expect(problems(drawn)).toEqual([]);
    const chart = nodesOf(drawn).find(({ value }) => value.type === 'Chart.Line')?.value;
    expect(chart?.title).toBe('Latency: p95 from 120 ms to 810 ms, highest 810 ms; limit 400 ms.');
    expect(((chart?.data ?? []) as unknown[])[1]).toEqual({
      legend: 'limit 400\u00A0ms',
      color: 'attention',
      values: [
        { x: -2, y: 400 },
        { x: 0, y: 400 },
      ],
    });
  });
  it('without numbers are not there', () => {
    expect(psiBars([])).toBeUndefined();
    expect(bars({ caption: 'x', xTitle: 'x', yTitle: 'y', bars: [{ label: 'a', value: Number.NaN }] })).toBeUndefined();
    expect(trend({ caption: 'x', xTitle: 'x', yTitle: 'y', series: [{ label: 'a', points: [] }] })).toBeUndefined();
    expect(split('x', 'y', [])).toBeUndefined();
  });
});
