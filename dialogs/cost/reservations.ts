import { z } from 'zod/v4';
import { reservationsCard } from '../../cards/cost/savings.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { reservationBreakEven } from '../../services/cost/index.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const reservations = capability({
  id: 'cost.reservations',
  summary: 'Reservations and savings plans: is use steady enough, what would it bring, what is unused',
  phrases: [
    'reservations',
    'savings plan',
    'savings plans',
    'do we use our reservations',
    'are our reservations used',
    'how well are our reservations used',
    'commitments',
    'reserved instances',
    'should we buy a reservation',
    'should we buy reservations',
    'should we reserve',
  ],
  examples: ['reservations'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }) => {
    const found = await rooms.cost.economies.reservations(actor);
    const warnings = [
      ...found.warnings,
      ...found.failed.map((why) => `Azure’s own recommendations are not there: ${why}.`),
    ];
    const card = reservationsCard({
      source: sourceOf(rooms, now, { asOf: found.asOf, warnings }, { basis: 'amortised', currency: found.currency }),
      currency: found.currency,
      steadiness: found.steady.class,
      cv: found.steady.cv,
      hourlyMean: found.hourlyMean.toFixed(4),
      best: {
        hourly: found.best.hourly.toFixed(4),
        saving: found.best.saving.times(24).toFixed(2),
        ...(found.best.utilisationPercent ? { utilisation: found.best.utilisationPercent.toNumber() } : {}),
        ...(found.best.coveragePercent ? { coverage: found.best.coveragePercent.toNumber() } : {}),
      },
      commitmentCost: found.commitmentCost.toFixed(2),
      offered: found.offered.map((each) => ({
        kind: each.kind,
        sku: each.sku,
        term: each.term,
        commitment: each.commitment,
        saving: each.saving,
        ...(each.utilisationPercent === undefined ? {} : { utilisation: each.utilisationPercent }),
        ...(each.coveragePercent === undefined ? {} : { coverage: each.coveragePercent }),
        ...(each.kind === 'reservation'
          ? {
              breakEven: `pays from ${reservationBreakEven(each.costWithout, Number(each.costWithout) - Number(each.saving)).utilisationPercent.toFixed(0)} % of the hours on`,
            }
          : {}),
      })),
      days: found.days,
    });
    return {
      text: [
        `${summaryOf(card)}. Serving is ${found.steady.class.replace(': ', '; best suited: ')}.`,
        ...warnings,
      ].join('\n'),
      card,
      data: { steadiness: found.steady, saving: found.best.saving.times(24).toFixed(2), offered: found.offered },
    };
  },
});
