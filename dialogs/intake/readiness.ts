import { z } from 'zod/v4';
import { type ReadinessView, readinessCard } from '../../cards/intake/readiness.ts';
import { MARKS } from '../../cards/pictures/marks.ts';
import {
  type Assessment,
  type DimensionReading,
  departmentOf,
  LEVELS,
  READINESS_QUESTIONS,
  readinessOf,
} from '../../services/intake/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

const mean = (readings: readonly Pick<DimensionReading, 'level'>[]): number =>
  readings.reduce((sum, { level }) => sum + level, 0) / readings.length;
const meanOf = ({ answers }: Assessment): number => mean(readinessOf(answers));

/** The last assessment of each department, or of one: how it moved, who owns its gaps, and its picture. */
export async function readinessView(rooms: Rooms, only?: string): Promise<Omit<ReadinessView, 'now' | 'only'>> {
  const [all, owners] = await Promise.all([rooms.intake.assessments(rooms.db), rooms.intake.gapOwners(rooms.db)]);
  const names = [...new Set(all.map(({ department }) => department))].sort().filter((name) => !only || name === only);
  const known = names.flatMap((name) => {
    const [last, before] = all.filter(({ department }) => department === name).reverse();
    return last ? [{ name, last, before }] : [];
  });
  const departments = known.map(({ name, last, before }) => ({
    name,
    by: rooms.people.nameOf(last.by),
    at: last.at,
    readings: readinessOf(last.answers).map((reading) => ({
      ...reading,
      gaps: reading.gaps.map((gap) => {
        const owner = owners.find(({ department, statement }) => department === name && statement === gap.id);
        return { ...gap, ...(owner ? { owner: rooms.people.nameOf(owner.person) } : {}) };
      }),
    })),
    ...(before ? { trend: Math.round((meanOf(last) - meanOf(before)) * 10) / 10 } : {}),
  }));
  return { departments, ...pictureOf(rooms, known) };
}

/** The least ready ones, as many as can be told apart; one alone is drawn with the time before. */
function pictureOf(
  rooms: Pick<Rooms, 'pictures'>,
  known: readonly { name: string; last: Assessment; before: Assessment | undefined }[],
): Pick<ReadinessView, 'picture'> {
  const [first] = known;
  if (!first) return {};
  const drawn =
    known.length === 1
      ? [
          { name: first.name, answers: first.last.answers },
          ...(first.before ? [{ name: 'the time before', answers: first.before.answers }] : []),
        ]
      : [...known]
          .sort((a, b) => meanOf(a.last) - meanOf(b.last))
          .slice(0, MARKS.length)
          .map(({ name, last }) => ({ name, answers: last.answers }));
  const addresses = rooms.pictures({
    kind: 'radar',
    scale: LEVELS.length,
    axes: READINESS_QUESTIONS.map(({ id, dimension }) => ({ name: id, group: dimension })),
    series: drawn.map(({ answers }) => READINESS_QUESTIONS.map(({ id }) => answers[id] ?? 1)),
  });
  return { picture: { addresses, series: drawn.map(({ name }) => name) } };
}

export const readiness = capability({
  id: 'intake.readiness',
  summary: 'Show how ready each department, or one of them, is in data infrastructure, skills and governance',
  phrases: [
    'readiness',
    'show readiness',
    'readiness of departments',
    'readiness of the organisation',
    'readiness of {department}',
    'show readiness of {department}',
    'how ready is {department}',
    'how ready are we',
    'are we ready',
    'maturity [of {department}]',
  ],
  examples: ['readiness', 'readiness of Retail'],
  input: z.object({ department: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { department: said }) => {
    const only = said && departmentOf(rooms.organisation.departments, said);
    const view = await readinessView(rooms, only);
    const lines = view.departments.map(
      ({ name, readings }) =>
        `${name}: ${readings.map(({ dimension, level, word }) => `${dimension} ${level.toFixed(1)} (${word})`).join(', ')}`,
    );
    return {
      text:
        lines.join('\n') ||
        `${only ?? 'No department'} was ${only ? 'not ' : ''}assessed yet. Say “assess readiness of ${only ?? 'Retail'}”.`,
      card: readinessCard({ now, ...view, ...(only ? { only } : {}) }),
      data: view.departments,
    };
  },
});
