import { z } from 'zod/v4';
import { useCaseCard, useCaseSummary } from '../../cards/intake/use-case.ts';
import { counted } from '../../cards/parts/text.ts';
import { useCaseCardOf } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { neededUseCase, useCaseView } from './view.ts';

export const show = capability({
  id: 'intake.show',
  summary: 'Show the whole life of a use case',
  phrases: [
    'use case {useCase}',
    'show {useCase}',
    'show use case {useCase}',
    'open {useCase}',
    'status of {useCase}',
    'details of {useCase}',
    'who holds up {useCase}',
    'who is holding up {useCase}',
    'who blocks {useCase}',
    'who is blocking {useCase}',
    'what blocks {useCase}',
    'what is {useCase} waiting for',
    'what is missing in {useCase}',
  ],
  examples: ['use case UC-104', 'who holds up UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor, place }, { useCase }) => {
    const found = await neededUseCase(rooms, useCase);
    // What others read with them shows what everybody may see.
    const alone = place.kind === 'personal' || place.kind === 'console';
    const view = await useCaseView(rooms, found, now, actor, alone);
    const { holding } = await rooms.intake.signoffs.state(rooms.db, found.row);
    const waits = holding.map(
      ({ stakeholder, why, since }) =>
        `${stakeholder} ${why} (${counted(Math.floor(rooms.intake.daysSince(since)), 'day')})`,
    );
    const score = view.score === undefined ? 'not scored yet' : `${view.score.toFixed(1)} points`;
    return {
      text: [
        `${useCase} ${view.title}: ${view.state}, ${score}.`,
        view.gate ? `${view.gate.why} ${view.gate.next}` : undefined,
        waits.length > 0 ? `Held up by: ${waits.join('; ')}.` : 'Everybody has signed.',
      ]
        .filter(Boolean)
        .join('\n'),
      card: useCaseCard(view),
      data: { ...view, now: now.toString(), holding, summary: useCaseSummary(view) },
      live: { card: useCaseCardOf(useCase), kind: 'intake.use-case', ids: { useCase } },
    };
  },
});
