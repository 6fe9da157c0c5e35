import { z } from 'zod/v4';
import { type ForecastView, forecastCard } from '../../cards/cost/forecast.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { nameOf, sourceOf } from './view.ts';

export const forecast = capability({
  id: 'cost.forecast',
  summary: 'What this month and the next three will cost, with how far such forecasts were off',
  phrases: ['forecast', 'forecast [of] {subject}', 'cost forecast [{subject}]'],
  examples: ['forecast', 'forecast fraud'],
  input: z.object({ subject: freeText(120).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { subject: words }) => {
    const { subject } = await rooms.cost.understand(words?.replace(/^(of|for)\s+/i, ''), actor);
    const found = await rooms.cost.outlook.forecast(subject, actor);
    const { forecast: ahead } = found;
    const view: ForecastView = {
      source: sourceOf(rooms, now, found, { scope: nameOf(rooms, subject), currency: found.currency }),
      of: nameOf(rooms, subject),
      currency: found.currency,
      months: found.months.map(({ month, value, low, high }) => ({
        month,
        value: value.toFixed(2),
        low: low.toFixed(2),
        high: high.toFixed(2),
      })),
      spent: found.spent.toFixed(2),
      ...(found.purchases.isZero() ? {} : { purchases: found.purchases.toFixed(2) }),
      method: ahead.method,
      label: ahead.label,
      confidence: ahead.confidence,
      level: ahead.level,
      tests: ahead.backTests.map(({ method, totalPercent }) => ({ method, percent: totalPercent })),
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
