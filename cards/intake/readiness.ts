import { Temporal } from 'temporal-polyfill';
import type { DimensionReading } from '../../services/intake/readiness.rules.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { day } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface ReadinessView {
  now: Temporal.Instant;
  /** The department that was asked for; all of them otherwise. */
  only?: string;
  departments: readonly {
    name: string;
    by: string;
    at: string;
    readings: readonly DimensionReading[];
    /** Change of the mean level since the assessment before, undefined for the first. */
    trend?: number;
  }[];
}

const mean = (readings: readonly DimensionReading[]) =>
  readings.reduce((sum, { level }) => sum + level, 0) / readings.length;

/** How ready each department is, on five levels, with the gaps named. */
export function readinessCard({ now, departments, only }: ReadinessView): Card {
  const [weakest] = [...departments].sort((a, b) => mean(a.readings) - mean(b.readings));
  const words = !weakest
    ? `${only ?? 'No department'} was ${only ? 'not ' : ''}assessed yet`
    : only
      ? `${only} is at level ${number(mean(weakest.readings), { digits: 1 })} of 5`
      : `${weakest.name} is the least ready, at level ${number(mean(weakest.readings), { digits: 1 })} of 5`;
  return card({
    summary: words,
    state: state({ tone: 'info', word: 'readiness', icon: 'Gauge' }),
    headline: headline(`${plain(words)}.`),
    soWhat: weakest ? undefined : soWhat(`Say “assess readiness of ${plain(only ?? 'Retail', 60)}” to begin.`),
    picture: bars({
      caption: 'Maturity by department and dimension, 1 initial to 5 optimising',
      xTitle: 'Level',
      yTitle: 'Department',
      shown: 9,
      bars: departments.flatMap(({ name, readings }) =>
        readings.map(({ dimension, level, word }) => ({
          label: `${name}: ${dimension}`,
          value: Math.round(level * 10) / 10,
          tone: level < 2 ? ('bad' as const) : level < 3 ? ('warning' as const) : ('good' as const),
          word,
        })),
      ),
    }),
    details: departments.flatMap(({ name, by, at, readings, trend }) => {
      const gaps = readings.flatMap(({ dimension, gaps: found }) =>
        found.map(({ label, level }) => ({ text: plain(label), detail: `${dimension}, level ${level}` })),
      );
      const moved =
        trend === undefined
          ? ''
          : trend === 0
            ? ', unchanged'
            : `, ${trend > 0 ? '+' : '−'}${number(Math.abs(trend), { digits: 1 })} since the time before`;
      return [
        caption(
          `${plain(name, 60)}: ${counted(gaps.length, 'gap')}${moved} · ${named(by)}, ${day(Temporal.Instant.from(at))}`,
        ),
        list(gaps, { shown: 3 }),
      ];
    }),
    actions: weakest
      ? actions([act({ title: 'Assess again', verb: 'intake.assess', ids: { department: weakest.name } })])
      : undefined,
    foot: foot(now, 'assessments by the departments'),
    wide: true,
  });
}
