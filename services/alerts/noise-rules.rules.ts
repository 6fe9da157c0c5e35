import { type Matcher, matchersText, type Read, readMatchers } from '../core/matchers.rules.ts';
import { spanOf } from '../core/organisation.noise.ts';
import { type RuleEffect, secondsOf } from './routes.rules.ts';

/**
 * Rules about noise that people make in chat: which alerts, and what has to be so before somebody is called for them.
 * `kind=latency fires for 10 min`, `rule=NodeFlap more than 3 in 15 min`, `ep-demand calls nobody`.
 */
export interface RuleText {
  matchers: readonly Matcher[];
  effect: RuleEffect;
  /** The same in its shortest words. */
  text: string;
}

const SPAN = '(\\d+(?:\\.\\d+)? ?[a-z]+)';
const FORMS: readonly (readonly [form: RegExp, effect: (found: RegExpExecArray) => RuleEffect | string])[] = [
  [
    new RegExp(`^(.+?)[,:]?\\s+(?:must )?(?:fires?|firing|lasts?|stays?) (?:for )?${SPAN}$`, 'i'),
    ([, , span]) => timed(span, (firingFor) => ({ firingFor })),
  ],
  [
    new RegExp(`^(.+?)[,:]?\\s+(?:needs? |only )?more than (\\d{1,4})(?: times)? (?:in|within) ${SPAN}$`, 'i'),
    ([, , times, span]) => timed(span, (within) => ({ moreThan: { times: Number(times), within } })),
  ],
  [
    new RegExp(
      `^(.+?)[,:]?\\s+flaps? (?:at|after|from) (\\d{1,3})(?: starts)? (?:in|within) ${SPAN}(?:,? calm (?:for )?${SPAN})?$`,
      'i',
    ),
    ([, , starts, span, calm]) =>
      Number(starts) < 2
        ? 'an alert flaps from 2 starts on'
        : timed(span, (within) =>
            timed(calm ?? span, (quiet) => ({ flapping: { starts: Number(starts), within, calm: quiet } })),
          ),
  ],
  [/^(.+?)[,:]?\s+(?:calls?|tells?|pages?|wakes?) nobody$/i, () => ({ mute: true })],
];
const HELP =
  'write what it is about and then one of: fires for 10 min · more than 3 in 15 min · flaps after 5 in 30 min · calls nobody';

/** Minutes and their like as people write them, in milliseconds. */
function timed(text: string | undefined, then: (ms: number) => RuleEffect | string): RuleEffect | string {
  const short = (text ?? '')
    .toLowerCase()
    .replace(/ ?(seconds?|secs?)$/, 's')
    .replace(/ ?(minutes?|mins?)$/, 'm')
    .replace(/ ?(hours?|hrs?)$/, 'h')
    .replace(/ ?days?$/, 'd');
  const ms = spanOf(short);
  if (ms === undefined || ms > 7 * 86_400_000)
    return `“${text}” is no duration of up to 7 days; write 10 min, 2 h or 1 d`;
  return then(ms);
}

export function readRule(text: string): Read<RuleText> {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  for (const [form, effectOf] of FORMS) {
    const found = form.exec(line);
    if (!found) continue;
    const matchers = readMatchers(found[1] ?? '');
    if (!matchers.ok) return matchers;
    const effect = effectOf(found);
    if (typeof effect === 'string') return { ok: false, why: effect };
    return { ok: true, value: { matchers: matchers.value, effect, text: ruleText(matchers.value, effect) } };
  }
  return { ok: false, why: HELP };
}

export const ruleText = (matchers: readonly Matcher[], effect: RuleEffect): string =>
  `${matchersText(matchers)} ${effectText(effect)}`;

function effectText({ firingFor, moreThan, flapping, mute }: RuleEffect): string {
  if (mute) return 'calls nobody';
  if (firingFor !== undefined) return `fires for ${secondsOf(firingFor)}`;
  if (moreThan) return `more than ${moreThan.times} in ${secondsOf(moreThan.within)}`;
  if (flapping) {
    return `flaps after ${flapping.starts} in ${secondsOf(flapping.within)}, calm for ${secondsOf(flapping.calm)}`;
  }
  return 'changes nothing';
}
