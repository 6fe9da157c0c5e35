import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { moment } from '../../services/windows/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const breakGlass = capability({
  id: 'windows.break-glass',
  summary: 'Let one change start although the calendar is closed; by role, with a ticket, reviewed afterwards',
  phrases: ['break glass for {change} ticket {ticket} because {reason}'],
  examples: ['break glass for RFC-104 ticket INC-101 because payments fail'],
  input: z.object({ change: plannedId, ticket: freeText(60), reason: freeText() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { change: id, ticket, reason }) => {
    const expires = await turn.rooms.windows.changes.breakGlass(turn.tx, id, turn.actor, reason, ticket);
    return changeAnswer(turn, id, {
      words: `the glass is broken for one start until ${moment(Temporal.Instant.from(expires), turn.rooms.organisation.zone)}; a review follows.`,
      why: reason,
    });
  },
});
