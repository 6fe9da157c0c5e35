import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { split } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { Gap } from './oncall.ts';

export interface ScheduleView {
  now: Temporal.Instant;
  name: string;
  /** The zone in which it changes hands. */
  zone: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** In order; names, empty when nobody is on call. */
  shifts: readonly { who: readonly string[]; start: Temporal.Instant; end?: Temporal.Instant }[];
  gaps: readonly Gap[];
  /** Made in chat, running or ahead. */
  overrides: readonly { number: number; words: string; from: Temporal.Instant; to: Temporal.Instant }[];
  /** The change of its rotations made in chat that is in force. */
  change?: { id: string; words: string; by: string };
  source: string;
}

const SHOWN = 16;
const NOBODY = 'nobody';

/** A schedule as it is planned: who, from when to when, how the hours are shared, and where nobody is. */
export function scheduleCard(view: ScheduleView): Card {
  const { now, name, zone, from, to, shifts, gaps, overrides, change } = view;
  const days = Math.round((to.epochMilliseconds - from.epochMilliseconds) / 86_400_000);
  const words = `${clean(name, 63)}: ${counted(days, 'day')} ahead`;
  return card({
    summary: `${words}, ${gaps.length === 0 ? 'no gap' : counted(gaps.length, 'gap')}`,
    state: state(
      gaps.length > 0
        ? { tone: 'warning', word: counted(gaps.length, 'gap'), id: name }
        : { tone: 'good', word: 'no gap', id: name },
    ),
    headline: headline(plain(words)),
    soWhat: soWhat(gaps.length > 0 ? gapWords(gaps) : 'Somebody can be reached at every hour.'),
    picture: sharesOf(name, view),
    details: [
      shiftTable(shifts, SHOWN),
      list([
        ...(change
          ? [{ text: `${change.id}: ${plain(change.words, 200)}`, detail: `made in chat by ${named(change.by)}` }]
          : []),
        ...overrides.map((entry) => ({
          text: `Override ${entry.number}: ${plain(entry.words, 160)}`,
          detail: `${when(entry.from)} to ${when(entry.to)}, ${between(entry.from, entry.to)}`,
        })),
      ]),
    ],
    actions: actions([
      act({ title: 'I take over', verb: 'alerts.cover', ids: { schedule: name } }),
      act({ title: 'Who is on call', verb: 'alerts.oncall', ids: { about: name } }),
      act({ title: 'My shifts', verb: 'alerts.my-shifts' }),
      act({ title: 'Change the rotation', verb: 'alerts.change-rotation', ids: { schedule: name } }),
      change && act({ title: `Undo ${change.id}`, verb: 'alerts.undo-rotation', ids: { rotation: change.id } }),
    ]),
    foot: foot(now, `${view.source}; hands change by the clock of ${zone}`),
    wide: true,
  });
}

function gapWords(gaps: readonly Gap[]): string {
  const [first] = gaps;
  if (!first) return '';
  const more = gaps.length > 1 ? `; ${counted(gaps.length - 1, 'other gap')} below` : '';
  return `Nobody can be reached from ${when(first.start)} ${first.end ? `until ${when(first.end)}` : 'on, and no end is planned'}${more}.`;
}

/** Who is on call from when to when; where it is nobody, that is marked. */
export const shiftTable = (shifts: ScheduleView['shifts'], shown: number): Element | undefined =>
  table(
    [
      { title: 'From', width: 2 },
      { title: 'To', width: 2 },
      { title: 'On call', width: 3 },
    ],
    shifts.map(({ who, start, end }) => [
      when(start),
      end ? when(end) : 'no planned end',
      who.length > 0 ? joined(who.map(named)) : `▲ ${NOBODY}`,
    ]),
    { shown },
  );

/** How the hours are shared, as one bar. */
export const sharesOf = (name: string, view: Pick<ScheduleView, 'from' | 'to' | 'shifts'>) =>
  split('Share of the hours on call', plain(name, 63), shares(view));

/** Of the hours that people are on call; two at once count twice. */
function shares({ from, to, shifts }: Pick<ScheduleView, 'from' | 'to' | 'shifts'>) {
  const hours = new Map<string, number>();
  for (const { who, start, end } of shifts) {
    const begins = Math.max(start.epochMilliseconds, from.epochMilliseconds);
    const ends = Math.min(end?.epochMilliseconds ?? to.epochMilliseconds, to.epochMilliseconds);
    for (const name of who.length > 0 ? who : [NOBODY])
      hours.set(name, (hours.get(name) ?? 0) + Math.max(0, ends - begins));
  }
  const total = [...hours.values()].reduce((sum, value) => sum + value, 0);
  if (total === 0) return [];
  return [...hours].map(([label, value]) => ({
    label,
    percent: (value / total) * 100,
    ...(label === NOBODY ? { tone: 'bad' as const } : {}),
  }));
}
