import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, joined, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface MyShiftsView {
  now: Temporal.Instant;
  /** The nearest first; one that runs already began before now. */
  shifts: readonly { schedule: string; start: Temporal.Instant; end?: Temporal.Instant }[];
  /** How far ahead was looked, in days. */
  days: number;
  source: string;
}

const SHOWN = 10;

/** When the reader is on call. */
export function myShiftsCard({ now, shifts, days, source }: MyShiftsView): Card {
  const running = shifts.filter(({ start }) => start.epochMilliseconds <= now.epochMilliseconds);
  const ahead = shifts.find(({ start }) => start.epochMilliseconds > now.epochMilliseconds);
  const words =
    running.length > 0
      ? `You are on call for ${joined(running.map(({ schedule }) => schedule))}`
      : ahead
        ? `You are not on call; your next shift begins in ${between(now, ahead.start)}`
        : `You have no shift in the next ${counted(days, 'day')}`;
  return card({
    summary: words,
    state: state(
      running.length > 0
        ? { tone: 'info', word: 'on call', icon: 'Person' }
        : { tone: 'quiet', word: ahead ? counted(shifts.length, 'shift') : 'no shift' },
    ),
    headline: headline(plain(words)),
    soWhat: soWhat(running.length > 0 ? 'The alerts of what they cover call you.' : 'Nothing pages you by turn now.'),
    details: [
      list(
        shifts.map(({ schedule, start, end }) => ({
          text: `**${plain(schedule, 63)}** · ${when(start)} to ${end ? when(end) : 'no planned end'}`,
          detail:
            start.epochMilliseconds <= now.epochMilliseconds
              ? `now${end ? `, for ${between(now, end)} more` : ''}`
              : `in ${between(now, start)}${end ? `, for ${between(start, end)}` : ''}`,
          select: act({ title: `Two weeks of ${schedule}`, verb: 'alerts.schedule', ids: { schedule } }),
        })),
        { shown: SHOWN, spacing: 'Medium' },
      ),
    ],
    actions: actions([act({ title: 'Who is on call', verb: 'alerts.oncall' })]),
    foot: foot(now, source),
  });
}
