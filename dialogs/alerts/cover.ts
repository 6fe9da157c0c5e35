import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { freeText, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { scheduleRef } from './oncall-words.ts';
import { overrideAnswer } from './override-view.ts';

export const cover = capability({
  id: 'alerts.cover',
  summary: 'Take over a schedule for a while: you are on call instead of everybody',
  phrases: [
    'cover {schedule} from {from} to {to} [because {reason}]',
    'cover {schedule} from {from} until {to} [because {reason}]',
    'cover {schedule} until {to} [because {reason}]',
    'cover {schedule}',
  ],
  examples: ['cover fraud-primary from 18:00 to 22:00', 'cover fraud-primary until tomorrow 09:00'],
  input: z.object({
    schedule: scheduleRef,
    from: instant.optional(),
    to: instant,
    reason: freeText(200).optional(),
  }),
  roles: ['responder', 'admin'],
  effect: 'write',
  // Rights may have to be looked up outside, which must not happen inside the transaction.
  prepare: ({ rooms }) => rooms.people.members(),
  run: async (turn, { schedule, from, to, reason }, members) => {
    const wish = {
      person: turn.actor.id,
      alongside: false,
      from: from ? Temporal.Instant.from(from) : turn.now,
      to: Temporal.Instant.from(to),
    };
    const by = { id: turn.actor.id, reason };
    return overrideAnswer(turn, await turn.rooms.alerts.overrides.add(turn.tx, schedule, wish, by, members));
  },
});
