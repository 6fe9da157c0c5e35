import { z } from 'zod/v4';
import { riskCard } from '../../cards/intake/risk.ts';
import { Refused } from '../../services/core/errors.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { neededUseCase } from './view.ts';

export const risk = capability({
  id: 'intake.risk',
  summary: 'Show the risk class of a use case, the articles it follows from, and what it asks for',
  phrases: [
    'risk of {useCase}',
    'risk class of {useCase}',
    'is {useCase} high risk',
    'how risky is {useCase}',
    'ai act {useCase}',
    'ai act of {useCase}',
  ],
  examples: ['risk of UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { useCase }) => {
    const { row, risk: stored } = await neededUseCase(rooms, useCase);
    if (!stored)
      throw new Refused(
        `The risk of ${useCase} was not classified yet.`,
        `Say “classify ${useCase}”.`,
        'not-classified',
      );
    const { verdict, answers, by } = stored;
    const [first] = verdict.reasons;
    const outdated =
      verdict.asOf === rooms.intake.edition().asOf ? '' : ' A newer reading of the Act counts: classify it again.';
    return {
      text: `${useCase} is classed as ${verdict.class} (${first?.article}: ${first?.words}).${outdated}`,
      card: riskCard({
        now,
        id: row.id,
        title: row.title,
        verdict,
        by: rooms.people.nameOf(by),
        ...(answers.exit ? { reasoning: answers.exit.reason } : {}),
      }),
      data: { useCase, verdict, by, at: stored.at },
    };
  },
});
