import type { Temporal } from 'temporal-polyfill';
import type { Matcher } from '../core/matchers.rules.ts';
import type { ChangeQuiet } from '../core/organisation.windows.ts';

/**
 * Which alerts keep quiet while a change of this target runs: those that carrying it out is expected to cause, of what it
 * is about. `ep-fraud/green` is about green and about what names no deployment; what still calls is everything else there:
 * other kinds (errors and drift guard a change), the rules that are left out by name, and severity 0 whatever it is.
 */
export function disturbedBy(target: string, isEndpoint: boolean, { kinds, except }: ChangeQuiet): Matcher[] {
  const [name = target, deployment] = target.split('/');
  return [
    { name: isEndpoint ? 'endpoint' : 'workspace', op: '=', value: name },
    ...(deployment ? [{ name: 'deployment', op: '=~' as const, value: `${literally(deployment)}|` }] : []),
    { name: 'kind', op: '=~', value: kinds.join('|') },
    { name: 'sev', op: '!=', value: '0' },
    ...except.map((rule) => ({ name: 'rule', op: '!~' as const, value: rule.split('*').map(literally).join('.*') })),
  ];
}

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** What happens to a change that runs longer than it said: `changes.overrun` of wardroom.yaml. */
export interface OverrunRule {
  /** Minutes that its silences go on, and it with them, while the calendar lets it. */
  extend: number;
  /** After that, or at once when the calendar is closed. */
  do: 'tell' | 'hand-over' | 'roll-back';
}

export type AtTheEnd =
  | { do: 'go-on'; until: Temporal.Instant; words: string }
  | { do: OverrunRule['do']; words: string };

/**
 * What is done when the planned end has come and the change still runs. It is given more time once, and only while the
 * calendar lets it: what stands in a freeze, or is late twice, is acted on.
 */
export function atTheEnd(
  now: Temporal.Instant,
  rule: OverrunRule,
  state: { extended: boolean; allowed: boolean; why: string },
): AtTheEnd {
  if (state.allowed && !state.extended && rule.extend > 0)
    return {
      do: 'go-on',
      until: now.add({ minutes: rule.extend }),
      words: `It runs longer than planned, and may go on for ${rule.extend} minutes.`,
    };
  const what = state.allowed ? 'It still runs after its time' : `It runs outside its window. ${state.why}`;
  const next = {
    tell: 'Take it back or finish it.',
    'hand-over': 'Whoever is on call takes it over.',
    'roll-back': 'It is taken back.',
  }[rule.do];
  return { do: rule.do, words: `${what.replace(/\.?$/, '.')} ${next}` };
}

export type Traffic = Readonly<Record<string, number>>;

/** The endpoints whose traffic is not as it was, with both; a deployment that is gone cannot be gone back to. */
export function toTakeBack(
  before: Readonly<Record<string, Traffic>>,
  now: Readonly<Record<string, Traffic | undefined>>,
): { endpoint: string; from: Traffic; to: Traffic }[] {
  const live = (traffic: Traffic) =>
    Object.entries(traffic)
      .filter(([, percent]) => percent > 0)
      .sort(([a], [b]) => a.localeCompare(b));
  return Object.entries(before).flatMap(([endpoint, to]) => {
    const from = now[endpoint];
    if (!from || live(to).length === 0 || JSON.stringify(live(from)) === JSON.stringify(live(to))) return [];
    return [{ endpoint, from, to: Object.fromEntries(live(to)) }];
  });
}

export const trafficWords = (traffic: Traffic): string =>
  Object.entries(traffic)
    .filter(([, percent]) => percent > 0)
    .map(([name, percent]) => `${name} ${percent} %`)
    .join(', ');
