import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number, percentage } from '../parts/numbers.ts';
import { table } from '../parts/table.ts';
import { counted, plain } from '../parts/text.ts';
import { lasting } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export const MEASURES = ['lead-time', 'frequency', 'failures', 'restore', 'freezes'] as const;
export type Measure = (typeof MEASURES)[number];

interface TeamView {
  name: string;
  changes: number;
  perWeek: number;
  leadMinutes?: number;
  failureRate?: number;
  restoreMinutes?: number;
}

export interface FlowView {
  now: Temporal.Instant;
  days: number;
  /** Which of the five is the picture; the table says all. */
  measure: Measure;
  teams: readonly TeamView[];
  freezes: readonly { entry: string; minutes: number; changes: number }[];
}

interface Picture {
  title: string;
  caption: string;
  xTitle: string;
  of: (team: TeamView) => number | undefined;
}
const tenths = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * 10) / 10);

const PICTURES: Readonly<Record<Exclude<Measure, 'freezes'>, Picture>> = {
  'lead-time': {
    title: 'Lead time',
    caption: 'Lead time in hours, from the request to the end: the median change of each team',
    xTitle: 'Hours (h)',
    of: ({ leadMinutes }) => leadMinutes && tenths(leadMinutes / 60),
  },
  frequency: {
    title: 'Frequency',
    caption: 'Changes and promotions a week',
    xTitle: 'A week',
    of: ({ perWeek, changes }) => (changes > 0 ? tenths(perWeek) : undefined),
  },
  failures: {
    title: 'Failures',
    caption: 'Share of changes that failed, in percent',
    xTitle: 'Failed (%)',
    of: ({ failureRate }) => (failureRate === undefined ? undefined : tenths(failureRate * 100)),
  },
  restore: {
    title: 'Time to restore',
    caption: 'Minutes from an incident to its end: the median of each team',
    xTitle: 'Minutes (min)',
    of: ({ restoreMinutes }) => tenths(restoreMinutes),
  },
};

/** How changes flow, team by team, and what the calendar costs. */
export function flowCard(view: FlowView): Card {
  const { teams, freezes, measure, days } = view;
  const time = (minutes: number | undefined) => (minutes === undefined ? 'unknown' : lasting(minutes * 60_000));
  const [dearest] = freezes;
  const others = MEASURES.filter((each) => each !== measure);
  const titleOf = (each: Measure) => (each === 'freezes' ? 'Cost of freezes' : PICTURES[each].title);
  const button = (each: Measure) =>
    act({ title: titleOf(each), verb: 'windows.flow', ids: { measure: each, days: String(days) } });
  return card({
    summary: flowWords(view),
    headline: headline(plain(flowWords(view))),
    soWhat: dearest
      ? soWhat(
          plain(
            `“${dearest.entry}” cost most: ${time(dearest.minutes)} of waiting for ${counted(dearest.changes, 'change')}.`,
          ),
        )
      : undefined,
    picture: pictureOf(view),
    details: [
      teams.length > 0 &&
        table(
          [
            { title: 'Team', width: 2 },
            { title: 'Lead time', number: true },
            { title: 'A week', number: true },
            { title: 'Failed', number: true },
            { title: 'Restored in', number: true },
          ],
          teams.map(({ name, leadMinutes, perWeek, failureRate, restoreMinutes }) => [
            plain(name, 40),
            time(leadMinutes),
            number(tenths(perWeek)),
            failureRate === undefined ? 'unknown' : percentage(Math.round(failureRate * 100)),
            time(restoreMinutes),
          ]),
        ),
      freezes.length > 0 && caption('What the calendar cost'),
      list(
        freezes.map(({ entry, minutes, changes }) => ({
          text: `${plain(entry, 80)}: ${time(minutes)}`,
          detail: counted(changes, 'change'),
        })),
      ),
    ],
    actions:
      teams.some(({ changes, restoreMinutes }) => changes > 0 || restoreMinutes !== undefined) || dearest
        ? actions(others.slice(0, 2).map(button), others.slice(2).map(button))
        : actions([act({ title: 'A whole year', verb: 'windows.flow', ids: { days: '365' } })]),
    foot: foot(view.now, 'planned changes, promotions, incidents and the record'),
    wide: true,
  });
}

function pictureOf({ measure, teams, freezes }: FlowView) {
  if (measure === 'freezes')
    return bars({
      caption: 'Hours that changes waited for each entry of the calendar',
      xTitle: 'Hours (h)',
      yTitle: 'Entry',
      bars: freezes.map(({ entry, minutes }) => ({ label: entry, value: tenths(minutes / 60) ?? 0 })),
    });
  const { caption: words, xTitle, of } = PICTURES[measure];
  return bars({
    caption: words,
    xTitle,
    yTitle: 'Team',
    bars: teams.flatMap((team) => {
      const value = of(team);
      return value === undefined ? [] : [{ label: team.name, value }];
    }),
  });
}

export const flowWords = ({ teams, days }: Pick<FlowView, 'teams' | 'days'>): string => {
  const all = teams.reduce((sum, { changes }) => sum + changes, 0);
  const period = counted(days, 'day');
  return all === 0 ? `No change has ended in ${period}` : `${counted(all, 'change')} ended in ${period}`;
};
