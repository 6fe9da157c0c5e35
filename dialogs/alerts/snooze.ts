import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { duration, incidentId, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { afterwards } from './afterwards.ts';

const USUAL = 'PT30M';

export const snooze = capability({
  id: 'alerts.snooze',
  summary: 'Let an incident rest: nobody is called until then, and then you are',
  phrases: ['snooze {incident} for {length}', 'snooze {incident} until {until}', 'snooze {incident}'],
  examples: ['snooze INC-142 for 30 minutes', 'snooze INC-142 until tomorrow 08:00'],
  input: z.object({ incident: incidentId, length: duration.optional(), until: instant.optional() }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident, length, until }) => {
    const { now, actor, rooms } = turn;
    // Through the person's zone, so that a day is a day also when the clocks change.
    const at = until
      ? Temporal.Instant.from(until)
      : now
          .toZonedDateTimeISO(actor.zone)
          .add(length ?? USUAL)
          .toInstant();
    await rooms.alerts.snooze(turn.tx, incident, actor, at);
    return afterwards(turn, incident, `${incident} rests until ${said(at, actor.zone)}; then you are told again.`);
  },
});
