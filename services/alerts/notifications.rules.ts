/**
 * When a group of alerts speaks. Alertmanager's rules (its docs, "configuration", and its own acceptance tests): the
 * first message comes a group wait after the first alert; then the group looks at itself every group interval and speaks
 * when something fires that it has not told, when something it has told is over, or when its repeat interval has passed.
 */
export interface Told {
  /** Dedup keys that its last message said are firing, and those it said are over. */
  firing: readonly string[];
  resolved: readonly string[];
  /** When that was, in milliseconds since the epoch. */
  at: number;
}

export interface Standing {
  firing: readonly string[];
  resolved: readonly string[];
}

export type Speech =
  | { speak: false; why: string }
  | { speak: true; reason: 'first' | 'new' | 'over' | 'repeat'; why: string };

export function toSay(
  now: number,
  told: Told | undefined,
  { firing, resolved }: Standing,
  options: { repeat: number; sendResolved: boolean },
): Speech {
  if (!told) {
    return firing.length > 0
      ? { speak: true, reason: 'first', why: 'the group wait is over' }
      : { speak: false, why: 'nothing fires, and nothing was told' };
  }
  const fresh = firing.filter((key) => !told.firing.includes(key));
  if (fresh.length > 0) return { speak: true, reason: 'new', why: `${fresh.length} not told yet` };
  const over = resolved.filter((key) => !told.resolved.includes(key));
  if (firing.length === 0) {
    return told.firing.length > 0 && options.sendResolved
      ? { speak: true, reason: 'over', why: 'everything is over' }
      : { speak: false, why: 'nothing fires' };
  }
  if (over.length > 0 && options.sendResolved) return { speak: true, reason: 'over', why: `${over.length} over` };
  if (told.at + options.repeat <= now) return { speak: true, reason: 'repeat', why: 'the repeat interval has passed' };
  return { speak: false, why: 'nothing new, and too early to repeat' };
}

/** A group that is over keeps its beat for so long, as Alertmanager's does until empty groups are cleared (its dispatch.go). */
export const GROUP_LIVES_MS = 30_000;

/**
 * When a new group looks at itself first: a group wait after its first alert, or at the beat of the group of the same kind
 * that was over a moment ago, whichever is sooner. What fires again is told no later than it was told to be over.
 */
export function firstLook(
  now: number,
  pace: { wait: number },
  before?: { first: number; interval: number; over: number },
): number {
  const waited = now + pace.wait;
  if (!before || now - before.over > GROUP_LIVES_MS) return waited;
  return Math.min(waited, beatAt(before.first, before.interval, now + 1));
}

/** The group's own beat: the first instant at or after `at` that is whole intervals after its first look. */
export function beatAt(first: number, interval: number, at: number): number {
  if (at <= first) return first;
  return first + Math.ceil((at - first) / interval) * interval;
}
