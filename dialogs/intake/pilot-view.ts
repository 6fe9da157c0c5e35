import { Temporal } from 'temporal-polyfill';
import { type PilotCardView, pilotCard } from '../../cards/intake/pilot.ts';
import { countWords, type PilotView, pilotCardOf, type UseCaseRow } from '../../services/intake/index.ts';
import type { Answer } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** A pilot as its card shows it. */
export function pilotCardView(
  rooms: Rooms,
  row: UseCaseRow,
  view: PilotView | undefined,
  now: Temporal.Instant,
  note?: string,
): PilotCardView {
  const decision = view?.pilot.decision;
  return {
    now,
    id: row.id,
    title: row.title,
    ...(view
      ? { verdict: view.verdict, because: view.because, deadline: Temporal.Instant.from(view.pilot.deadline) }
      : {}),
    criteria: (view?.pilot.criteria ?? []).map((criterion) => {
      const judged = view?.judged.find((one) => one.criterion === criterion.id);
      const found = view?.measured[criterion.id];
      return {
        ...criterion,
        verdict: judged?.verdict ?? 'not-measured',
        because: judged?.because ?? '',
        ...(found
          ? {
              source: found.source === 'typed in' ? `what ${rooms.people.nameOf(found.by)} typed in` : found.source,
              takenAt: Temporal.Instant.from(found.takenAt ?? found.at),
            }
          : {}),
      };
    }),
    ...(decision
      ? {
          decision: {
            choice: decision.choice,
            by: decision.by === 'vote' ? 'vote' : rooms.people.nameOf(decision.by),
            why: decision.why,
          },
        }
      : {}),
    decided: view?.pilot.state === 'decided',
    followed: view?.pilot.criteria.some(({ from }) => from !== undefined) ?? false,
    ...voteOf(rooms, view),
    ...(note ? { note } : {}),
  };
}

function voteOf(rooms: Rooms, view: PilotView | undefined): Pick<PilotCardView, 'vote'> {
  const ballot = view?.ballot;
  if (!ballot || ballot.row.state === 'decided') return {};
  const { row, decision, secret } = ballot;
  return {
    vote: {
      open: row.state === 'open',
      count: secret ? `${decision.counted.length} cast, secret until it ends` : countWords(decision.counted),
      until: Temporal.Instant.from(row.deadline),
      missing: secret ? [] : decision.missing.go,
      ...(row.state === 'undecided' ? { ended: decision.reason } : {}),
      outstanding: secret ? [] : decision.outstanding.map(rooms.people.nameOf),
      votes: secret
        ? []
        : decision.counted.map(({ voter, choice, reason, until }) => ({
            who: rooms.people.nameOf(voter),
            choice,
            reason,
            ...(until && choice === 'extend' ? { until } : {}),
          })),
    },
  };
}

/** A pilot as an answer: the criteria, what was measured, and what follows. */
export function shownPilot(
  rooms: Rooms,
  row: UseCaseRow,
  view: PilotView | undefined,
  now: Temporal.Instant,
  said?: string,
): Answer {
  const shown = pilotCardView(rooms, row, view, now);
  const words = view
    ? `The pilot of ${row.id}: ${view.verdict}. ${view.because}.`
    : `${row.id} has no pilot yet. Say “plan pilot of ${row.id}”.`;
  const { pilot, judged, measured, verdict, because } = view ?? {};
  const { now: _, ...card } = shown;
  return {
    text: said ? `${said} ${words}` : words,
    card: pilotCard(shown),
    data: { useCase: row.id, ...(view ? { pilot, judged, measured, verdict, because } : {}), vote: card.vote },
    objects: [row.id],
    live: { card: pilotCardOf(row.id), kind: 'intake.pilot', ids: { useCase: row.id } },
  };
}
