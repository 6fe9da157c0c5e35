import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import {
  hoursWords,
  type RotationWish,
  readClock,
  readDay,
  readHours,
  scheduleName,
} from '../../services/alerts/index.ts';
import { isRefused, Refused } from '../../services/core/errors.ts';
import { freeText, oneOf, wholeNumber } from '../arguments.ts';
import type { Turn } from '../capability.ts';
import type { Plan } from '../form.ts';
import type { Rooms } from '../rooms.ts';
import { personOf, scheduleRef } from './oncall-words.ts';

/** Refused at its own field, while the rest of what was typed stays. */
const readable = (max: number, read: (text: string) => unknown, description: string) =>
  freeText(max)
    .refine((text) => {
      try {
        read(text);
        return true;
      } catch (error) {
        if (!isRefused(error)) throw error;
        return false;
      }
    })
    .meta({ argument: 'text', description });
const ANY_DAY = Temporal.PlainDate.from('2026-01-01');
const day = readable(40, (text) => readDay(text, ANY_DAY), 'a day, such as 2026-12-01, tomorrow or Monday');
const hours = readable(300, readHours, 'hours, such as mon-fri 18:00-08:00; sat-sun');

/** The whole form of a rotation, and how its answers become one. */
export const rotationForm = z.object({
  schedule: scheduleRef,
  name: freeText(60).optional(),
  how: oneOf(['replaces', 'joins']).optional(),
  people: freeText(600),
  every: wholeNumber(1, 8784),
  unit: oneOf(['hours', 'days', 'weeks']),
  from: day,
  time: readable(10, readClock, 'a time of day, such as 09:00'),
  until: day.optional(),
  only: hours.optional(),
  except: hours.optional(),
  zone: freeText(64).optional(),
  reason: freeText(200).optional(),
});
export type RotationAnswers = z.output<typeof rotationForm>;
export const MAY_ROTATE = ['responder', 'admin'] as const;

export const rotationPlan: Plan = {
  capability: {
    id: 'alerts.apply-rotation',
    summary: 'Put a rotation in force',
    input: rotationForm,
    effect: 'write',
  },
  verb: 'alerts.rotation-step',
  steps: [
    {
      title: 'A rotation: of which schedule',
      intro:
        'A name that no schedule has yet makes a new one. A rotation with a name of its own lies over the schedule’s: it takes the place of who is on call below it, or joins them.',
      fields: ['schedule', 'name', 'how'],
    },
    { title: 'Who, and how long a turn is', fields: ['people', 'every', 'unit'] },
    {
      title: 'When hands change, and in which hours',
      intro: 'Hours: mon-fri 18:00-08:00; sat-sun. Hours over midnight belong to the day they begin on.',
      fields: ['from', 'time', 'until', 'only', 'except'],
    },
    { title: 'By which clock, and why', fields: ['zone', 'reason'] },
  ],
  labels: {
    schedule: 'Schedule',
    name: 'Name of the rotation (empty: the schedule’s own)',
    how: 'With a name: who is on call below it is replaced or joined',
    people: 'People in the order of their turns, separated by commas',
    every: 'A turn lasts this many',
    unit: 'Hours, days or weeks',
    from: 'First day (2026-12-01, tomorrow, Monday)',
    time: 'Hands change at (09:00)',
    until: 'Last day (empty: it goes on)',
    only: 'Only in these hours (empty: always)',
    except: 'Not in these hours',
    zone: 'Time zone, such as Europe/Dublin (empty: as the schedule has it)',
    reason: 'Why (for the record)',
  },
};

const namesIn = (people: string): string[] =>
  people
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter(Boolean);

/** Of several names the one that nobody has is said. */
function known(rooms: Rooms, name: string): string {
  try {
    return personOf(rooms, name);
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw new Refused(
      `I do not know whom you mean by “${name.replace(/[^\p{L}\p{N} .'-]+/gu, ' ').trim()}”.`,
      error.next,
    );
  }
}

/** Above the next step: what could not become a rotation, as soon as it was typed. */
export async function noteOf(
  { rooms, tx }: Pick<Turn, 'rooms' | 'tx'>,
  { schedule = '', people = '' }: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const notes = namesIn(people).flatMap((name) => {
    try {
      known(rooms, name);
      return [];
    } catch (error) {
      if (!isRefused(error)) throw error;
      return [`${error.message} Go back to mend it.`];
    }
  });
  const wanted = schedule.trim().toLowerCase();
  if (wanted === '') return notes.join(' ') || undefined;
  const name = scheduleName(wanted);
  if (!name.ok) notes.unshift(`${name.why} Go back to mend it.`);
  else if (!(await rooms.alerts.rotations.exists(tx, wanted))) notes.unshift(`${wanted} is a new schedule.`);
  return notes.join(' ') || undefined;
}

/** What the answers mean; throws Refused with the answer that cannot be read. */
export function wishOf(
  { rooms, now, actor }: Pick<Turn, 'rooms' | 'now' | 'actor'>,
  answers: RotationAnswers,
): RotationWish {
  const { schedule, name, how, people, every, unit, from, time, until, only, except, zone } = answers;
  const today = now.toZonedDateTimeISO(actor.zone).toPlainDate();
  return {
    schedule: schedule.trim().toLowerCase(),
    ...(name ? { name } : {}),
    adds: how === 'joins',
    people: namesIn(people).map((one) => known(rooms, one)),
    every,
    unit,
    from: readDay(from, today),
    at: readClock(time),
    ...(until ? { until: readDay(until, today) } : {}),
    only: readHours(only),
    except: readHours(except),
    ...(zone ? { zone } : {}),
  };
}

/** The answers that a rotation would have given, for whoever changes it. */
export function answersOf(
  { rooms }: Pick<Turn, 'rooms'>,
  known: Awaited<ReturnType<Turn['rooms']['alerts']['rotations']['current']>>,
): Record<string, string> {
  const { schedule, rotation, adds } = known;
  const { people, every, unit, from, at, until, only, except } = rotation;
  return {
    schedule: schedule.id,
    ...('name' in known && known.name ? { name: known.name, how: adds ? 'joins' : 'replaces' } : {}),
    people: people.map((id) => rooms.people.nameOf(id)).join(', '),
    every: String(every),
    unit,
    from: Temporal.PlainDate.from(from).toString(),
    time: at,
    ...(until ? { until } : {}),
    ...(only ? { only: hoursWords(only) } : {}),
    ...(except ? { except: hoursWords(except) } : {}),
    zone: schedule.zone,
  };
}
