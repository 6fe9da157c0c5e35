import { firesOn } from './cron.rules.ts';
import { occurrences } from './expand.rules.ts';
import { type Interval, merged } from './intervals.ts';
import type { ReadWindow } from './spec.rules.ts';
import { localise, offsetAt, wallClock } from './zones.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** When an entry holds, within [fromMs, toMs) and reaching beyond at its edges: merged intervals of instants. */
export function spansOf(window: ReadWindow, fromMs: number, toMs: number): Interval[] {
  const { source, zone, length } = window;
  const offset = (window.spec.offsetDays ?? 0) * DAY_MS;
  const reach = Number.isFinite(length.ms) ? length.ms + 2 * DAY_MS : Number.POSITIVE_INFINITY;
  const localFrom = wallClock(zone, fromMs) - reach - offset;
  const localTo = wallClock(zone, toMs) + DAY_MS - offset;
  const touching = (spans: readonly Interval[]) =>
    merged(spans).filter(({ start, end }) => start < toMs && end > fromMs);
  if ('cron' in source) return touching(cronSpans(window, source, localFrom, localTo));
  let starts = 'rule' in source ? occurrences(source.rule, source.dtstartMs, localFrom, localTo) : [source.onceMs];
  if ('rule' in source && source.rule.untilMs !== undefined) {
    const until = source.rule.untilMs;
    starts = starts.filter((at) => localise(zone, at) <= until);
  }
  const all = offset === 0 ? starts : starts.map((at) => at + offset);
  const wanted = [...all, ...listedStarts(window)].filter((at) => !isExcluded(window, at));
  return touching(wanted.map((at) => spanAt(window, at)));
}

/**
 * One occurrence. A wall-clock end that the change of the clocks puts at or before the start would make it vanish: a
 * freeze (and what is only told) then lasts for its length as elapsed time, because "frozen from 02:30 to 03:30" must
 * freeze on that day too. A window that opens or mutes stays away: it fails closed.
 */
export function spanAt(
  { zone, length, spec }: Pick<ReadWindow, 'zone' | 'length' | 'spec'>,
  localStart: number,
): Interval {
  const start = localise(zone, localStart);
  if (length.kind === 'exact') return { start, end: start + length.ms };
  const end = localise(zone, localStart + length.ms);
  const closes = spec.kind === 'deny' || spec.kind === 'advisory';
  return { start, end: end > start || !closes ? end : start + length.ms };
}

/** A date that is listed means that day at the times at which the entry begins: midnight for whole days, 22:00 for nights. */
function listedStarts({ rdates, source }: ReadWindow): number[] {
  return rdates.flatMap(({ localMs, wholeDay }) => {
    if (!wholeDay) return [localMs];
    if ('cron' in source) return source.cron.times.map((minute) => localMs + minute * MINUTE_MS);
    const first = 'rule' in source ? source.dtstartMs : source.onceMs;
    return [localMs + first - Math.floor(first / DAY_MS) * DAY_MS];
  });
}

const isExcluded = ({ exdates }: ReadWindow, localMs: number): boolean =>
  exdates.some((gone) =>
    gone.wholeDay ? localMs >= gone.localMs && localMs < gone.localMs + DAY_MS : localMs === gone.localMs,
  );

/**
 * A cron schedule may fire every minute; where one firing's span reaches the next, a day is one interval. Near a change of
 * the clocks every firing is localised by itself, and what follows without a pause on the clock has none in the hour that
 * is repeated either: a freeze of every hour is one without a hole.
 */
function cronSpans(
  window: ReadWindow,
  { cron, fromMs }: { cron: Parameters<typeof firesOn>[0]; fromMs: number },
  localFrom: number,
  localTo: number,
): Interval[] {
  const { zone, length } = window;
  const spans: Interval[] = [];
  const begin = Math.floor(Math.max(localFrom, fromMs) / DAY_MS);
  const offset = (window.spec.offsetDays ?? 0) * DAY_MS;
  // A clock time as the end, days later, may lie behind a change of the clocks that the days around the start do not see.
  const near = length.kind === 'exact' || length.ms <= DAY_MS;
  let before = Number.NEGATIVE_INFINITY;
  for (let day = begin; day * DAY_MS < localTo; day += 1) {
    if (!firesOn(cron, day)) continue;
    const midnight = day * DAY_MS;
    const starts = cron.times
      .map((minute) => midnight + minute * MINUTE_MS + offset)
      .filter((at) => at - offset >= fromMs && !isExcluded(window, at));
    const first = starts[0];
    if (first === undefined) continue;
    const steady = offsetAt(zone, midnight + offset - DAY_MS) === offsetAt(zone, midnight + offset + 2 * DAY_MS);
    if (near && steady) {
      spans.push(...runs(starts, length.ms, offsetAt(zone, midnight + offset)));
      continue;
    }
    for (const at of starts) {
      const span = spanAt(window, at);
      if (before + length.ms >= at) spans.push({ start: localise(zone, before), end: span.start });
      spans.push(span);
      before = at;
    }
  }
  spans.push(
    ...listedStarts(window)
      .filter((at) => !isExcluded(window, at))
      .map((at) => spanAt(window, at)),
  );
  return spans;
}

function runs(starts: readonly number[], lengthMs: number, offsetMs: number): Interval[] {
  const found: Interval[] = [];
  for (const at of starts) {
    const last = found.at(-1);
    const start = at - offsetMs;
    if (last && start <= last.end) last.end = start + lengthMs;
    else found.push({ start, end: start + lengthMs });
  }
  return found;
}
