import type { Domain } from '../capability.ts';
import { audit } from './audit.ts';
import { discard } from './discard.ts';
import { drafts } from './drafts.ts';
import { help } from './help.ts';
import { redeliver } from './redeliver.ts';
import { search } from './search.ts';
import { undelivered } from './undelivered.ts';

/** The record, help, and what an administrator looks after. */
export const governance: Domain = {
  name: 'governance',
  capabilities: [help, search, drafts, discard, audit, undelivered, redeliver],
  notices: {},
};
