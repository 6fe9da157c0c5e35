import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { swapCardOf } from '../../services/alerts/index.ts';
import { instant, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { personOf, scheduleRef } from './oncall-words.ts';
import { swapAnswer } from './swap-view.ts';

export const swap = capability({
  id: 'alerts.swap',
  summary: 'Ask somebody to take your shift for their next one',
  phrases: [
    'swap my shift [in {schedule}] on {when} with {person}',
    'swap my shift [in {schedule}] at {when} with {person}',
    'swap my next shift [in {schedule}] with {person}',
  ],
  examples: ['swap my shift on Monday 10:00 with Dev', 'swap my next shift with Gita'],
  input: z.object({ schedule: scheduleRef.optional(), when: instant.optional(), person: personRef }),
  roles: ['responder', 'admin'],
  effect: 'write',
  prepare: ({ rooms }) => rooms.people.members(),
  run: async (turn, { schedule, when, person }, members) => {
    const { rooms, actor } = turn;
    const wish = {
      schedule,
      when: when === undefined ? undefined : Temporal.Instant.from(when),
      asked: personOf(rooms, person),
    };
    const asked = await rooms.alerts.swaps.ask(turn.tx, wish, actor.id, members);
    const name = rooms.people.nameOf(asked.asked);
    const text = `I asked ${name} (swap ${asked.number}); until ${said(asked.expires, actor.zone)}.`;
    const ids = { swap: String(asked.number), person: actor.id };
    return {
      ...swapAnswer(turn, asked, text),
      live: { card: swapCardOf(asked.number), kind: 'alerts.swap', ids },
    };
  },
});
