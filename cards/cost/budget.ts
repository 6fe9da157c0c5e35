import type { Card } from '../card.ts';
import { act, ask } from '../parts/actions.ts';
import { trend } from '../parts/charts.ts';
import { textInput } from '../parts/inputs.ts';
import { money, percentage } from '../parts/numbers.ts';
import { plain } from '../parts/text.ts';
import { report, type Source } from './report.ts';
import { spell } from './words.ts';

export interface BudgetView {
  source: Source;
  id: string;
  name: string;
  period: string;
  currency: string;
  amount: string;
  actual: string;
  percent: number;
  forecast?: { value: string; low: string; high: string; percent: number };
  /** "actual 80 %, forecast 110 %": what was crossed when it speaks by itself. */
  crossed?: string;
  raisedBy?: string;
  enforce: boolean;
  running: readonly { day: string; amount: number }[];
  others: readonly string[];
  subject: Readonly<Record<string, string>>;
}

const toneOf = ({ percent, forecast }: Pick<BudgetView, 'percent' | 'forecast'>) =>
  percent >= 100 ? 'bad' : percent >= 80 || (forecast?.percent ?? 0) > 100 ? 'warning' : 'good';

/** How much of a budget is spent and where it will end, with what can be done. */
export function budgetCard(view: BudgetView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const left = Number(view.amount) - Number(view.actual);
  return report({
    state: {
      tone: toneOf(view),
      word: view.crossed ? `crossed ${view.crossed.replaceAll('actual ', '')}` : `${percentage(view.percent, 0)} used`,
      icon: 'Wallet',
      id: view.id,
    },
    headline: `${view.name}: ${amount(view.actual)} of ${amount(view.amount)} spent in ${spell(view.period)}, ${percentage(view.percent, 0)}`,
    soWhat: view.forecast
      ? `It will end at about ${amount(view.forecast.value)}, ${percentage(view.forecast.percent, 0)} (${amount(view.forecast.low)} to ${amount(view.forecast.high)}).`
      : 'There is too little history to say where it will end.',
    picture: trend({
      caption: `Spent in ${spell(view.period)}, added up`,
      xTitle: 'Day',
      yTitle: view.currency,
      unit: view.currency,
      series: [{ label: 'spent', points: view.running.map(({ day, amount: y }) => ({ x: day, y })) }],
      limit: { label: 'budget', value: Number(view.amount) },
    }),
    facts: [
      [left < 0 ? 'Over by' : 'Left', amount(Math.abs(left).toFixed(2))],
      ['When over', view.enforce ? 'jobs and deployments need a second person' : 'people are told, nothing is held up'],
      ['Raised by', view.raisedBy ? plain(view.raisedBy) : undefined],
      [
        'Not counted',
        view.others.length > 0 ? `costs in ${view.others.map((each) => plain(each, 10)).join(', ')}` : undefined,
      ],
    ],
    primary: [
      act({ title: 'What changed', verb: 'cost.changes', ids: view.subject }),
      ask(
        'Raise it',
        [
          textInput({
            id: 'amount',
            label: `New amount in ${view.currency}`,
            error: 'a number above the present amount',
            required: true,
            limit: 20,
          }),
          textInput({
            id: 'reason',
            label: 'Reason',
            error: 'why it has to be more',
            required: true,
            limit: 500,
            lines: true,
          }),
        ],
        act({ title: 'Ask for approval', verb: 'cost.raise', ids: { budget: view.id }, main: true, inputs: 'auto' }),
      ),
    ],
    menu: [
      act({ title: 'Stop idle compute', verb: 'cost.idle', ids: {} }),
      act({ title: 'Forecast', verb: 'cost.forecast', ids: view.subject['of'] ? { subject: view.subject['of'] } : {} }),
    ],
    source: view.source,
  });
}

export interface BudgetsView {
  source: Source;
  budgets: readonly (Pick<BudgetView, 'id' | 'name' | 'currency' | 'amount' | 'actual' | 'percent' | 'forecast'> & {
    period: string;
  })[];
  hidden: number;
  ask?: string;
}

/** Every budget that this person may see, the fullest first. */
export function budgetsCard(view: BudgetsView): Card {
  const ranked = [...view.budgets].sort((a, b) => b.percent - a.percent);
  const over = ranked.filter(({ percent, forecast }) => percent >= 100 || (forecast?.percent ?? 0) > 100).length;
  return report({
    state: {
      tone: over > 0 ? 'warning' : 'good',
      word: over > 0 ? `${over} over or heading over` : 'all within',
      icon: 'Wallet',
    },
    headline:
      ranked.length === 0
        ? 'There is no budget that you may see'
        : `${ranked.length} ${ranked.length === 1 ? 'budget' : 'budgets'}, ${over === 0 ? 'all within what was planned' : `${over} over or heading over`}`,
    soWhat:
      view.hidden > 0
        ? `${view.hidden} more ${view.hidden === 1 ? 'is' : 'are'} not shown to you. ${view.ask ?? ''}`
        : ranked.length === 0
          ? 'Budgets are listed under budgets in wardroom.yaml.'
          : undefined,
    entries: ranked.map((each) => ({
      text: `${each.percent >= 100 ? '▲' : each.percent >= 80 || (each.forecast?.percent ?? 0) > 100 ? '◆' : '✔'} **${plain(each.name, 80)}** · ${money({ amount: each.actual, currency: each.currency })} of ${money({ amount: each.amount, currency: each.currency })} · ${percentage(each.percent, 0)}`,
      detail: each.forecast
        ? `expected ${money({ amount: each.forecast.value, currency: each.currency })}, ${percentage(each.forecast.percent, 0)}`
        : 'no forecast yet',
      select: act({ title: `Show ${each.name}`, verb: 'cost.budget', ids: { budget: each.id } }),
    })),
    source: view.source,
  });
}
