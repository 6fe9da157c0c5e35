import { z } from 'zod/v4';
import { whatIfCard } from '../../cards/cost/forecast.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { nameOf, sourceOf } from './view.ts';

const factor = z.coerce
  .number()
  .min(0)
  .max(1000)
  .meta({ argument: 'number', description: 'a factor from 0 to 1000: 2 is twice, 0.5 is half' });

export const whatIf = capability({
  id: 'cost.what-if',
  summary: 'A month under other assumptions: training frequency, data volume, traffic, replicas',
  phrases: [
    ...(['training', 'data', 'traffic', 'replicas'] as const).flatMap((what) =>
      Object.entries({ doubles: 2, double: 2, triples: 3, triple: 3, halves: 0.5, halved: 0.5 }).flatMap(
        ([how, times]) => [
          `what if ${what} ${how} {${what}=${times}}`,
          `what if the ${what} ${how} {${what}=${times}}`,
          ...(/^(double|triple)$/.test(how)
            ? [`what if we ${how} ${what} {${what}=${times}}`, `what if we ${how} the ${what} {${what}=${times}}`]
            : []),
        ],
      ),
    ),
    'what if training {training}',
    'what if data {data}',
    'what if traffic {traffic}',
    'what if replicas {replicas}',
    'what if training {training} data {data}',
    'what if traffic {traffic} replicas {replicas}',
  ],
  examples: ['what if training 2', 'what if traffic 1.5 replicas 2'],
  input: z.object({
    training: factor.optional(),
    data: factor.optional(),
    traffic: factor.optional(),
    replicas: factor.optional(),
    subject: freeText(120).optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { training = 1, data = 1, traffic = 1, replicas = 1, subject: words }) => {
    const { subject } = await rooms.cost.understand(words, actor);
    const found = await rooms.cost.outlook.whatIf(
      subject,
      { trainingFrequency: training, dataVolume: data, traffic, replicas },
      actor,
    );
    const card = whatIfCard({
      source: sourceOf(rooms, now, found, { scope: nameOf(rooms, subject), currency: found.currency }),
      of: nameOf(rooms, subject),
      currency: found.currency,
      before: found.before.toFixed(2),
      after: found.after.toFixed(2),
      lines: found.lines.map(({ part, before, after, because }) => ({
        part,
        before: before.toFixed(2),
        after: after.toFixed(2),
        because,
      })),
    });
    return {
      text: `${summaryOf(card)}.`,
      card,
      data: { before: found.before.toFixed(2), after: found.after.toFixed(2), currency: found.currency },
    };
  },
});
