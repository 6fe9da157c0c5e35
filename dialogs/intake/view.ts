import type { Temporal } from 'temporal-polyfill';
import type { UseCaseView } from '../../cards/intake/use-case.ts';
import { AXES, SECTIONS, type Section, type UseCase } from '../../services/intake/index.ts';
import type { Rooms } from '../rooms.ts';
import { lifeOf } from './life.ts';

/** The use case, or what to do when there is none. */
export async function neededUseCase(rooms: Rooms, id: string): Promise<UseCase> {
  const found = await rooms.intake.find(rooms.db, id);
  if (!found) throw await rooms.intake.unknown(rooms.db, id);
  return found;
}

export const currencyOf = (useCase: UseCase): string => useCase.answers['currency'] ?? 'EUR';

export interface Reader {
  id: string;
  name: string;
  roles: readonly string[];
}

/** Whoever reads a message alone, with the rights of now; undefined in a conversation of several. */
export async function readerOf(rooms: Rooms, audience: string): Promise<Reader | undefined> {
  const [, person] = /^person:(.+)$/.exec(audience) ?? [];
  return person ? (await rooms.people.members())?.find(({ id, active }) => id === person && active) : undefined;
}

/** All of a use case; `reader` decides what they are offered. */
export async function useCaseView(
  rooms: Rooms,
  useCase: UseCase,
  now: Temporal.Instant,
  reader?: Reader,
  /** Nobody else reads it with them: costs are shown as they may see them. */
  alone = false,
): Promise<UseCaseView> {
  const { row, answers, standing, risk } = useCase;
  const { db, intake, people } = rooms;
  const [open, links, signoff, pilot] = await Promise.all([
    intake.delegations.open(db, row.id),
    intake.links(db, row.id),
    intake.signoffs.state(db, row),
    intake.pilots.of(db, row),
  ]);
  const askedOf = (section: Section) => open.find((one) => one.section === section);
  const weights = standing.scored?.parts ?? [];
  const currency = currencyOf(useCase);
  const money = (id: string) => ({ amount: answers[id] ?? '', currency });
  const effort = Number(answers['effort']);
  const waitsFor = (parts: readonly string[]) => signoff.holding.some(({ stakeholder }) => parts.includes(stakeholder));
  return {
    now,
    id: row.id,
    title: row.title,
    state: row.state,
    ...(answers['problem'] ? { problem: answers['problem'] } : {}),
    ...(answers['owner'] ? { owner: people.nameOf(answers['owner']) } : {}),
    ...(answers['department'] ? { department: answers['department'] } : {}),
    ...(answers['benefitLikely'] && answers['benefitLow'] && answers['benefitHigh']
      ? { benefit: { low: money('benefitLow'), likely: money('benefitLikely'), high: money('benefitHigh') } }
      : {}),
    ...(Number.isFinite(effort) && answers['effort'] ? { effort } : {}),
    ...(standing.gate.pass ? {} : { gate: standing.gate }),
    ...(standing.scored ? { score: standing.scored.score } : {}),
    ...(standing.range ? { range: standing.range } : {}),
    ...(standing.between ? { between: standing.between } : {}),
    parts: AXES.flatMap((axis) => {
      const part = weights.find((one) => one.axis === axis);
      return part ? [{ axis, points: part.points, most: part.weight * 100 }] : [];
    }),
    ...(risk ? { risk: { class: risk.verdict.class, by: people.nameOf(risk.by) } } : {}),
    missing: SECTIONS.flatMap((section) => {
      const labels = standing.missing[section];
      const asked = askedOf(section);
      if (labels.length === 0) return [];
      return [
        {
          section,
          labels,
          ...(asked ? { asked: people.nameOf(asked.asked), days: intake.daysSince(asked.created_at) } : {}),
        },
      ];
    }),
    signoff: signoff.each.map(({ stakeholder, state, last }) => ({
      stakeholder,
      state: STATE_WORDS[state],
      ...(last ? { who: people.nameOf(last.person) } : {}),
      ...(last?.reason && state !== 'signed'
        ? { reason: last.answer ? `${last.reason} — answered: ${last.answer.text}` : last.reason }
        : {}),
    })),
    ...(pilot ? { pilot: { verdict: pilot.verdict, because: pilot.because } } : {}),
    links: links.map(({ kind, target, detail }) => ({
      kind,
      target,
      ...(detail['change'] ? { detail: detail['change'] } : {}),
    })),
    ...(await lifeOf(rooms, row.id, links, now, alone ? reader : undefined)),
    ...(risk && risk.verdict.asOf !== intake.edition().asOf ? { riskOutdated: true } : {}),
    ...(reader && waitsFor(intake.signoffs.speaksFor(row, reader)) ? { maySign: true } : {}),
  };
}

const STATE_WORDS = {
  signed: 'signed',
  objected: 'objected',
  answered: 'objection answered',
  waiting: 'not signed yet',
  outdated: 'signed older answers',
} as const;
