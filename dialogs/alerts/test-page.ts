import { z } from 'zod/v4';
import { saidCard } from '../../cards/alerts/said.ts';
import { Refused } from '../../services/core/errors.ts';
import { personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { personOf } from './oncall-words.ts';

export const testPage = capability({
  id: 'alerts.test-page',
  summary: 'Send a page that proves the way to somebody; when it does not arrive, the admins hear of it',
  phrases: ['test page {person}', 'test page'],
  examples: ['test page me'],
  input: z.object({ person: personRef.optional() }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor }, { person }) => {
    const to = person === undefined ? actor.id : personOf(rooms, person);
    if (to !== actor.id && !actor.roles.includes('admin'))
      throw new Refused('Only an admin pages others for a test.', 'Say “test page me”.');
    const id = await rooms.alerts.watch.testPage(tx, to, actor.id);
    const whom = to === actor.id ? 'you' : rooms.people.nameOf(to);
    const text = `Test page ${id} is on its way to ${whom} one to one.`;
    return {
      text,
      card: saidCard({ text }),
      data: { page: id },
    };
  },
});
