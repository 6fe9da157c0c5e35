import { z } from 'zod/v4';
import { scoreCard } from '../../cards/intake/score.ts';
import { money } from '../../cards/parts/numbers.ts';
import { AXES, type Axis, type UseCase } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { currencyOf, neededUseCase } from './view.ts';

export const score = capability({
  id: 'intake.score',
  summary: 'Explain the score of a use case, and what would change it most',
  phrases: [
    'score {useCase}',
    'score of {useCase}',
    'explain score of {useCase}',
    'explain the score of {useCase}',
    'how is {useCase} scored',
    'why is the score of {useCase} so low',
    'why is the score of {useCase} so high',
    'what would change the score of {useCase}',
  ],
  examples: ['score UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { useCase }) => {
    const found = await neededUseCase(rooms, useCase);
    const { standing, row, answers, risk } = found;
    const weights = await rooms.intake.weights(rooms.db);
    const { scored, axes, range, between, gate, levers } = standing;
    const rows = AXES.map((axis) => ({
      axis,
      weight: weights[axis],
      value: axes[axis],
      points: scored?.parts.find((part) => part.axis === axis)?.points,
      because: because(axis, found),
    }));
    const view = {
      now,
      id: row.id,
      title: row.title,
      score: scored?.score,
      ...(range ? { range } : {}),
      ...(between ? { between } : {}),
      rows,
      confidence: {
        factor: axes.confidence,
        because: `the benefit is ${answers['confidence'] ?? 'not said to be measured or estimated'}`,
      },
      risk: {
        factor: 1 - 0.4 * axes.risk,
        because: risk
          ? `${risk.verdict.class} (${risk.verdict.reasons[0]?.article ?? ''})`
          : 'not classified yet, counted as minimal',
      },
      ...(gate.pass ? {} : { gate }),
      levers,
    };
    const [lever] = levers;
    const text = scored
      ? `${row.id} scores ${scored.score.toFixed(2)}: ${axes.confidence} × ${scored.base.toFixed(2)} × ${scored.riskFactor.toFixed(2)}.`
      : `${row.id} scores between ${between?.low.toFixed(1)} and ${between?.high.toFixed(1)}; answers are missing.`;
    return {
      text: lever
        ? `${text} It would change most if ${lever.change} (${lever.effect > 0 ? '+' : ''}${lever.effect.toFixed(1)}).`
        : text,
      card: scoreCard(view),
      data: {
        useCase: row.id,
        score: scored?.score,
        range,
        between,
        rows,
        confidence: view.confidence,
        risk: view.risk,
        levers,
        gate,
      },
    };
  },
});

function because(axis: Axis, { answers, standing }: UseCase): string {
  const say = (ids: readonly (readonly [string, string])[]) =>
    ids.map(([id, words]) => `${words} ${answers[id] ? `${answers[id]} of 5` : 'not rated'}`).join(', ');
  switch (axis) {
    case 'value':
      return answers['benefitLikely']
        ? `${money({ amount: answers['benefitLikely'], currency: currencyOf({ answers } as UseCase) })} a year, on the scale 10,000 → 10 to 5 million → 90`
        : 'no benefit is given';
    case 'feasibility':
      return `mean of ${say([
        ['method', 'method'],
        ['integrationReady', 'integration'],
        ['skills', 'skills'],
        ['latencyReady', 'speed'],
      ])}`;
    case 'data':
      return `weakest of ${say([
        ['availability', 'availability'],
        ['labelsReady', 'labels'],
        ['quality', 'quality'],
        ['legalReady', 'legal access'],
      ])}${standing.weakest ? `: ${standing.weakest}` : ''}`;
    case 'strategic':
      return answers['strategicFit'] ? `rated ${answers['strategicFit']} of 5` : 'not rated';
  }
}
