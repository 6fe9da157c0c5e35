import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { duration, oneOf, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './my-rules-view.ts';
import { scheduleRef } from './oncall-words.ts';

export const notifyMe = capability({
  id: 'alerts.notify-me',
  summary: 'Add a rule about how you are called: where, after how long, up to which severity',
  phrases: [
    'notify me one to one [at once] [for severity {mildest}] {how=direct}',
    'notify me one to one after {after} [for severity {mildest}] {how=direct}',
    'notify me in the channel [at once] [for severity {mildest}] {how=channel}',
    'notify me in the channel after {after} [for severity {mildest}] {how=channel}',
    'notify schedule {schedule} for me after {after} [for severity {mildest}] {how=schedule}',
  ],
  examples: [
    'notify me one to one at once for severity 1',
    'notify me one to one after 30 minutes',
    'notify schedule fraud-secondary for me after 10 minutes',
  ],
  input: z.object({
    how: oneOf(['direct', 'channel', 'schedule']),
    after: duration.optional(),
    /** This severity or worse. */
    mildest: wholeNumber(0, 4).default(4),
    schedule: scheduleRef.optional(),
  }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { how, after, mildest, schedule }) => {
    const minutes = after
      ? Math.ceil(
          Temporal.Duration.from(after).total({ unit: 'minutes', relativeTo: turn.now.toZonedDateTimeISO('UTC') }),
        )
      : 0;
    const wish = { how, after: minutes, worst: 0, mildest, ...(schedule ? { schedule } : {}) };
    return rulesAnswer(turn, await turn.rooms.alerts.personal.add(turn.tx, turn.actor.id, wish), 'Noted.');
  },
});
