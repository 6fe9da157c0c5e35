import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { oneOf, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './my-rules-view.ts';

const timeOfDay = z
  .string()
  .trim()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'write a time such as 22:00')
  .transform((text) => text.padStart(5, '0'))
  .meta({ argument: 'text', description: 'a time of day, such as 22:00' });

export const quietHours = capability({
  id: 'alerts.quiet-hours',
  summary: 'Set hours in which you are not paged one to one, unless it is as bad as you say',
  phrases: [
    'quiet hours from {from} to {to} [except severity {unless}]',
    'quiet hours {from} to {to} [except severity {unless}]',
    'no quiet hours {off=off}',
  ],
  examples: ['quiet hours from 22:00 to 07:00 except severity 1', 'no quiet hours'],
  input: z.object({
    from: timeOfDay.optional(),
    to: timeOfDay.optional(),
    unless: wholeNumber(0, 4).optional(),
    off: oneOf(['off']).optional(),
  }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { from, to, unless, off }) => {
    if (!off && !(from && to))
      throw new Refused('I still need both times.', 'For example: quiet hours from 22:00 to 07:00 except severity 1');
    const wish = off || !from || !to ? {} : { hours: { from, to }, ...(unless === undefined ? {} : { unless }) };
    const own = await turn.rooms.alerts.personal.quiet(turn.tx, turn.actor.id, wish);
    return rulesAnswer(turn, own, off ? 'Your quiet hours are over.' : 'Noted. Escalations pass you over in them.');
  },
});
