import { capability, nothing } from '../capability.ts';
import { calendarAnswer } from './calendar-view.ts';

export const myCalendar = capability({
  id: 'alerts.my-calendar',
  summary: 'Give the address of your own shifts as a calendar (iCalendar) to subscribe to',
  phrases: ['my calendar', 'calendar of my shifts'],
  examples: ['my calendar'],
  input: nothing,
  roles: ['viewer'],
  effect: 'write',
  run: async (turn) => calendarAnswer(turn, await turn.rooms.alerts.feeds.ofPerson(turn.tx, turn.actor.id)),
});
