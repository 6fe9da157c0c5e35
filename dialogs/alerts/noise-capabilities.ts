import { applyRule } from './apply-rule.ts';
import { endRule } from './end-rule.ts';
import { endSilence } from './end-silence.ts';
import { extendSilence } from './extend-silence.ts';
import { maintenance } from './maintenance.ts';
import { noiseRules } from './noise-rules.ts';
import { silence } from './silence.ts';
import { silenceUntil } from './silence-until.ts';
import { silences } from './silences.ts';
import { tryRule } from './try-rule.ts';

/** What keeps alerts quiet, and the rules about it. */
export const noiseCapabilities = [
  silence,
  silenceUntil,
  silences,
  endSilence,
  extendSilence,
  maintenance,
  tryRule,
  applyRule,
  endRule,
  noiseRules,
];
