import { z } from 'zod/v4';
import { readinessCard } from '../../cards/intake/readiness.ts';
import { type Assessment, departmentOf, readinessOf } from '../../services/intake/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
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
    const departments = (await readinessView(rooms)).filter(({ name }) => !only || name === only);
    const lines = departments.map(
      ({ name, readings }) =>
        `${name}: ${readings.map(({ dimension, level, word }) => `${dimension} ${level.toFixed(1)} (${word})`).join(', ')}`,
    );
    return {
      text:
        lines.join('\n') ||
        `${only ?? 'No department'} was ${only ? 'not ' : ''}assessed yet. Say “assess readiness of ${only ?? 'Retail'}”.`,
      card: readinessCard({ now, departments, ...(only ? { only } : {}) }),
      data: departments,
    };
  },
});
