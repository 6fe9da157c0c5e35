import { z } from 'zod/v4';
import { retrainCard } from '../../cards/cost/efficiency.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const retrain = capability({
  id: 'cost.retrain',
  summary: 'What retraining a model costs, by data volume, frequency, machine and spot',
  phrases: [
    'retrain cost {model} [with {rows} million rows]',
    'retrain cost {model} with {runs} runs a month',
    'cost of retraining {model}',
    'what does retraining {model} cost',
    'what does it cost to retrain {model}',
    'how much does retraining {model} cost',
    'how much does it cost to retrain {model}',
  ],
  examples: ['retrain cost fraud-detector'],
  input: z.object({
    model: freeText(120),
    rows: z.coerce
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .meta({ argument: 'number', description: 'million rows' }),
    runs: wholeNumber(1, 1000).optional(),
    sku: freeText(60).optional(),
    failures: wholeNumber(0, 99).optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { model, rows, runs, sku, failures }) => {
    const name = model.trim().toLowerCase();
    rooms.cost.allowed({ dimension: 'model', value: name }, actor);
    const found = await rooms.cost.economies.retrain({
      model: name,
      ...(rows === undefined ? {} : { rowsMillion: rows }),
      ...(runs === undefined ? {} : { runs }),
      ...(sku === undefined ? {} : { sku }),
      ...(failures === undefined ? {} : { failurePercent: failures }),
    });
    const { cost } = found;
    const owner = rooms.organisation.endpoints.find(({ models }) => models.includes(name))?.owner;
    const check = await rooms.cost.budgets.check({
      ...(owner ? { team: owner } : {}),
      project: 'training',
      monthly: cost.perMonth,
    });
    const card = retrainCard({
      source: sourceOf(
        rooms,
        now,
        {
          ...(await rooms.cost.standing()),
          warnings: check.ok
            ? []
            : [`${check.reason}${check.needsSecondPerson ? ': a second person has to agree' : ''}.`],
        },
        { currency: found.currency, scope: 'list prices of Azure' },
      ),
      model: found.model,
      sku: found.sku,
      currency: found.currency,
      perRun: cost.perRun.toFixed(2),
      perMonth: cost.perMonth.toFixed(2),
      ...(cost.spotPerMonth ? { spotPerMonth: cost.spotPerMonth.toFixed(2) } : {}),
      hours: cost.hoursPerRun.toFixed(2),
      arithmetic: cost.arithmetic,
      assumptions: found.assumptions,
    });
    return {
      text: `${summaryOf(card)}. ${cost.arithmetic}. Assumed: ${found.assumptions.join('; ')}. ${check.reason}`,
      card,
      data: {
        model: name,
        perRun: cost.perRun.toFixed(2),
        perMonth: cost.perMonth.toFixed(2),
        spotPerMonth: cost.spotPerMonth?.toFixed(2),
        currency: found.currency,
        budget: check.ok,
      },
    };
  },
});
