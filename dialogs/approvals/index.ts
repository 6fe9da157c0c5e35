import type { Domain } from '../capability.ts';
import { emergency } from './emergency.ts';
import { list } from './list.ts';
import { notices } from './notices.ts';
import { rollback } from './rollback.ts';
import { show } from './show.ts';
import { vote } from './vote.ts';
import { withdraw } from './withdraw.ts';

/** Requests, votes, and the changes they allow. */
export const approvals: Domain = {
  name: 'approvals',
  capabilities: [list, show, vote, rollback, emergency, withdraw],
  notices,
};
