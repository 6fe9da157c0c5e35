import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { percentage } from '../parts/numbers.ts';
import { table } from '../parts/table.ts';
import { counted, plain } from '../parts/text.ts';
import { lasting } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface FlowView {
  now: Temporal.Instant;
  days: number;
  teams: readonly {
    name: string;
    changes: number;
    perWeek: number;
    leadMinutes?: number;
    failureRate?: number;
    restoreMinutes?: number;
  }[];
  freezes: readonly { entry: string; minutes: number; changes: number }[];
}

/** How changes flow, team by team, and what the calendar costs. */
export function flowCard(view: FlowView): Card {
  const { teams, freezes } = view;
  const time = (minutes: number | undefined) => (minutes === undefined ? 'unknown' : lasting(minutes * 60_000));
  const busy = teams.filter(({ leadMinutes }) => leadMinutes !== undefined);
  const [dearest] = freezes;
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
    picture: bars({
      caption: 'Lead time in hours, the median change of each team',
      xTitle: 'Hours (h)',
      yTitle: 'Team',
      bars: busy.map(({ name, leadMinutes = 0 }) => ({ label: name, value: Math.round(leadMinutes / 6) / 10 })),
    }),
    details: [
      table(
        [
          { title: 'Team', width: 2 },
          { title: 'A week', number: true },
          { title: 'Failed', number: true },
          { title: 'Restored in', number: true },
        ],
        teams.map(({ name, perWeek, failureRate, restoreMinutes }) => [
          plain(name, 40),
          (Math.round(perWeek * 10) / 10).toString(),
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
    foot: foot(view.now, 'planned changes, incidents and the record'),
    wide: true,
  });
}

export const flowWords = ({ teams, days }: Pick<FlowView, 'teams' | 'days'>): string => {
  const all = teams.reduce((sum, { changes }) => sum + changes, 0);
  return all === 0
    ? `No planned change has ended in ${counted(days, 'day')}`
    : `${counted(all, 'planned change')} ended in ${counted(days, 'day')}`;
};
