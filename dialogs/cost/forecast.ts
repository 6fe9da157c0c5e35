import { z } from 'zod/v4';
import { type ForecastView, forecastCard } from '../../cards/cost/forecast.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { Refused } from '../../services/core/errors.ts';
import { ahead } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { nameOf, sourceOf } from './view.ts';

export const forecast = capability({
  id: 'cost.forecast',
  summary: 'What this month and the next three will cost, with how far such forecasts were off',
  phrases: [
    'forecast',
    'forecast [of] {subject}',
    'cost forecast [{subject}]',
    'how much will we spend [{subject}]',
    'what will we spend [{subject}]',
    'how much will {subject} cost [{when}]',
    'what will {subject} cost [{when}]',
    'where will we end [{subject}]',
    'where will the month end',
    'what will the month end at',
    'how will the month end',
    'run rate [{subject}]',
    'burn rate [{subject}]',
  ],
  examples: ['forecast', 'forecast fraud'],
  input: z.object({ subject: freeText(120).optional(), when: freeText(60).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { subject: words, when }) => {
    const { rest, month } = ahead([words, when].filter(Boolean).join(' '), rooms.cost.today());
    const { subject, by } = await rooms.cost.understand(rest, actor);
    if (by)
      throw new Refused(
        'A forecast is of everything, or of one thing.',
        `Say “forecast” and its name, such as “forecast ${rooms.organisation.departments[0]?.name ?? 'training'}”.`,
        'forecast-by',
      );
    const found = await rooms.cost.outlook.forecast(subject, actor);
    const { forecast: seen } = found;
    if (month !== undefined && !found.months.some((each) => each.month === month))
      throw new Refused(
        `I forecast ${found.months[0]?.month ?? 'this month'} to ${found.months.at(-1)?.month ?? 'the third after it'}, not ${month}.`,
        'Further ahead an honest interval would say nothing. For a time that is over say “cost” and the month.',
        'too-far',
      );
    const view: ForecastView = {
      source: sourceOf(rooms, now, found, { scope: nameOf(rooms, subject), currency: found.currency }),
      of: nameOf(rooms, subject),
      currency: found.currency,
      ...(month ? { asked: month } : {}),
      months: found.months.map(({ month, value, low, high }) => ({
        month,
        value: value.toFixed(2),
        low: low.toFixed(2),
        high: high.toFixed(2),
      })),
      spent: found.spent.toFixed(2),
      ...(found.purchases.isZero() ? {} : { purchases: found.purchases.toFixed(2) }),
      method: seen.method,
      label: seen.label,
      confidence: seen.confidence,
      level: seen.level,
      tests: seen.backTests.map(({ method, totalPercent }) => ({ method, percent: totalPercent })),
      history: found.history,
      ahead: found.ahead,
      ids: subject ? { subject: subject.value } : {},
    };
    const card = forecastCard(view);
    const months = view.months.map(
      ({ month, value, low, high }) => `  ${month}  ${value} (${low} to ${high}) ${view.currency}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...months, `${view.method}: ${view.label}.`, ...found.warnings].join('\n'),
      card,
      data: {
        months: view.months,
        method: view.method,
        confidence: view.confidence,
        backTests: view.tests,
        asOf: found.asOf?.toString(),
      },
    };
  },
});
