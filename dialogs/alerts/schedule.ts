import { z } from 'zod/v4';
import { scheduleCard } from '../../cards/alerts/schedule.ts';
import { capability } from '../capability.ts';
import {
  ONCALL_SOURCE,
  overrideWords,
  scheduleRef,
  shiftData,
  shiftOf,
  shiftWords,
  stretchData,
  stretchOf,
} from './oncall-words.ts';

export const schedule = capability({
  id: 'alerts.schedule',
  summary: 'Show two weeks of a schedule, with its gaps and overrides',
  phrases: ['schedule {schedule}', 'show schedule {schedule}', 'two weeks of {schedule}', 'rota {schedule}'],
  examples: ['schedule fraud-primary', 'two weeks of platform-primary'],
  input: z.object({ schedule: scheduleRef }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { schedule: name }) => {
    const look = await rooms.alerts.oncall.picture(rooms.db, name, now);
    const change = await rooms.alerts.rotations.inForce(rooms.db, look.name);
    return {
      text: look.shifts.map((shift) => shiftWords(rooms, shift, actor.zone)).join('\n'),
      card: scheduleCard({
        now,
        name: look.name,
        zone: look.zone,
        from: look.from,
        to: look.to,
        shifts: look.shifts.map((shift) => shiftOf(rooms, shift)),
        gaps: look.gaps.map(stretchOf),
        overrides: look.overrides.map((entry) => ({
          number: entry.number,
          words: overrideWords(rooms, entry),
          from: entry.from,
          to: entry.to,
        })),
        ...(change ? { change: { id: change.id, words: change.words, by: rooms.people.nameOf(change.by) } } : {}),
        source: ONCALL_SOURCE,
      }),
      data: {
        schedule: look.name,
        rotation: change?.id,
        shifts: look.shifts.map(shiftData),
        gaps: look.gaps.map(stretchData),
        overrides: look.overrides.map(({ number, from, to, person, insteadOf, alongside }) => ({
          number,
          person,
          insteadOf,
          alongside,
          from: from.toString(),
          to: to.toString(),
        })),
      },
    };
  },
});
