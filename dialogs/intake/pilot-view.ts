import { Temporal } from 'temporal-polyfill';
import { pilotCard } from '../../cards/intake/pilot.ts';
import type { PilotView, UseCaseRow } from '../../services/intake/index.ts';
import type { Answer } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** A pilot as an answer: the criteria, what was measured, and what follows. */
export function shownPilot(
  rooms: Rooms,
  row: UseCaseRow,
  view: PilotView | undefined,
  now: Temporal.Instant,
  said?: string,
): Answer {
  const decision = view?.pilot.decision;
  const card = pilotCard({
    now,
    id: row.id,
    title: row.title,
    ...(view
      ? { verdict: view.verdict, because: view.because, deadline: Temporal.Instant.from(view.pilot.deadline) }
      : {}),
    criteria: (view?.pilot.criteria ?? []).map((criterion) => {
      const judged = view?.judged.find((one) => one.criterion === criterion.id);
      const source = view?.measured[criterion.id]?.source;
      return {
        ...criterion,
        verdict: judged?.verdict ?? 'not-measured',
        because: judged?.because ?? '',
        ...(source ? { source } : {}),
      };
    }),
    ...(decision
      ? { decision: { choice: decision.choice, by: rooms.people.nameOf(decision.by), why: decision.why } }
      : {}),
    decided: view?.pilot.state === 'decided',
  });
  const words = view
    ? `The pilot of ${row.id}: ${view.verdict}. ${view.because}.`
    : `${row.id} has no pilot yet. Say “plan pilot of ${row.id}”.`;
  return { text: said ? `${said} ${words}` : words, card, data: { useCase: row.id, ...view }, objects: [row.id] };
}
