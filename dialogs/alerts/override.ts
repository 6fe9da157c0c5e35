import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText, instant, oneOf, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { personOf, scheduleRef } from './oncall-words.ts';
import { overrideAnswer } from './override-view.ts';

export const override = capability({
  id: 'alerts.override',
  summary: 'Change who is on call for a while: somebody else, somebody as well, or without somebody',
  phrases: [
    'override {schedule} with {person} from {from} to {to} [because {reason}]',
    'override {schedule} with {person} instead of {other} from {from} to {to} [because {reason}]',
    'override {schedule} with {person} [instead of {other}] until {to} [because {reason}]',
    'override {schedule} add {person} from {from} to {to} [because {reason}]',
    'override {schedule} without {other} from {from} to {to} [because {reason}]',
  ],
  examples: [
    'override fraud-primary with Ben from tomorrow 09:00 to tomorrow 17:00',
    'override fraud-primary with Ben instead of Ann from tomorrow 09:00 to tomorrow 17:00 because of the fair',
    'override fraud-primary add Dev from 18:00 to 22:00',
    'override platform-primary without Dev from tomorrow 09:00 to tomorrow 17:00',
  ],
  input: z.object({
    schedule: scheduleRef,
    how: oneOf(['with', 'add', 'without']).default('with'),
    person: personRef.optional(),
    other: personRef.optional(),
    from: instant.optional(),
    to: instant,
    reason: freeText(200).optional(),
  }),
  roles: ['responder', 'admin'],
  effect: 'write',
  prepare: ({ rooms }) => rooms.people.members(),
  run: async (turn, { schedule, how, person, other, from, to, reason }, members) => {
    const { rooms } = turn;
    if (how === 'without' ? other === undefined : person === undefined)
      throw new Refused(
        'I still need the person.',
        'For example: override fraud-primary with Ben until tomorrow 09:00',
      );
    const wish = {
      ...(person && how !== 'without' ? { person: personOf(rooms, person) } : {}),
      ...(other && how !== 'add' ? { insteadOf: personOf(rooms, other) } : {}),
      alongside: how === 'add',
      from: from ? Temporal.Instant.from(from) : turn.now,
      to: Temporal.Instant.from(to),
    };
    const by = { id: turn.actor.id, reason };
    return overrideAnswer(turn, await rooms.alerts.overrides.add(turn.tx, schedule, wish, by, members));
  },
});
