import { endSilence } from './end-silence.ts';
import { extendSilence } from './extend-silence.ts';
import { maintenance } from './maintenance.ts';
import { silence } from './silence.ts';
import { silenceUntil } from './silence-until.ts';
import { silences } from './silences.ts';

/** What keeps alerts quiet, and the rules about it. */
export const noiseCapabilities = [silence, silenceUntil, silences, endSilence, extendSilence, maintenance];
