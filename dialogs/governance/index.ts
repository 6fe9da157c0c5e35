import type { Domain } from '../capability.ts';
import { audit } from './audit.ts';
import { discard } from './discard.ts';
import { drafts } from './drafts.ts';
import { hello } from './hello.ts';
import { help } from './help.ts';
import { overview } from './overview.ts';
import { redeliver } from './redeliver.ts';
import { reply } from './reply.ts';
import { search } from './search.ts';
import { thanks } from './thanks.ts';
import { undelivered } from './undelivered.ts';
import { undo } from './undo.ts';

/** The record, help, and what an administrator looks after. */
export const governance: Domain = {
  name: 'governance',
  capabilities: [help, overview, search, drafts, discard, audit, undelivered, redeliver, undo, hello, thanks, reply],
  notices: {},
};
