import { z } from 'zod/v4';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { testPage } from './pager-view.ts';

const LARGEST = 999_999_999;

export const confirmPage = capability({
  id: 'alerts.confirm-page',
  summary: 'Say that a test page reached you',
  phrases: ['got test page {page}', 'confirm test page {page}'],
  examples: ['got test page 3'],
  input: z.object({ page: wholeNumber(1, LARGEST) }),
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { page }) => {
    await rooms.alerts.watch.confirmPage(tx, page, actor.id);
    const card = await testPage({ ...rooms, db: tx }, page, now);
    return { text: `Test page ${page} is confirmed.`, ...(card ? { card } : {}), data: { page } };
  },
});
