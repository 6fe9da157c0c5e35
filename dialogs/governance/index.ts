import type { Domain } from '../capability.ts';
import { help } from './help.ts';

export const governance: Domain = {
  name: 'governance',
  capabilities: [help],
  notices: {},
};
