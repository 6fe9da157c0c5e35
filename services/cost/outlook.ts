import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Answers, Subject } from './answers.ts';
import type { CostDeps } from './deps.ts';
import type { Part } from './facets.rules.ts';
import { chooseForecast, type Forecast, nextOf, type WhatIf, whatIf } from './forecast.rules.ts';
import { type Decimal, decimal, MixedCurrencies, sumByCurrency, ZERO } from './money.rules.ts';
import { overviewOf, sightOf, type Viewer } from './visibility.rules.ts';

const HISTORY_DAYS = 400;

export interface Outlook {
  currency: string;
  forecast: Forecast;
  /** Spent in this month, today's part included. */
  spent: Decimal;
  purchases: Decimal;
  months: { month: string; value: Decimal; low: Decimal; high: Decimal }[];
  history: { day: string; amount: number }[];
  ahead: { day: string; value: number; low: number; high: number }[];
  asOf: Temporal.Instant | undefined;
  warnings: readonly string[];
}

/** What this month and the next three will cost, weekday-aware, with the error such forecasts had. */
export function outlooks(deps: CostDeps, answers: Answers) {
  const { organisation } = deps;

  return {
    async forecast(subject: Subject | undefined, viewer: Viewer): Promise<Outlook> {
      const today = answers.today();
      const sight = subject ? sightOf(viewer, organisation) : overviewOf(viewer, organisation);
      const period = { from: today.subtract({ days: HISTORY_DAYS }), to: today, words: '' };
      const { byDay, known, currencies } = await answers.series(subject, sight, period);
      if (currencies.length > 1) {
        const rows = await answers.seen({ ...period, from: today.with({ day: 1 }) }, 'actual', sight, { subject });
        throw new MixedCurrencies(sumByCurrency(rows));
      }
      const days = [...byDay.keys()].filter((day) => day < today.toString()).sort();
      const [first] = days;
      if (first === undefined)
        throw new Refused(
          'There are no costs to forecast from.',
          'Say “cost data” to see what has been read.',
          'no-history',
        );
      const y: number[] = [];
      const history: { day: string; amount: number }[] = [];
      for (
        let day = Temporal.PlainDate.from(first);
        Temporal.PlainDate.compare(day, today) < 0;
        day = day.add({ days: 1 })
      ) {
        const amount = byDay.get(day.toString());
        y.push(nextOf(y, amount?.toNumber(), known.has(day.toString())));
        history.push({ day: day.toString(), amount: amount?.toNumber() ?? 0 });
      }
      const monthStart = today.with({ day: 1 });
      const end = monthStart.add({ months: 4 });
      const ahead = today.until(end).days;
      const forecast = chooseForecast(y, ahead);
      let spent = ZERO;
      for (const [day, amount] of byDay)
        if (day >= monthStart.toString() && day < today.toString()) spent = spent.plus(amount);
      const months = [0, 1, 2, 3].map((index) =>
        monthOf(forecast, today, monthStart.add({ months: index }), index === 0 ? spent : ZERO),
      );
      const bought = (await answers.seen({ from: monthStart, to: today }, 'actual', sight, { subject })).filter(
        ({ charge }) => charge === 'Purchase',
      );
      return {
        currency: currencies[0] ?? organisation.cost.currency,
        forecast,
        spent: spent.plus(byDay.get(today.toString()) ?? ZERO),
        purchases: bought.reduce((total, { amount }) => total.plus(amount), ZERO),
        months,
        history: history.slice(-42),
        ahead: forecast.days
          .slice(0, 35)
          .map((each, index) => ({ day: today.add({ days: index }).toString(), ...each })),
        ...(await answers.standing(period)),
      };
    },

    /** The month that is expected, by what the machines do, and the same under other assumptions. */
    async whatIf(subject: Subject | undefined, change: WhatIf, viewer: Viewer) {
      const today = answers.today();
      const period = { from: today.subtract({ days: 28 }), to: today.subtract({ days: 1 }), words: 'the last 28 days' };
      const sight = subject ? sightOf(viewer, organisation) : overviewOf(viewer, organisation);
      const rows = await answers.seen(period, 'actual', sight, { subject });
      const sums = sumByCurrency(rows);
      if (Object.keys(sums).length > 1) throw new MixedCurrencies(sums);
      const sumOfParts = (...parts: Part[]) =>
        rows
          .filter(({ facets, charge }) => parts.includes(facets.part) && charge !== 'Purchase')
          .reduce((total, { amount }) => total.plus(amount), ZERO)
          .times('30.4166666667')
          .div(28);
      const result = whatIf(
        {
          training: sumOfParts('training'),
          inference: sumOfParts('inference'),
          storage: sumOfParts('storage'),
          transfer: sumOfParts('data transfer'),
          other: sumOfParts('other', 'unexplained'),
        },
        change,
      );
      return {
        ...result,
        currency: Object.keys(sums)[0] ?? organisation.cost.currency,
        ...(await answers.standing(period)),
      };
    },
  };
}

/** A month's total with its interval: the difference of two totals, as the errors of one month are one error. */
function monthOf(forecast: Forecast, today: Temporal.PlainDate, month: Temporal.PlainDate, spent: Decimal) {
  const begin = Math.max(0, today.until(month).days);
  const end = today.until(month.add({ months: 1 })).days;
  const [to, from] = [forecast.total(end), forecast.total(begin)];
  const value = to.value - from.value;
  const half = to.high - to.value - (from.high - from.value) * (begin > 0 ? 0.5 : 0);
  const at = (amount: number) => spent.plus(decimal(Math.max(0, amount).toFixed(4)));
  return {
    month: month.toPlainYearMonth().toString(),
    value: at(value),
    low: at(value - half),
    high: at(value + half),
  };
}
