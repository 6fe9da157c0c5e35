import type { Card } from '../card.ts';
import { act, type Ids } from '../parts/actions.ts';
import { bars, trend } from '../parts/charts.ts';
import { type Amount, money } from '../parts/numbers.ts';
import { opening, plain, sentence } from '../parts/text.ts';
import { changeWords, report, type Source } from './report.ts';
import { during, spell } from './words.ts';

export interface BreakdownView {
  source: Source;
  /** "Fraud", or everything. */
  of: string | undefined;
  /** "November 2026, to date". */
  period: string;
  previous: string;
  /** "by department" in a word. */
  by: string;
  totals: readonly (Amount & { before?: number | undefined })[];
  lines: readonly (Amount & { name: string; before?: number | undefined; drill?: Ids })[];
  daily: readonly { day: string; amount: number }[];
  /** Draws time instead of the parts. */
  trend: boolean;
  /** The dearest were asked for: the first line is the answer. */
  top?: boolean;
  partial?: string | undefined;
  ids: Ids;
  basis: 'actual' | 'amortised';
}

/** What was spent, by what, against the period before. */
export function breakdownCard(view: BreakdownView): Card {
  const { totals, lines } = view;
  const [total] = totals;
  const name = view.of ? opening(view.of) : 'Everything';
  const spent = totals.map((each) => money(each)).join(' and ');
  const period = spell(view.period);
  // A part of a day beside a whole one would look like a saving.
  const unfinished = /^\d{4}-\d\d-\d\d, to date$/.test(view.period);
  const words = total
    ? unfinished
      ? `${name} cost ${spent} ${during(view.period)}; the day is not over`
      : `${name} cost ${spent} ${during(view.period)}, ${changeWords(Number(total.amount), total.before)} than ${during(view.previous)}`
          .replace('as before than', 'as')
          .replace(/(new|nothing before|nothing known of the time before) than .*$/, '$1')
    : `No charge of ${view.of ?? 'anything'} is known ${during(view.period)}`;
  const [dearest] = lines.map((line) => (unfinished ? { ...line, before: undefined } : line));
  const answer =
    view.top && dearest && total
      ? `${opening(dearest.name)} costs most: ${money(dearest)} of ${spent} ${during(view.period)}${dearest.before === undefined ? '' : `, ${changeWords(Number(dearest.amount), dearest.before)} than ${during(view.previous)}`}`
          .replace('as before than', 'as')
          .replace(/(new|nothing before) than .*$/, '$1')
      : words;
  const monthly = view.daily.length > 1 && view.daily.every(({ day }) => day.endsWith('-01'));
  const main = lines.filter(({ currency }) => currency === total?.currency);
  return report({
    state: { tone: total ? 'info' : 'quiet', word: `cost by ${view.by}`, icon: 'Money', id: period },
    headline: answer,
    soWhat:
      view.partial ??
      (totals.length > 1
        ? 'Costs are in several currencies; they are listed one by one and never added.'
        : total
          ? undefined
          : 'Azure bills nothing with its resource id: it may be new, deleted, or billed under another name.'),
    picture:
      view.trend || main.length < 2
        ? trend({
            caption: `${name}, each ${monthly ? 'month' : 'day'}`,
            xTitle: monthly ? 'Month' : 'Day',
            yTitle: total?.currency ?? '',
            ...(total ? { unit: total.currency } : {}),
            series: [{ label: name, points: view.daily.map(({ day, amount }) => ({ x: day, y: amount })) }],
          })
        : bars({
            caption: `Cost by ${view.by} in ${period}`,
            xTitle: total?.currency ?? '',
            yTitle: sentence(view.by),
            shown: 8,
            bars: main
              .filter(({ amount }) => Number(amount) > 0)
              .map((each) => ({ label: each.name, value: Number(each.amount) })),
          }),
    entries: lines.map((each) => ({
      text: `**${plain(each.name, 80)}** · ${money(each)}`,
      detail: unfinished ? 'so far' : changeWords(Number(each.amount), each.before),
      ...(each.drill ? { select: act({ title: `Show ${each.name}`, verb: 'cost.breakdown', ids: each.drill }) } : {}),
    })),
    shown: 10,
    primary: total
      ? [
          act({ title: 'What changed', verb: 'cost.changes', ids: pick(view.ids, 'of') }),
          act({ title: 'Forecast', verb: 'cost.forecast', ids: pick(view.ids, 'of', 'subject') }),
        ]
      : [],
    menu: total
      ? (['part', 'department', 'endpoint', 'team'] as const)
          .filter((by) => by !== view.by)
          .map((by) => act({ title: `By ${by}`, verb: 'cost.breakdown', ids: { ...view.ids, by } }))
          .concat([
            act({
              title: view.basis === 'actual' ? 'Amortised' : 'Actual',
              verb: 'cost.breakdown',
              ids: { ...view.ids, basis: view.basis === 'actual' ? 'amortised' : 'actual' },
              tooltip: 'Purchases of commitments spread over what they cover, or as they were billed',
            }),
          ])
      : [],
    source: view.source,
  });
}

/** Some of the ids, perhaps under another name: what the next card is about. */
function pick(ids: Ids, name: string, as = name): Ids {
  return ids[name] ? { [as]: ids[name] } : {};
}
