import type { Domain } from '../capability.ts';
import { audit } from './audit.ts';
import { help } from './help.ts';
import { redeliver } from './redeliver.ts';
import { undelivered } from './undelivered.ts';

/** The record, help, and what an administrator looks after. */
export const governance: Domain = {
  name: 'governance',
  capabilities: [help, audit, undelivered, redeliver],
  notices: {},
};
