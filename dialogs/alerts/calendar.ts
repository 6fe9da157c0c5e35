import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { calendarAnswer } from './calendar-view.ts';
import { scheduleRef } from './oncall-words.ts';

export const calendar = capability({
  id: 'alerts.calendar',
  summary: 'Give the address of a schedule as a calendar (iCalendar) to subscribe to',
  phrases: ['calendar of {schedule}'],
  examples: ['calendar of platform-primary'],
  input: z.object({ schedule: scheduleRef }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { schedule }) =>
    calendarAnswer(turn, await turn.rooms.alerts.feeds.ofSchedule(turn.tx, turn.actor.id, schedule)),
});
