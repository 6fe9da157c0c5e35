import type { Temporal } from 'temporal-polyfill';
import { nextWithin, withinHours } from '../core/week-hours.rules.ts';

/** How somebody wants to be called once an escalation has come to them. */
export interface Wanted {
  /** Minutes after that. */
  after: number;
  how: 'direct' | 'channel' | 'schedule';
  /** For `schedule`: whoever is on call there is told in their place. */
  schedule?: string;
  /** From the worst severity (0) to the mildest (4) it is for. */
  worst: number;
  mildest: number;
}

export interface Quiet {
  /** Wall-clock times of the person; over midnight when `to` is not after `from`. */
  hours?: { from: string; to: string };
  /** This severity or worse calls all the same. */
  unless?: number;
  /** Whose acknowledgement ends their rules. */
  until: 'mine' | 'any';
}

/** Without a rule for this severity the usual way holds: the card in the channel first, one to one after that. */
export const rulesFor = (rules: readonly Wanted[], severity: number): readonly Wanted[] =>
  rules.filter(({ worst, mildest }) => worst <= severity && severity <= mildest);

/** When this person may be told: at once, or at the end of their quiet hours. */
export function mayTell(
  quiet: Quiet,
  severity: number,
  zone: string,
  at: Temporal.Instant,
): Temporal.Instant | undefined {
  const { hours, unless = -1 } = quiet;
  if (!hours || severity <= unless || !withinHours([hours], zone, at)) return undefined;
  // The first instant outside: what lies between `to` and the next `from`.
  return nextWithin([{ from: hours.to, to: hours.from }], zone, at);
}

/** Whether a later rule has nothing to say any more: the incident is over, or it is acknowledged by whom they wait for. */
export function silenced(
  incident: { state: string; acks: readonly { person: string }[] },
  person: string,
  until: Quiet['until'],
): boolean {
  if (incident.state === 'resolved') return true;
  if (incident.acks.some((ack) => ack.person === person)) return true;
  return until === 'any' && incident.state === 'acknowledged';
}
