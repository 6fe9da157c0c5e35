import type { Card } from '../card.ts';
import { act, ask, type Ids } from '../parts/actions.ts';
import { trend } from '../parts/charts.ts';
import { numberInput } from '../parts/inputs.ts';
import { type Amount, money, percentage } from '../parts/numbers.ts';
import { plain } from '../parts/text.ts';
import { report, type Source } from './report.ts';
import { spell } from './words.ts';

export interface ForecastView {
  source: Source;
  of: string | undefined;
  currency: string;
  /** The month that was asked for (2026-12); this one otherwise. */
  asked?: string;
  months: readonly { month: string; value: string; low: string; high: string }[];
  spent: string;
  purchases?: string;
  method: string;
  label: string;
  confidence: 'low' | 'medium' | 'high';
  level: number;
  tests: readonly { method: string; percent: number | undefined }[];
  history: readonly { day: string; amount: number }[];
  ahead: readonly { day: string; value: number; low: number; high: number }[];
  ids: Ids;
}

const TONE = { high: 'good', medium: 'info', low: 'warning' } as const;

/** The end of the month and the next three, with how far such forecasts were off. */
export function forecastCard(view: ForecastView): Card {
  const amount = (value: string): string => money({ amount: value, currency: view.currency } satisfies Amount);
  const month = view.months.find((each) => each.month === view.asked) ?? view.months[0];
  return report({
    state: { tone: TONE[view.confidence], word: `${view.confidence} confidence`, icon: 'DataTrending', id: 'forecast' },
    headline: month
      ? `${view.of ?? 'Everything'} will cost about ${amount(month.value)} in ${spell(month.month)}: ${amount(month.low)} to ${amount(month.high)} in ${view.level === 80 ? 'four cases of five' : '19 cases of 20'}`
      : 'Nothing to forecast',
    soWhat: `${amount(view.spent)} spent so far${view.purchases ? `, besides ${amount(view.purchases)} of purchases, which do not repeat` : ''}.`,
    picture: trend({
      caption: 'Each day: six weeks behind, five ahead',
      xTitle: 'Day',
      yTitle: view.currency,
      unit: view.currency,
      series: [
        { label: 'spent', points: view.history.map(({ day, amount: y }) => ({ x: day, y })) },
        { label: 'expected', tone: 'good', points: view.ahead.map(({ day, value }) => ({ x: day, y: value })) },
        { label: 'high', tone: 'quiet', points: view.ahead.map(({ day, high }) => ({ x: day, y: high })) },
        { label: 'low', tone: 'quiet', points: view.ahead.map(({ day, low }) => ({ x: day, y: Math.max(0, low) })) },
      ],
    }),
    facts: [
      ...view.months
        .filter((each) => each !== month)
        .map(
          (each) => [spell(each.month), `${amount(each.value)} (${amount(each.low)} to ${amount(each.high)})`] as const,
        ),
      ['Method', `${plain(view.method)}: ${plain(view.label)}`],
      [
        'Others were off by',
        view.tests
          .slice(1, 5)
          .map(
            ({ method, percent }) => `${plain(method)} ${percent === undefined ? 'unknown' : percentage(percent, 1)}`,
          )
          .join(', ') || undefined,
      ],
    ],
    primary: [
      ask(
        'What if',
        [
          field('training', 'Training runs, times'),
          field('data', 'Data volume, times'),
          field('traffic', 'Traffic, times'),
          field('replicas', 'Replicas, times'),
        ],
        act({ title: 'Reckon', verb: 'cost.what-if', ids: view.ids, main: true, inputs: 'auto' }),
      ),
    ],
    menu: [act({ title: 'Budgets', verb: 'cost.budgets' })],
    source: view.source,
  });
}

const field = (id: string, label: string) =>
  numberInput({ id, label, error: 'a number from 0 to 1000', value: '1', min: 0, max: 1000 });

export interface WhatIfView {
  source: Source;
  of: string | undefined;
  currency: string;
  before: string;
  after: string;
  lines: readonly { part: string; before: string; after: string; because: string }[];
}

/** An ordinary month under other assumptions, with the arithmetic. */
export function whatIfCard(view: WhatIfView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const delta = Number(view.after) - Number(view.before);
  return report({
    state: { tone: delta > 0 ? 'warning' : 'good', word: 'what if', icon: 'BranchFork' },
    headline: `${view.of ?? 'Everything'} would cost ${amount(view.after)} a month instead of ${amount(view.before)}: ${delta >= 0 ? '+' : '−'}${amount(Math.abs(delta).toFixed(2))}`,
    soWhat: 'A month like the last 28 days, with these factors.',
    entries: view.lines.map((each) => ({
      text: `**${plain(each.part)}** · ${amount(each.before)} → ${amount(each.after)}`,
      detail: plain(each.because),
    })),
    primary: [act({ title: 'Forecast', verb: 'cost.forecast' })],
    source: view.source,
  });
}
