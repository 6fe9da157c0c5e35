import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { undeliveredCard } from '../../cards/governance/undelivered.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { letterWords, placeWords, whyWords } from './undelivered-words.ts';

const MOST = 50;

export const undelivered = capability({
  id: 'governance.undelivered',
  summary: 'List messages that could not be delivered, and why',
  phrases: ['dead letters', 'undelivered', 'undelivered messages'],
  examples: ['dead letters'],
  input: z.object({}),
  roles: ['admin'],
  effect: 'read',
  run: async ({ rooms, now, actor }) => {
    const letters = await rooms.undelivered(rooms.db, MOST);
    const told = letters.map((letter) => ({
      what: letterWords(letter),
      to: placeWords(rooms, letter.conversation),
      why: whyWords(letter.why),
      since: Temporal.Instant.from(letter.since),
      dead: letter.dead,
    }));
    const lines = told.map(({ what, to, why, since }) => `${said(since, actor.zone)}: ${what} to ${to}: ${why}`);
    return {
      text: lines.join('\n') || 'Every message was delivered.',
      card: undeliveredCard({ now, letters: told }),
      data: letters,
    };
  },
});
