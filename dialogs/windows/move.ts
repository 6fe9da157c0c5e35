import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { duration, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';
import { neededChange } from './change-view.ts';
import { minutesOf } from './minutes.ts';

export const move = capability({
  id: 'windows.move',
  summary: 'Give a change another time; what was voted is voted on again',
  phrases: ['move {change} to {start} [taking {takes}]'],
  examples: ['move RFC-104 to tomorrow 10:00'],
  input: z.object({ change: plannedId, start: instant, takes: duration.optional() }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, start, takes }) => {
    const row = await neededChange({ ...turn.rooms, db: turn.tx }, id);
    await turn.rooms.windows.changes.edit(turn.tx, id, row.revision, turn.actor.id, {
      start: Temporal.Instant.from(start),
      ...(takes ? { minutes: minutesOf(takes) } : {}),
    });
    return changeAnswer(turn, id);
  },
});
