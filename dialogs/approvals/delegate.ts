import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { freeText, instant, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';

export const delegate = capability({
  id: 'approvals.delegate',
  summary: 'Let somebody else vote in your place until a time',
  phrases: ['delegate my votes to {to} until {until} [because {reason}]'],
  examples: ['delegate my votes to Inês until Friday 17:00 because I am on leave'],
  input: z.object({ to: personRef, until: instant, reason: freeText().optional() }),
  roles: ['approver', 'risk', 'engineering', 'domain', 'privacy'],
  effect: 'write',
  run: async ({ rooms, tx, actor }, { to, until, reason }) => {
    await rooms.approvals.delegate(tx, { person: actor.id, to, until: Temporal.Instant.from(until), reason });
    const end = Temporal.Instant.from(until).toZonedDateTimeISO(actor.zone);
    const name = rooms.people.nameOf(to);
    return {
      text: `${name} votes in your place until ${end.toPlainDate()} ${end.toPlainTime().toString({ smallestUnit: 'minute' })} (${actor.zone}). On a request that ${name} may not vote on, your vote stays yours.`,
      data: { to, until },
      ...(reason ? { why: reason } : {}),
    };
  },
});
