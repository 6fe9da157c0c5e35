import { z } from 'zod/v4';
import { whatIfCard } from '../../cards/cost/forecast.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { readFactor } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { nameOf, sourceOf } from './view.ts';

const factor = freeText(40).meta({
  argument: 'text',
  description: 'a factor from 0 to 1000 or a change: 2, twice, halves, grows by 50 %',
});

export const whatIf = capability({
  id: 'cost.what-if',
  summary: 'A month under other assumptions: training frequency, data volume, traffic, replicas',
  phrases: [
    ...['what if', 'what happens if', 'what happens to cost if'].flatMap((asked) =>
      (['training', 'data', 'traffic', 'replicas'] as const).flatMap((what) => [
        `${asked} ${what} {${what}}`,
        `${asked} the ${what} {${what}}`,
        ...['double', 'triple', 'halve'].flatMap((how) => [
          `${asked} we ${how} ${what} {${what}=${how}}`,
          `${asked} we ${how} the ${what} {${what}=${how}}`,
        ]),
      ]),
    ),
    'what if we train {training}',
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
  run: async ({ rooms, actor, now }, { training, data, traffic, replicas, subject: words }) => {
    const { subject } = await rooms.cost.understand(words, actor);
    const found = await rooms.cost.outlook.whatIf(
      subject,
      {
        trainingFrequency: readFactor(training),
        dataVolume: readFactor(data),
        traffic: readFactor(traffic),
        replicas: readFactor(replicas),
      },
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
