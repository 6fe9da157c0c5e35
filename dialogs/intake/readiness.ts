import { readinessCard } from '../../cards/intake/readiness.ts';
import { type Assessment, readinessOf } from '../../services/intake/index.ts';
import { capability, nothing } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

const mean = (assessment: Assessment): number => {
  const readings = readinessOf(assessment.answers);
  return readings.reduce((sum, { level }) => sum + level, 0) / readings.length;
};

/** The last assessment of each department, with how it moved. */
export async function readinessView(rooms: Rooms) {
  const all = await rooms.intake.assessments(rooms.db);
  const names = [...new Set(all.map(({ department }) => department))].sort();
  return names.flatMap((name) => {
    const [last, before] = all.filter(({ department }) => department === name).reverse();
    if (!last) return [];
    const trend = before ? Math.round((mean(last) - mean(before)) * 10) / 10 : undefined;
    return [
      {
        name,
        by: rooms.people.nameOf(last.by),
        at: last.at,
        readings: readinessOf(last.answers),
        ...(trend === undefined ? {} : { trend }),
      },
    ];
  });
}

export const readiness = capability({
  id: 'intake.readiness',
  summary: 'Show how ready each department is in data infrastructure, skills and governance',
  phrases: ['readiness', 'readiness of departments'],
  examples: ['readiness'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const departments = await readinessView(rooms);
    const lines = departments.map(
      ({ name, readings }) =>
        `${name}: ${readings.map(({ dimension, level, word }) => `${dimension} ${level.toFixed(1)} (${word})`).join(', ')}`,
    );
    return {
      text: lines.join('\n') || 'No department was assessed yet.',
      card: readinessCard({ now, departments }),
      data: departments,
    };
  },
});
