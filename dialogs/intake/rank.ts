import { z } from 'zod/v4';
import { type PortfolioView, portfolioCard, RISK_SERIES } from '../../cards/intake/portfolio.ts';
import type { Picture } from '../../cards/pictures/picture.ts';
import { Refused } from '../../services/core/errors.ts';
import { AXES, type Weights } from '../../services/intake/index.ts';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { percentage } from './arguments.ts';

const MOST = 60;
const MOST_HELD = 20;
const MOST_DRAWN = 30;

export const rank = capability({
  id: 'intake.rank',
  summary: 'Rank the portfolio: what to do first, with the people there are, or with other weights',
  phrases: [
    ...['rank', 'portfolio', 'rank use cases', 'what can we do'].flatMap((words) =>
      ['person-months', 'person months', 'pm'].map((unit) =>
        words === 'what can we do' ? `${words} with {capacity} ${unit}` : `${words} [with {capacity} ${unit}]`,
      ),
    ),
    'ranking',
    'show portfolio',
    'show the portfolio',
    'prioritise [use cases]',
    'prioritize [use cases]',
    'best use case',
    'which use case is best',
    'which use case is first',
    'which use case comes first',
    'which use case should we do first',
    'what should we build next',
    'what should we do next',
    'rank with value {value} feasibility {feasibility} data {data} strategic {strategic}',
  ],
  examples: ['rank', 'rank with 24 person-months', 'rank with value 50 feasibility 20 data 20 strategic 10'],
  input: z.object({
    capacity: wholeNumber(1, 100_000).optional(),
    value: percentage.optional(),
    feasibility: percentage.optional(),
    data: percentage.optional(),
    strategic: percentage.optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, input) => {
    const weights = weightsIn(input);
    const { ranked, held, cases } = await rooms.intake.rank(rooms.db, {
      ...(input.capacity === undefined ? {} : { capacity: input.capacity }),
      ...(weights ? { weights } : {}),
    });
    const byId = new Map(cases.map((one) => [one.row.id, one]));
    const shown = ranked.slice(0, MOST).map(({ id, title, place, score, effort, perEffort, within }) => {
      const { standing, risk } = byId.get(id) ?? { standing: undefined, risk: undefined };
      return {
        id,
        title,
        place,
        score,
        effort,
        perEffort,
        within,
        value: standing?.axes.value ?? 0,
        feasibility: standing?.axes.feasibility ?? 0,
        risk: risk?.verdict.class,
      };
    });
    const stopped = held.map(({ id, title, gate }) => ({ id, title, gate: gate as 'no-owner' }));
    const lines = shown.map(
      ({ id, title, place, score, effort, within }) =>
        `${place}. ${id}  ${score.toFixed(1)}${effort === undefined ? '' : ` for ${effort} pm`}  ${title}${within ? '' : '  (beyond capacity)'}`,
    );
    return {
      text:
        [
          ...lines,
          ...(stopped.length > 0
            ? [
                `${stopped.length} not ranked: ${stopped
                  .slice(0, MOST_HELD)
                  .map(({ id, gate }) => `${id} (${gate})`)
                  .join(', ')}${stopped.length > MOST_HELD ? ', …' : ''}`,
              ]
            : []),
        ].join('\n') || 'There is no use case yet.',
      card: portfolioCard({
        now,
        ranked: shown,
        held: stopped,
        ...(shown.length > 0 ? { picture: rooms.pictures(pictureOf(shown)) } : {}),
        ...(input.capacity === undefined ? {} : { capacity: input.capacity }),
        ...(weights
          ? {
              whatIf: `With other weights: ${AXES.map((axis) => `${axis} ${Math.round(weights[axis] * 100)}%`).join(', ')}. The real ones are unchanged.`,
            }
          : {}),
      }),
      data: { ranked: shown, held: stopped, weights: weights ?? (await rooms.intake.weights(rooms.db)) },
    };
  },
});

/** The first ones, as many as can be told apart; by their places in the list. */
const pictureOf = (ranked: PortfolioView['ranked']): Picture => ({
  kind: 'scatter',
  x: { title: 'feasibility', from: 0, to: 100 },
  y: { title: 'value', from: 0, to: 100 },
  points: ranked.slice(0, MOST_DRAWN).map(({ id, place, value, feasibility, effort, risk }) => ({
    name: `${place} ${id}`,
    x: Math.round(feasibility),
    y: Math.round(value),
    series: RISK_SERIES[risk ?? 'minimal'],
    // What nobody has estimated is drawn as the smallest.
    size: effort ?? 0,
  })),
});

function weightsIn(input: { [K in keyof Weights]?: number | undefined }): Weights | undefined {
  const given = AXES.map((axis) => input[axis]);
  if (given.every((value) => value === undefined)) return undefined;
  const sum = given.reduce<number>((total, value) => total + (value ?? 0), 0);
  if (given.some((value) => value === undefined) || Math.abs(sum - 100) > 1e-9)
    throw new Refused(
      `Four weights make 100 %; these make ${sum} %.`,
      'For example: rank with value 50 feasibility 20 data 20 strategic 10',
    );
  return Object.fromEntries(AXES.map((axis, index) => [axis, (given[index] ?? 0) / 100])) as unknown as Weights;
}
