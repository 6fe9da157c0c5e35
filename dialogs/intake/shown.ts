import { useCaseCard, useCaseSummary } from '../../cards/intake/use-case.ts';
import { useCaseCardOf } from '../../services/intake/index.ts';
import type { Answer, Turn } from '../capability.ts';
import { neededUseCase, useCaseView } from './view.ts';

/** The answer of everything that changes a use case: its card as it is now, which lives from then on. */
export async function shownUseCase(turn: Turn, id: string, text: string, more: Partial<Answer> = {}): Promise<Answer> {
  const rooms = { ...turn.rooms, db: turn.tx };
  const view = await useCaseView(
    rooms,
    await neededUseCase(rooms, id),
    turn.now,
    turn.actor,
    ['personal', 'console'].includes(turn.place.kind),
  );
  return {
    text,
    card: useCaseCard(view),
    data: {
      useCase: id,
      state: view.state,
      score: view.score,
      between: view.between,
      gate: view.gate,
      missing: view.missing,
      summary: useCaseSummary(view),
    },
    objects: [id],
    live: { card: useCaseCardOf(id), kind: 'intake.use-case', ids: { useCase: id } },
    ...more,
  };
}
